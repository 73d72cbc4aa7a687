// Where a file's bytes lie: its runs on the disk, with the layers that supply
// them. Choosing one shows its sectors.

import {css, html, nothing} from 'lit';
import {chosenDisk} from '../engine/store.js';
import {formatCount, formatNumber, formatOffset, formatSize, messageOf} from '../format.js';
import {layerStyles, placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {renderLayers} from './file-row.js';

/** @import {FileExtent, FileMap} from '../engine/volumes-protocol.js' */
/** @import {Browsing} from './browsing.js' */

/** How many more runs are drawn at a time. */
const page = 50;

/** <vs-file-extents .browsing .path layered> */
export class FileExtents extends View {
  static properties = {
    browsing: {attribute: false}, path: {attribute: false}, layered: {type: Boolean}, map: {state: true}, error: {state: true}, shown: {state: true},
  };

  static styles = [shared, layerStyles, css`
    :host { display: block; }
    h3 { margin-block-end: 4px; }
    .frame { border: 1px solid var(--line); border-radius: 6px; overflow: auto; background: var(--surface); }
    table { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 3px 8px; text-align: start; white-space: nowrap; }
    thead th { background: var(--sunken); font-weight: 500; font-size: 12px; }
    tbody tr { border-block-start: 1px solid var(--line); }
    .number { text-align: end; }
    .supply { display: flex; gap: 3px; align-items: center; }
    .badge { block-size: 16px; min-inline-size: 16px; font-size: 10px; }
    .end { margin-block-start: 6px; }
  `];

  #asking = new AbortController();
  /** Bytes of each layer, a run each. @type {Map<FileExtent, {bytes: number[], zeros: number}>} */
  #supply = new Map();

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    this.path = '';
    this.layered = false;
    /** @type {FileMap | null} */
    this.map = null;
    this.error = '';
    this.shown = page;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('path') && !changed.has('browsing')) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#supply.clear();
    this.map = null;
    this.error = '';
    this.shown = page;
    void this.#ask(this.#asking.signal);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    try {
      const map = await this.browsing.volume.map(this.path, {signal});
      if (signal.aborted) return;
      this.map = map;
      await this.#askLayers(signal);
    } catch (error) {
      if (!signal.aborted) this.error = messageOf(error);
    }
  }

  /**
   * Asks which layers supply the runs that are drawn.
   *
   * @param {AbortSignal} signal
   */
  async #askLayers(signal) {
    const disk = chosenDisk(this.state);
    if (!this.layered || !disk) return;
    const missing = (this.map?.extents ?? []).slice(0, this.shown).filter((run) => run.start >= 0 && !this.#supply.has(run));
    for (const run of missing) {
      const {extents} = await this.workspace.engine.request('extents', {disk: disk.id, offset: run.start, length: run.stored || run.length}, {signal});
      if (signal.aborted) return;
      const supply = {bytes: disk.layers.map(() => 0), zeros: 0};
      for (const {layer, length} of extents) {
        const place = placeOf(disk.layers, layer);
        if (place < 0) supply.zeros += length;
        else supply.bytes[place] = (supply.bytes[place] ?? 0) + length;
      }
      this.#supply.set(run, supply);
      this.requestUpdate();
    }
  }

  render() {
    const {map, error, shown} = this;
    if (error) return html`<h3>Where it lies</h3><p class="bad" role="alert">${error}</p>`;
    if (!map) return html`<h3>Where it lies</h3><p class="muted">Looking…</p>`;
    const {extents, more} = map;
    if (extents.length === 0) return html`<h3>Where it lies</h3><p class="muted">It has no bytes.</p>`;
    return html`<h3>Where it lies <span class="muted">${formatCount(extents.length, 'run')}${more ? ' and more' : ''}</span></h3>
      <div class="frame" tabindex="0" role="region" aria-label="Runs of the file"><table data-testid="extents">
        <thead><tr><th scope="col" class="number">In the file</th><th scope="col" class="number">Length</th><th scope="col" class="number">On the disk</th>${this.layered ? html`<th scope="col">Layers</th>` : nothing}</tr></thead>
        <tbody>${extents.slice(0, shown).map((run) => this.#renderRun(run))}</tbody></table></div>
      ${extents.length > shown ? html`<p class="end"><button type="button" class="link" @click=${this.#showMore}>Show more of ${formatNumber(extents.length)}</button></p>` : nothing}`;
  }

  /** @param {FileExtent} run */
  #renderRun(run) {
    const {offset, length, start, stored} = run;
    const supply = this.#supply.get(run);
    return html`<tr data-testid="extent"><td class="number mono" title="${formatNumber(offset)}">${formatOffset(offset)}</td>
      <td class="number" title="${formatNumber(length)} bytes">${formatSize(length)}${stored > 0 ? html` <span class="muted" title="As it is stored">in ${formatSize(stored)}</span>` : nothing}</td>
      <td class="number">${start < 0 ? html`<span class="muted">zeros, not stored</span>` : html`<button type="button" class="link mono" title="Show these sectors; byte ${formatNumber(start)}"
        @click=${() => this.workspace.looking.showSectors(this.browsing.volume.disk, start, stored || length)}>${formatOffset(start)}</button>`}</td>
      ${this.layered ? html`<td>${supply ? renderLayers({path: '', problem: '', ...supply}) : nothing}</td>` : nothing}</tr>`;
  }

  #showMore() {
    this.shown += page;
    this.#askLayers(this.#asking.signal).catch(() => {});
  }
}

customElements.define('vs-file-extents', FileExtents);
