// The Changes tab: which files a layer added, removed, renamed or changed, on
// top of what is below it; as a tree or a list, and to take along.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {chosenDisk} from '../engine/store.js';
import {baseName, formatCount, formatNumber, formatShare, formatSize} from '../format.js';
import {download} from '../jobs/place.js';
import {chipStyles} from '../styles/chips.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import '../views/icon.js';
import '../views/layer-picker.js';
import {keyOf, uncompared} from './comparisons.js';
import {asJson, asText, filtered, kinds, sectorsOf, signs, tally} from './report.js';
import './change-list.js';
import './change-tree.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Comparison} from './comparisons.js' */
/** @import {Report, VolumeChanges} from './report.js' */

/** How many sectors of a structure are led to. */
const mostSectors = 5;

/** <vs-changes-view> */
export class ChangesView extends View {
  static properties = {kind: {state: true}, text: {state: true}, asTree: {state: true}};

  static styles = [shared, formStyles, chipStyles, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; }
    .bar { padding: 8px 12px; border-block-end: 1px solid var(--line); }
    .scroll { overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; padding: 16px; max-inline-size: 1080px; }
    h2 { font-size: 18px; line-height: 1.3; overflow-wrap: anywhere; }
    h3 { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; font-size: 14px; }
    h4 { font-size: 13px; }
    section, .outside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
    section + section { padding-block-start: 14px; border-block-start: 1px solid var(--line); }
    .run, .end { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
    .progress { display: grid; gap: 3px; flex: 1 1 200px; max-inline-size: 400px; font-size: 12px; font-variant-numeric: tabular-nums; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
    .filters { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: center; }
    fieldset { display: flex; flex-wrap: wrap; gap: 4px; }
    legend { float: inline-start; padding-inline-end: 6px; align-self: center; }
    input[type='search'] {
      min-block-size: 30px; inline-size: min(260px, 100%); padding: 4px 8px;
      border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: inherit; font: inherit;
    }
    table { border-collapse: collapse; inline-size: 100%; max-inline-size: 640px; }
    th, td { padding: 3px 12px 3px 0; text-align: start; vertical-align: baseline; font-weight: 400; overflow-wrap: anywhere; }
    thead th { color: var(--muted); font-size: 12px; }
    .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
    @container (max-width: 520px) { .page { padding: 12px; } }
  `];

  constructor() {
    super();
    this.kind = '';
    this.text = '';
    this.asTree = true;
  }

  render() {
    const {state, workspace} = this;
    const disk = chosenDisk(state);
    if (!disk) return nothing;
    return html`
      <div class="bar"><vs-layer-picker label="Layer whose changes are shown" .layers=${disk.layers} .value=${state.layer}
        @vs-pick=${(/** @type {CustomEvent<number>} */ {detail}) => workspace.looking.selectLayer(disk.id, detail)}></vs-layer-picker></div>
      <div class="scroll" tabindex="-1"><div class="page">${this.#renderPage(disk, state.layer)}</div></div>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} layer
   */
  #renderPage(disk, layer) {
    const why = whyNot(disk, layer);
    if (why) return html`<p class="said" data-testid="no-changes"><vs-icon class="muted" name="info"></vs-icon><span>${why}</span></p>`;
    const known = this.state.comparisons.get(keyOf(disk, layer)) ?? uncompared;
    const {report, error} = known;
    const [name, below] = [disk.layers[layer], disk.layers[layer + 1]].map((one) => baseName(one?.name ?? ''));
    return html`
      <h2>What <bdi>${name}</bdi> changed</h2>
      ${report ? html`<p data-testid="changes-tally"><strong>${tally(report)}</strong> on top of <bdi>${below}</bdi>.</p>`
        : html`<p class="muted">Compares the files of this disk with and without this layer, as they are on top of <bdi>${below}</bdi>. Only what the layer touches is read.</p>`}
      ${error ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>The comparison did not come to its end: ${error}</span></p>` : nothing}
      ${this.#renderRun(disk, layer, known)}
      ${report ? this.#renderReport(disk, report) : nothing}`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} layer
   * @param {Comparison} known
   */
  #renderRun(disk, layer, {running, doing, done, total, report}) {
    const {comparisons} = this.workspace;
    // One button all along, so that it keeps the focus.
    return html`<div class="run">
      <vscode-button ?secondary=${running || report !== null} data-testid=${running ? 'cancel-compare' : 'compare'}
        @click=${() => (running ? comparisons.cancel(disk, layer) : void comparisons.start(disk, layer))}>${running ? 'Cancel' : report ? 'Compare again' : 'Compare'}</vscode-button>
      ${running ? html`<div class="progress">
        <vscode-progress-bar .value=${done} .max=${Math.max(total, 1)} .indeterminate=${total === 0} aria-label="Comparison"></vscode-progress-bar>
        <span class="muted">${doing} ${total === 0 ? '' : formatShare(done, total)}</span></div>` : nothing}</div>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {Report} report
   */
  #renderReport(disk, report) {
    const files = report.volumes.flatMap((volume) => volume.files);
    const count = (/** @type {string} */ kind) => files.filter(({change}) => kind === '' || change === kind).length;
    return html`
      ${files.length === 0 ? nothing : html`<div class="filters">
        <fieldset><legend>Show</legend>${this.#renderChip('', 'All', count(''))}
          ${kinds.filter((kind) => count(kind) > 0).map((kind) => this.#renderChip(kind, html`<vs-icon class=${signs[kind].tone} name=${signs[kind].icon}></vs-icon>${signs[kind].word}`, count(kind)))}</fieldset>
        <input type="search" placeholder="Part of a name or path" aria-label="Show changes of names with" data-testid="changes-filter" .value=${this.text}
          @input=${(/** @type {Event & {target: HTMLInputElement}} */ {target}) => { this.text = target.value; }}>
        <label class="choice"><input type="checkbox" data-testid="changes-tree" .checked=${this.asTree} @change=${() => { this.asTree = !this.asTree; }}>As a tree</label>
      </div>`}
      ${report.volumes.map((volume) => this.#renderVolume(disk, volume))}
      <p class="end"><button type="button" class="link" data-testid="changes-text" @click=${() => this.#save(asText(report), 'text/plain', report, 'txt')}>Save as text</button>
        <button type="button" class="link" data-testid="changes-json" @click=${() => this.#save(asJson(report), 'application/json', report, 'json')}>Save as JSON</button>
        <span class="muted">All changes, whatever is shown.</span></p>`;
  }

  /**
   * @param {string} kind
   * @param {unknown} label
   * @param {number} count
   */
  #renderChip(kind, label, count) {
    return html`<label class="chip"><input type="radio" name="kind" .checked=${this.kind === kind} @change=${() => { this.kind = kind; }}>${label}
      <span class="count">${formatNumber(count)}</span></label>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {VolumeChanges} volume
   */
  #renderVolume(disk, volume) {
    const {title, files, elsewhere, notes, problem} = volume;
    const shown = filtered(files, {kind: this.kind, text: this.text});
    const at = {disk: disk.id, start: volume.start};
    return html`<section data-testid="changed-volume" aria-label=${title}>
      <h3><bdi>${title}</bdi><span class="muted">${files.length === 0 ? 'no file changed' : shown.length === files.length ? formatCount(files.length, 'change')
        : `${formatNumber(shown.length)} of ${formatCount(files.length, 'change')}`}</span></h3>
      ${problem ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>It could not be compared: ${problem}</span></p>` : nothing}
      ${notes.map((note) => html`<p class="said"><vs-icon class="muted" name="info"></vs-icon><span>${note}</span></p>`)}
      ${shown.length === 0 ? nothing : this.asTree ? html`<vs-change-tree .workspace=${this.workspace} .at=${at} .changes=${shown}></vs-change-tree>`
        : html`<vs-change-list .workspace=${this.workspace} .at=${at} .changes=${shown} paths></vs-change-list>`}
      ${elsewhere.length === 0 ? nothing : html`<div class="outside">
        <h4>Changed outside of files</h4>
        <table><thead><tr><th scope="col">What lies there</th><th scope="col" class="number">Changed</th><th scope="col">Where</th></tr></thead>
          <tbody>${elsewhere.map(({name, bytes, runs}) => html`<tr data-testid="elsewhere"><td>${name}</td><td class="number">${formatSize(bytes)}</td>
            <td>${sectorsOf(runs).slice(0, mostSectors).map((run, i) => html`${i > 0 ? ', ' : 'sector '}<button type="button" class="link"
              @click=${() => this.workspace.looking.showSectors(disk.id, run.offset, run.length)}>${formatNumber(Math.floor(run.offset / 512))}</button>`)}${sectorsOf(runs).length > mostSectors ? ', …' : nothing}</td></tr>`)}</tbody></table>
      </div>`}
    </section>`;
  }

  /**
   * @param {string} text
   * @param {string} type
   * @param {Report} report
   * @param {string} extension
   */
  #save(text, type, report, extension) {
    download(new Blob([text], {type}), `${baseName(report.name)} - changes.${extension}`);
  }
}

/**
 * @param {DiskInfo} disk
 * @param {number} layer
 * @returns {string} why there is nothing to compare, '' where there is
 */
function whyNot(disk, layer) {
  if (disk.layers[layer]?.edit) return 'These are your edits, which are shown in the Sectors tab. Save them as a file and open it to see which files they change.';
  if (disk.layers[layer]?.file === 0) return 'This layer’s file is missing, so what it changed cannot be told.';
  const below = disk.layers[layer + 1];
  if (!below) {
    return disk.layers.length === 1 ? 'This disk is one file: there is nothing below it to compare with. Open a differencing image with its parents to see what it changed.'
      : 'This is the base of the chain: there is nothing below it. Choose a layer above it to see what that one changed.';
  }
  if (!disk.complete) return 'The chain is incomplete: without the files that are missing, what was there before cannot be told. Add them first.';
  return '';
}

customElements.define('vs-changes-view', ChangesView);
