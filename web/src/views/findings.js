// What is wrong with a file but survivable, one row a finding.

import {LitElement, css, html, nothing} from 'lit';
import {chosenDisk, filesOf} from '../engine/store.js';
import {baseName, formatOffset} from '../format.js';
import {layerClass, layerLabel, layerStyles, layerTitle, placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';
import {severitySign} from '../words.js';
import './icon.js';

/** @import {CheckFinding, CheckedLayer} from '../engine/jobs-protocol.js' */
/** @import {Finding} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/** <vs-findings .findings .file>: of one file, or, with .layers instead, of the files of a report. */
export class Findings extends LitElement {
  static properties = {workspace: {attribute: false}, findings: {attribute: false}, file: {attribute: false}, layers: {attribute: false}};

  static styles = [shared, layerStyles, css`
    ul { display: grid; gap: 6px; }
    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 2px 8px;
      padding: 8px 10px;
      border: 1px solid var(--line);
      border-radius: 6px;
      background: var(--surface);
      overflow-wrap: anywhere;
    }
    .bad, .warning, .muted { grid-row: 1; }
    .body { display: grid; gap: 2px; }
    .facts { display: flex; flex-wrap: wrap; gap: 0 14px; color: var(--muted); font-size: 12px; }
    .facts code { color: var(--text); }
    .layer { display: inline-flex; gap: 5px; align-items: center; }
    .badge { block-size: 16px; min-inline-size: 16px; font-size: 10px; }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {(Finding | CheckFinding)[]} */
    this.findings = [];
    /** Its key; 0 where it is not open, so that its bytes cannot be shown. */
    this.file = 0;
    /** @type {CheckedLayer[]} */
    this.layers = [];
  }

  render() {
    const shown = filesOf(chosenDisk(this.workspace.store.state));
    return html`<ul>${this.findings.map((finding) => {
      const sign = severitySign(finding.severity);
      const file = 'file' in finding && this.layers.length > 0 ? finding.file : this.file;
      return html`<li data-testid="finding" data-rule=${finding.rule} data-severity=${finding.severity}>
        <vs-icon class=${sign.tone} name=${sign.icon}></vs-icon>
        <div class="body">
          <p><strong class=${sign.tone}>${sign.word}:</strong> ${finding.message}</p>
          <p class="facts">
            ${'layer' in finding ? this.#renderLayer(finding) : nothing}
            ${finding.got ? html`<span>found <code>${finding.got}</code></span>` : nothing}
            ${finding.want ? html`<span>expected <code>${finding.want}</code></span>` : nothing}
            ${finding.offset >= 0 ? html`<span>at ${this.#renderPlace(finding, file, shown.includes(file))}</span>` : nothing}
            <span>rule <code>${finding.rule}</code></span>
          </p>
        </div></li>`;
    })}</ul>`;
  }

  /**
   * @param {Finding} finding
   * @param {number} file
   * @param {boolean} reachable
   */
  #renderPlace({offset, length}, file, reachable) {
    if (!reachable) return html`<code>${formatOffset(offset)}</code>`;
    return html`<button type="button" class="link mono" title="Show these bytes in the file"
      @click=${() => this.workspace.looking.showBytes(file, offset, Math.max(length, 1))}>${formatOffset(offset)}</button>`;
  }

  /** @param {CheckFinding} finding */
  #renderLayer({layer}) {
    const checked = this.layers[layer];
    if (!checked || this.layers.length < 2) return nothing;
    const place = placeOf(this.layers, layer);
    return html`<span class="layer"><span class="badge ${layerClass(place)}" aria-label=${layerTitle(place)}>${layerLabel(place)}</span>
      <bdi>${baseName(checked.name)}</bdi></span>`;
  }
}

customElements.define('vs-findings', Findings);
