// All that the file system tells of an entry, and where its bytes lie.

import {css, html, nothing} from 'lit';
import {baseName, formatCount, formatNumber, formatShare, formatSize, legible} from '../format.js';
import {chosenDisk} from '../engine/store.js';
import {layerClass, layerLabel, layerStyles, layerTitle} from '../layers.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {kindWord} from './kinds.js';
import {saveFiles} from './saving.js';
import {formatExactTime, timeOf, zoneWord} from './times.js';
import '../views/icon.js';
import './file-extents.js';

/** @import {FileDetails, LayersOf} from '../engine/volumes-protocol.js' */
/** @import {Browsing} from './browsing.js' */

/** <vs-file-properties .browsing .details layered>; event 'vs-stream' (detail: the name of a stream to show). */
export class FileProperties extends View {
  static properties = {browsing: {attribute: false}, details: {attribute: false}, layered: {type: Boolean}, layers: {state: true}};

  static styles = [shared, layerStyles, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; padding: 12px; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 14px; align-items: baseline; }
    dt { color: var(--muted); }
    dd { overflow-wrap: anywhere; }
    .said { display: flex; gap: 6px; }
    .said vs-icon { vertical-align: 0; translate: 0 2px; }
    .supply { display: grid; gap: 3px; }
    .supply li { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: center; }
    .supply .badge { block-size: 18px; min-inline-size: 18px; }
    h3 { margin-block-end: 4px; }
    .stream { display: flex; flex-wrap: wrap; gap: 2px 12px; }
  `];

  #asking = new AbortController();

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    /** @type {FileDetails} */
    this.details = /** @type {any} */ (undefined);
    this.layered = false;
    /** @type {LayersOf | null} */
    this.layers = null;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('details')) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    this.layers = null;
    if (this.layered && this.details.kind === 'file') void this.#ask(this.#asking.signal);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking.abort();
  }

  /** @param {AbortSignal} signal */
  async #ask(signal) {
    try {
      const [layers] = await this.browsing.volume.layers([this.details.path], {signal});
      if (!signal.aborted && layers) this.layers = layers;
    } catch {
      // Where its bytes lie is told below, or why it cannot be.
    }
  }

  render() {
    const {details, layers} = this;
    const {kind, deleted, size, allocated, links, attributes, target, id, short, problem, path, local} = details;
    const times = /** @type {const} */ ([['Modified', details.modified], ['Created', details.created], ['Data changed', details.changed], ['Accessed', details.accessed]])
      .map(([term, time]) => ({term, time: formatExactTime(timeOf(time))})).filter(({time}) => time !== '');
    return html`
      ${problem ? html`<p class="said bad" role="alert" data-testid="file-problem"><vs-icon name="error"></vs-icon><span>${problem}</span></p>` : nothing}
      <dl data-testid="properties">
        <dt>Kind</dt><dd>${kindWord(kind, deleted)}</dd>
        <dt>Path</dt><dd><bdi>${legible(path)}</bdi></dd>
        ${target ? html`<dt>Leads to</dt><dd><bdi>${legible(target)}</bdi></dd>` : nothing}
        ${kind === 'file' ? html`<dt>Size</dt><dd>${bytes(size)}</dd>` : nothing}
        ${allocated >= 0 && kind === 'file' ? html`<dt>Takes up</dt><dd>${bytes(allocated)}</dd>` : nothing}
        ${layers ? html`<dt>Layers</dt><dd>${this.#renderLayers(layers)}</dd>` : nothing}
        ${times.map(({term, time}) => html`<dt>${term}</dt><dd>${time}</dd>`)}
        ${times.length > 0 ? html`<dt>Times are</dt><dd>of ${local ? 'the disk’s own clock, in a zone that is not kept' : zoneWord(local)}</dd>` : nothing}
        ${attributes ? html`<dt>Attributes</dt><dd class="mono">${attributes}</dd>` : nothing}
        ${short ? html`<dt>Short name</dt><dd class="mono"><bdi>${short}</bdi></dd>` : nothing}
        ${links > 1 ? html`<dt>Names</dt><dd>${formatCount(links, 'name')} of the same file</dd>` : nothing}
        ${id && id !== '0' ? html`<dt>File number</dt><dd class="mono">${id}</dd>` : nothing}
      </dl>
      ${this.#renderStreams(details)}
      ${kind === 'file' ? html`<vs-file-extents .workspace=${this.workspace} .browsing=${this.browsing} .path=${path} ?layered=${this.layered}></vs-file-extents>` : nothing}`;
  }

  /** @param {LayersOf} layers */
  #renderLayers({bytes: supplied, zeros, problem}) {
    if (problem) return html`<span class="warning">${problem}</span>`;
    const names = chosenDisk(this.state)?.layers.filter(({edit}) => !edit).map(({name}) => baseName(name)) ?? [];
    const all = supplied.reduce((sum, count) => sum + count, zeros);
    if (all === 0) return html`<span class="muted">It has no bytes on the disk.</span>`;
    const lines = [...supplied.map((count, place) => ({count, place})), {count: zeros, place: -1}].filter(({count}) => count > 0);
    return html`<ul class="supply" data-testid="supply">${lines.map(({count, place}) => html`<li><span class="badge ${layerClass(place)}" aria-label=${place < 0 ? 'No layer' : layerTitle(place)}>${layerLabel(place)}</span>
      <span>${formatSize(count)} <span class="muted">${formatShare(count, all)}</span></span><bdi class="muted">${place < 0 ? 'zeros' : legible(names[place] ?? '')}</bdi></li>`)}</ul>`;
  }

  /** @param {FileDetails} details */
  #renderStreams({streams, path}) {
    if (streams.length === 0) return nothing;
    return html`<section><h3>Further streams</h3><ul>${streams.map(({name, size}) => html`<li class="stream" data-testid="stream"><bdi>${legible(name)}</bdi><span class="muted">${formatSize(size)}</span>
      <button type="button" class="link" aria-label="Show the stream ${name}" @click=${() => this.dispatchEvent(new CustomEvent('vs-stream', {detail: name}))}>Show</button>
      <button type="button" class="link" aria-label="Download the stream ${name}" @click=${() => void saveFiles(this.workspace.desk, this.browsing.volume, [`${path}:${name}`])}>Download</button></li>`)}</ul></section>`;
  }
}

/** @param {number} size */
function bytes(size) {
  return html`${formatSize(size)}${size < 1024 ? nothing : html`<span class="muted"> (${formatNumber(size)} bytes)</span>`}`;
}

customElements.define('vs-file-properties', FileProperties);
