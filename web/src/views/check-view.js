// The Check tab: what is wrong with a chain, or with one file, in all that is
// checked; narrowed down as one likes, and to take along as text or JSON.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {chosenDisk} from '../engine/store.js';
import {baseName, formatCount, formatNumber, formatShare} from '../format.js';
import {isStale, keyOf, unchecked} from '../jobs/checks.js';
import {download} from '../jobs/place.js';
import {asJson, asText, filtered, severities, tally} from '../jobs/report.js';
import {layerClass, layerLabel, layerStyles, placeOf} from '../layers.js';
import {chipStyles} from '../styles/chips.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {severitySign} from '../words.js';
import {View} from './view.js';
import './findings.js';
import './icon.js';

/** @import {CheckReport} from '../engine/jobs-protocol.js' */
/** @import {Check, Target} from '../jobs/checks.js' */
/** @import {IconName} from './icon.js' */

/** How many more findings are drawn at a time. */
const page = 100;

/** <vs-check-view .file>: of that file by itself; without it, of the chosen chain. */
export class CheckView extends View {
  static properties = {file: {attribute: false}, data: {state: true}, severity: {state: true}, layer: {state: true}, shown: {state: true}};

  static styles = [shared, layerStyles, formStyles, chipStyles, css`
    :host { display: block; overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; padding: 16px; max-inline-size: 880px; }
    h2 { font-size: 18px; line-height: 1.3; }
    .verdict { display: flex; gap: 6px; align-items: center; font-weight: 500; }
    vs-icon { vertical-align: 0; }
    .run { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
    .progress { display: grid; gap: 3px; flex: 1 1 200px; max-inline-size: 400px; font-size: 12px; font-variant-numeric: tabular-nums; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
    .filters { display: flex; flex-wrap: wrap; gap: 8px 20px; }
    fieldset { display: flex; flex-wrap: wrap; gap: 4px; }
    legend { float: inline-start; padding-inline-end: 6px; align-self: center; }
    .badge { block-size: 18px; min-inline-size: 18px; }
    .stale { padding: 8px 10px; border-radius: 6px; background: color-mix(in srgb, var(--warning) 12%, transparent); }
    .end { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; }
    @container (max-width: 520px) { .page { padding: 12px; } }
  `];

  #of = '';

  constructor() {
    super();
    this.file = 0;
    this.data = false;
    this.severity = '';
    this.layer = -1;
    this.shown = page;
  }

  willUpdate() {
    const key = keyOf(this.#target());
    if (key === this.#of) return;
    this.#of = key;
    this.#show('', -1);
  }

  render() {
    const target = this.#target();
    const check = this.state.checks.get(keyOf(target)) ?? unchecked;
    const {report, error} = check;
    const name = this.file === 0 ? chosenDisk(this.state)?.name ?? '' : this.workspace.nameOf(this.file);
    return html`<div class="page">
      ${this.file === 0 ? html`<h2>Check of <bdi>${baseName(name)}</bdi></h2>` : nothing}
      ${report ? this.#renderVerdict(report) : html`<p class="muted">Looks at every structure of ${this.file === 0
        ? 'every file of the chain and at how the files fit together' : 'the file'}: more than opening does. Nothing is changed.</p>`}
      ${report && isStale(report, this.file === 0 ? chosenDisk(this.state) : undefined) ? html`<p class="stale said" data-testid="stale"><vs-icon class="warning" name="warning"></vs-icon>
        <span>The chain is made of other files by now. Check again to have a report of these.</span></p>` : nothing}
      ${error ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>The check did not come to its end: ${error}</span></p>` : nothing}
      ${this.#renderRun(target, check)}
      ${report && report.findings.length > 0 ? this.#renderFindings(report) : nothing}
      ${report ? html`<p class="end"><button type="button" class="link" data-testid="report-text" @click=${() => this.#save(asText(report), 'text/plain', report, 'txt')}>Save as text</button>
        <button type="button" class="link" data-testid="report-json" @click=${() => this.#save(asJson(report), 'application/json', report, 'json')}>Save as JSON</button>
        <span class="muted">The whole report, whatever is shown.</span></p>` : nothing}
    </div>`;
  }

  /** @param {CheckReport} report */
  #renderVerdict({findings, layers, data}) {
    const worst = severities.find((severity) => findings.some((finding) => finding.severity === severity));
    const sign = worst ? severitySign(worst) : {icon: /** @type {IconName} */ ('pass-filled'), tone: 'good'};
    return html`<p class="verdict ${sign.tone}" data-testid="check-verdict"><vs-icon name=${sign.icon}></vs-icon>
      <span>${findings.length === 0 ? 'Healthy: nothing found' : tally(findings)} in ${formatCount(layers.length, 'file')}${data ? ', all data read' : ''}</span></p>`;
  }

  /**
   * @param {Target} target
   * @param {Check} check
   */
  #renderRun(target, {running, done, total, report}) {
    const {checks} = this.workspace;
    // One button all along, so that it keeps the focus.
    return html`<div class="run">
      <vscode-button ?secondary=${running || report !== null} data-testid=${running ? 'cancel-check' : 'run-check'}
        @click=${() => (running ? checks.cancel(target) : void checks.start(target, this.data))}>${running ? 'Cancel' : report ? 'Check again' : 'Check'}</vscode-button>
      ${running ? html`<div class="progress">
          <vscode-progress-bar .value=${done} .max=${Math.max(total, 1)} .indeterminate=${total === 0} aria-label="Check"></vscode-progress-bar>
          <span class="muted">${total === 0 ? 'Starting…' : `Checking, ${formatShare(done, total)}`}</span></div>`
        : html`<label class="choice"><input type="checkbox" data-testid="check-data" .checked=${this.data}
          @change=${(/** @type {Event} */ event) => { this.data = /** @type {HTMLInputElement} */ (event.target).checked; }}>
          <span>Read all data too, which takes longer</span></label>`}</div>`;
  }

  /** @param {CheckReport} report */
  #renderFindings(report) {
    const {severity, layer, shown} = this;
    const found = filtered(report.findings, {severity, layer});
    const count = (/** @type {string} */ of, /** @type {number} */ at) => filtered(report.findings, {severity: of, layer: at}).length;
    return html`<div class="filters">
        <fieldset><legend>Show</legend>
          ${this.#renderChip('severity', severity === '', () => this.#show('', layer), html`All`, count('', layer))}
          ${severities.filter((one) => count(one, -1) > 0).map((one) => this.#renderChip('severity', severity === one, () => this.#show(one, layer),
            html`<vs-icon class=${severitySign(one).tone} name=${severitySign(one).icon}></vs-icon>${severitySign(one).word}s`, count(one, layer)))}</fieldset>
        ${report.layers.length > 1 ? html`<fieldset><legend>Of</legend>
          ${this.#renderChip('layer', layer === -1, () => this.#show(severity, -1), html`All layers`, count(severity, -1))}
          ${report.layers.map(({name}, i) => (count('', i) === 0 ? nothing : this.#renderChip('layer', layer === i, () => this.#show(severity, i),
            html`<span class="badge ${layerClass(placeOf(report.layers, i))}">${layerLabel(placeOf(report.layers, i))}</span><bdi title=${name}>${baseName(name)}</bdi>`, count(severity, i))))}</fieldset>` : nothing}
      </div>
      ${found.length === 0 ? html`<p class="muted">No finding is of that kind.</p>`
        : html`<vs-findings .workspace=${this.workspace} .findings=${found.slice(0, shown)} .layers=${report.layers}></vs-findings>`}
      ${found.length > shown ? html`<p class="end"><vscode-button secondary data-testid="more-findings" @click=${() => { this.shown += page; }}>Show ${formatNumber(Math.min(page, found.length - shown))} more</vscode-button>
        <span class="muted">${formatNumber(shown)} of ${formatNumber(found.length)} are shown.</span></p>` : nothing}`;
  }

  /**
   * @param {string} group
   * @param {boolean} checked
   * @param {() => void} choose
   * @param {unknown} label
   * @param {number} count
   */
  #renderChip(group, checked, choose, label, count) {
    return html`<label class="chip"><input type="radio" name=${group} .checked=${checked} @change=${choose}>${label}
      <span class="count">${formatNumber(count)}</span></label>`;
  }

  /**
   * @param {string} severity
   * @param {number} layer
   */
  #show(severity, layer) {
    this.severity = severity;
    this.layer = layer;
    this.shown = page;
  }

  /**
   * @param {string} text
   * @param {string} type
   * @param {CheckReport} report
   * @param {string} extension
   */
  #save(text, type, report, extension) {
    download(new Blob([text], {type}), `${baseName(report.name)} - check.${extension}`);
  }

  /** @returns {Target} */
  #target() {
    return this.file === 0 ? {disk: this.state.disk, file: 0} : {disk: 0, file: this.file};
  }
}

customElements.define('vs-check-view', CheckView);
