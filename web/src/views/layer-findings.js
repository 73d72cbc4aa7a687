// The findings of a layer in its card, asked for when they are looked at.

import {LitElement, css, html, nothing} from 'lit';
import {formatCount, messageOf} from '../format.js';
import {shared} from '../styles/shared.js';
import './findings.js';
import './icon.js';

/** @import {FileInfo, Finding} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/** <vs-layer-findings .file open> */
export class LayerFindings extends LitElement {
  static properties = {
    workspace: {attribute: false}, file: {attribute: false}, open: {type: Boolean},
    findings: {state: true}, error: {state: true},
  };

  static styles = [shared, css`
    summary { display: flex; gap: 6px; align-items: center; cursor: pointer; font-size: 12px; }
    summary::before { content: '▸'; color: var(--muted); }
    [open] summary::before { content: '▾'; }
    vs-findings { margin-block-start: 6px; }
  `];

  /** @type {AbortController | null} */
  #asking = null;
  #asked = 0;

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {FileInfo} */
    this.file = /** @type {any} */ (undefined);
    this.open = false;
    /** @type {Finding[] | null} */
    this.findings = null;
    this.error = '';
  }

  render() {
    const {errors, warnings, notes} = this.file.findings;
    const parts = [
      errors > 0 ? formatCount(errors, 'error') : '',
      warnings > 0 ? formatCount(warnings, 'warning') : '',
      notes > 0 ? formatCount(notes, 'note') : '',
    ].filter(Boolean);
    const icon = errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'info';
    const tone = errors > 0 ? 'bad' : warnings > 0 ? 'warning' : 'muted';
    return html`<details ?open=${this.open} @toggle=${this.#toggled}>
      <summary class=${tone}><vs-icon name=${icon}></vs-icon>Findings: ${parts.join(', ')}</summary>
      ${this.error ? html`<p class="bad">${this.error}</p>` : nothing}
      ${this.findings ? html`<vs-findings .workspace=${this.workspace} .file=${this.file.key} .findings=${this.findings}></vs-findings>` : nothing}
    </details>`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  /** @param {Event} event */
  async #toggled(event) {
    this.open = /** @type {HTMLDetailsElement} */ (event.target).open;
    if (!this.open || this.#asked === this.file.key) return;
    const asking = new AbortController();
    this.#asking?.abort();
    this.#asking = asking;
    this.#asked = this.file.key;
    try {
      const details = await this.workspace.engine.request('details', {file: this.file.key}, {signal: asking.signal});
      this.findings = details.findings;
      this.error = '';
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#asked = 0;
      this.error = messageOf(error);
    }
  }
}

customElements.define('vs-layer-findings', LayerFindings);
