// What is known of the file that is picked: its content, and its properties.

import {css, html, nothing} from 'lit';
import {chosenDisk} from '../engine/store.js';
import {formatCount, formatNumber, formatSize, legible, messageOf} from '../format.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {kindWord, tally} from './kinds.js';
import {uuidOf, volumeName} from './volume-words.js';
import '../preview/preview.js';
import '../views/icon.js';
import './file-properties.js';

/** @import {FileDetails} from '../engine/volumes-protocol.js' */
/** @import {Shown} from '../preview/preview.js' */
/** @import {Browsing} from './browsing.js' */

/** How long, in ms, a file stays picked before it is read. */
const rest = 120;

/** <vs-file-panel .browsing layered> */
export class FilePanel extends View {
  static properties = {
    browsing: {attribute: false}, layered: {type: Boolean},
    details: {state: true}, error: {state: true}, side: {state: true}, stream: {state: true},
  };

  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); block-size: 100%; min-block-size: 0; min-inline-size: 0; background: var(--page); container-type: inline-size; }
    header { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; padding: 6px 12px; border-block-end: 1px solid var(--line); }
    h2 { flex: 1 1 10em; min-inline-size: 0; overflow-wrap: anywhere; }
    .sides { display: flex; gap: 2px; padding: 0; margin: 0; border: 0; }
    .sides label { padding: 2px 8px; border-radius: 5px; color: var(--muted); cursor: pointer; }
    .sides label:hover { background: var(--hover); }
    .sides label:has(:checked) { background: var(--vscode-list-activeSelectionBackground); color: var(--text); font-weight: 600; }
    .sides label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 1px; }
    .sides input { position: absolute; opacity: 0; inline-size: 1px; block-size: 1px; }
    :host > :last-child { grid-row: 3; }
    .body { min-block-size: 0; min-inline-size: 0; overflow: auto; }
    .body:focus-visible { outline-offset: -2px; }
    .note { display: flex; gap: 6px; padding: 12px; }
    .guess { padding: 6px 12px; border-block-end: 1px solid var(--line); background: color-mix(in srgb, var(--warning) 10%, transparent); font-size: 12px; }
    .note vs-icon { vertical-align: 0; translate: 0 2px; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 14px; padding: 12px; }
    dt { color: var(--muted); }
    dd { overflow-wrap: anywhere; }
    @media (forced-colors: active) { .sides label:has(:checked) { outline: 2px solid Highlight; } }
  `];

  #path = '';
  /** @type {Browsing | null} */
  #of = null;
  #asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What the preview shows: it stays the same while the file does. @type {Shown | null} */
  #shown = null;

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    this.layered = false;
    /** @type {FileDetails | null} */
    this.details = null;
    this.error = '';
    /** @type {'content' | 'properties'} */
    this.side = 'content';
    /** A stream of the file that is shown in place of its content, '' for none. */
    this.stream = '';
  }

  firstUpdated() {
    this.show();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#path = '';
  }

  willUpdate() {
    if (this.#of !== this.browsing) this.show();
  }

  /** Turns to what is picked now. */
  show() {
    const {folder} = this.browsing;
    const [path = '', ...others] = folder?.picking.size === 1 ? folder.pickedPaths : [];
    const now = others.length === 0 ? path : '';
    this.requestUpdate();
    if (now === this.#path && this.#of === this.browsing) return;
    this.#of = this.browsing;
    this.#path = now;
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.stream = '';
    this.error = '';
    if (now === '') {
      this.details = null;
      this.#shown = null;
    } else {
      this.#timer = setTimeout(() => void this.#ask(now), rest);
    }
  }

  /** Goes to what is shown. */
  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.sides input:checked, .body'))?.focus();
  }

  /** @param {string} path */
  async #ask(path) {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const details = await this.browsing.volume.stat(path, {signal: asking.signal});
      if (asking.signal.aborted) return;
      this.details = details;
      this.#shown = null;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.details = null;
      this.error = messageOf(error);
    }
  }

  render() {
    const {details, error, browsing} = this;
    if (error) {
      return html`<header></header><div class="body"><p class="note bad" role="alert"><vs-icon name="error"></vs-icon><span>${error}</span></p></div>`;
    }
    if (!details || this.#path === '') return this.#renderFolder(browsing);
    const side = details.kind === 'file' ? this.side : 'properties';
    return html`<header><h2 data-testid="panel-name"><bdi>${legible(details.name)}${this.stream ? `:${this.stream}` : ''}</bdi></h2>
      ${details.kind === 'file' ? html`<fieldset class="sides"><legend class="visually-hidden">What to show of it</legend>
        ${this.#renderSide('content', 'Content')}${this.#renderSide('properties', 'Properties')}</fieldset>` : html`<span class="muted">${kindWord(details.kind, details.deleted)}</span>`}</header>
      ${details.deleted ? html`<p class="note guess" data-testid="guess"><vs-icon class="warning" name="trash"></vs-icon><span>${details.kind === 'file'
        ? 'Deleted: its content is a guess. It is read from where the file lay, which may hold bytes of other files by now.'
        : 'Deleted: what is told of it is a guess. Where it lay, other things may have been written by now.'}</span></p>` : nothing}
      ${side === 'content' ? html`<vs-preview .file=${this.#preview(details)}></vs-preview>`
        : html`<div class="body" tabindex="0" role="region" aria-label="Properties"><vs-file-properties .workspace=${this.workspace} .browsing=${browsing} .details=${details} ?layered=${this.layered}
          @vs-stream=${(/** @type {CustomEvent<string>} */ {detail}) => { this.stream = detail; this.#shown = null; this.side = 'content'; }}></vs-file-properties></div>`}`;
  }

  /**
   * @param {'content' | 'properties'} side
   * @param {string} word
   */
  #renderSide(side, word) {
    return html`<label><input type="radio" name="side" data-testid="side-${side}" .checked=${this.side === side} @change=${() => { this.side = side; }}>${word}</label>`;
  }

  /** @param {FileDetails} details */
  #preview({path, size, problem, streams}) {
    const disk = chosenDisk(this.state);
    if (!disk) return null;
    if (this.#shown) return this.#shown;
    const {volume} = this.browsing;
    const shown = this.stream ? `${path}:${this.stream}` : path;
    this.#shown = {
      looker: volume.looker(shown),
      path: shown,
      size: this.stream ? streams.find(({name}) => name === this.stream)?.size ?? 0 : size,
      // Volumes are of the disk without edits.
      disk: {...disk, layers: disk.layers.filter(({edit}) => !edit)},
      place: `${disk.id} ${volume.part.start} ${shown}`,
      problem,
    };
    return this.#shown;
  }

  /** @param {Browsing} browsing */
  #renderFolder({volume, folder, path}) {
    const {part, mounted} = volume;
    const several = folder && folder.picking.size > 1;
    const kinds = several ? folder.pickedRows.map((row) => folder.listing.kind(row)) : [];
    const bytes = several ? folder.pickedRows.reduce((sum, row) => sum + (folder.listing.kind(row) === 'file' ? folder.listing.size(row) : 0), 0) : 0;
    return html`<header><h2>${several ? formatCount(folder.picking.size, 'entry', 'entries') : html`<bdi>${volumeName(part)}</bdi>`}</h2></header>
      <div class="body" tabindex="0" role="region" aria-label="Properties">${several ? html`<dl>${pair('Picked', tally(kinds))}
          ${bytes > 0 ? pair('Size of the files', html`${formatSize(bytes)}<span class="muted"> (${formatNumber(bytes)} bytes)</span>`) : nothing}</dl>`
        : html`<dl>${pair('Folder', html`<bdi>${legible(path)}</bdi>`)}
          ${pair('File system', mounted.type || part.content)}
          ${mounted.label ? pair('Label', html`<bdi>${mounted.label}</bdi>`) : nothing}
          ${uuidOf(part) ? pair('Identity', html`<code>${mounted.uuid || uuidOf(part)}</code>`) : nothing}
          ${mounted.cluster > 0 ? pair('Unit of allocation', formatSize(mounted.cluster)) : nothing}
          ${pair('Size of the volume', formatSize(part.size))}</dl>
          <p class="note muted">Pick a file to see what is in it.</p>`}</div>`;
  }
}

/**
 * @param {string} term
 * @param {unknown} value
 */
function pair(term, value) {
  return html`<dt>${term}</dt><dd>${value}</dd>`;
}

customElements.define('vs-file-panel', FilePanel);
