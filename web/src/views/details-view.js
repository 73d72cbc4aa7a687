// The Details tab: every structure of one layer's file, field by field, and
// what is wrong with it. The engine names the fields; this only draws them.

import {css, html, nothing} from 'lit';
import {chosenDisk, chosenLayer, fileOf} from '../engine/store.js';
import {formatCount, messageOf} from '../format.js';
import {networkFacts} from '../remote/network-tag.js';
import {isRemote} from '../remote/remote-file.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './batmap-check.js';
import './findings.js';
import './icon.js';
import './layer-picker.js';
import './structure-table.js';

/** @import {Details, FileInfo} from '../engine/protocol.js' */

/** <vs-details-view> */
export class DetailsView extends View {
  static properties = {details: {state: true}, error: {state: true}};

  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; }
    .bar { padding: 8px 12px; border-block-end: 1px solid var(--line); }
    .scroll { overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; padding: 16px; max-inline-size: 1080px; }
    h2 { display: flex; gap: 6px; align-items: center; font-size: 14px; margin-block-end: 8px; }
    .state { display: flex; gap: 8px; padding: 16px; }
    .facts { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 2px 14px; }
    .facts dt { color: var(--muted); }
    .facts dd { overflow-wrap: anywhere; }
  `];

  /** @type {AbortController | null} */
  #asking = null;
  /** @type {FileInfo | undefined} */
  #askedFor;

  constructor() {
    super();
    /** @type {Details | null} */
    this.details = null;
    this.error = '';
  }

  willUpdate() {
    const file = fileOf(this.state, chosenLayer(this.state)?.file ?? 0);
    if (file?.key === this.#askedFor?.key) return;
    this.#askedFor = file;
    this.#asking?.abort();
    this.details = null;
    this.error = '';
    if (file) void this.#ask(file);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking?.abort();
    this.#askedFor = undefined;
  }

  /** @param {FileInfo} file */
  async #ask(file) {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      this.details = await this.workspace.engine.request('details', {file: file.key}, {signal: asking.signal});
    } catch (error) {
      if (!asking.signal.aborted) this.error = messageOf(error);
    }
  }

  render() {
    const {state, workspace} = this;
    const disk = chosenDisk(state);
    if (!disk) return nothing;
    return html`
      <div class="bar"><vs-layer-picker label="Layer" .layers=${disk.layers} .value=${state.layer}
        @vs-pick=${(/** @type {CustomEvent<number>} */ {detail}) => workspace.looking.selectLayer(disk.id, detail)}></vs-layer-picker></div>
      <div class="scroll" tabindex="-1">${this.#renderBody()}</div>`;
  }

  #renderBody() {
    const file = fileOf(this.state, chosenLayer(this.state)?.file ?? 0);
    if (!file) {
      return html`<p class="state"><vs-icon class="bad" name="debug-disconnect"></vs-icon>
        <span>This layer’s file is missing, so there is nothing to show of it.</span></p>`;
    }
    if (this.error) return html`<p class="state bad" role="alert"><vs-icon name="error"></vs-icon><span>${this.error}</span></p>`;
    if (!this.details) return html`<p class="state muted">Reading the structures…</p>`;
    const {structures, findings, batmap} = this.details;
    return html`<div class="page">
      ${this.#renderNetwork(file.key)}
      <section aria-labelledby="findings">
        <h2 id="findings">${findings.length === 0
          ? html`<vs-icon class="good" name="pass-filled"></vs-icon>No findings`
          : formatCount(findings.length, 'finding')}</h2>
        ${findings.length === 0
          ? html`<p class="muted">The structures of this file obey every rule that is checked when it is opened.</p>`
          : html`<vs-findings .workspace=${this.workspace} .file=${file.key} .findings=${findings}></vs-findings>`}
      </section>
      ${batmap.state === 'none' || batmap.state === '' ? nothing
        : html`<vs-batmap-check .workspace=${this.workspace} .file=${file.key} .batmap=${batmap}></vs-batmap-check>`}
      ${structures.map((structure) => html`<vs-structure-table .workspace=${this.workspace} .file=${file.key} .structure=${structure}></vs-structure-table>`)}
      ${structures.length === 0 ? html`<p class="muted">This file has no structures: all of its bytes are the disk’s.</p>` : nothing}
    </div>`;
  }

  /** @param {number} key */
  #renderNetwork(key) {
    const given = this.workspace.opened.given(key);
    if (!isRemote(given)) return nothing;
    return html`<section aria-labelledby="network" data-testid="network-details">
      <h2 id="network"><vs-icon name="globe"></vs-icon>An image on a network</h2>
      <dl class="facts">${networkFacts(given).map(({term, value}) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
    </section>`;
  }
}

customElements.define('vs-details-view', DetailsView);
