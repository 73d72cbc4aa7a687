// A file's content to look at: as text, as a picture, or byte by byte with
// the layer that each sector comes from.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import {formatNumber, formatSize, messageOf} from '../format.js';
import {chipStyles} from '../styles/chips.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import '../views/icon.js';
import '../hex/hex-view.js';
import {begin, extend, imageLimit} from './content.js';
import {encodings} from './encoding.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Content, Looker} from './content.js' */
/** @import {Mode} from './kind.js' */

/**
 * The file that a preview shows.
 *
 * @typedef {object} Shown
 * @property {Looker} looker reads it
 * @property {string} path in its volume
 * @property {number} size bytes
 * @property {DiskInfo} disk that it lies on
 * @property {string} place names it among all files of all volumes
 * @property {string} problem why it cannot be read, where that is known; else ''
 */

/** The longest text that is laid out: browsers take seconds for more. */
const textLimit = 4 << 20;

/** @type {readonly {mode: Mode, word: string}[]} */
const modes = [{mode: 'text', word: 'Text'}, {mode: 'image', word: 'Picture'}, {mode: 'hex', word: 'Bytes'}];

/** <vs-preview .file> */
export class Preview extends LitElement {
  static properties = {
    file: {attribute: false},
    content: {state: true}, error: {state: true}, mode: {state: true}, encoding: {state: true}, wraps: {state: true}, loading: {state: true}, picture: {state: true},
  };

  static styles = [shared, formStyles, chipStyles, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; background: var(--surface); }
    .bar { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 6px 12px; border-block-end: 1px solid var(--line); }
    fieldset { display: flex; gap: 4px; }
    .bar select { inline-size: auto; max-inline-size: 100%; min-block-size: 26px; padding: 2px 6px; }
    .bar label:not(.chip) { display: inline-flex; gap: 6px; align-items: center; }
    .body { grid-row: 2; min-block-size: 0; min-inline-size: 0; overflow: auto; }
    .body:focus-visible { outline-offset: -2px; }
    pre { margin: 0; padding: 12px; font-family: var(--mono); font-size: 12px; line-height: 1.5; tab-size: 4; unicode-bidi: plaintext; }
    pre.wraps { white-space: pre-wrap; overflow-wrap: anywhere; }
    .picture { display: grid; place-items: center; min-block-size: 100%; padding: 12px; }
    img { max-inline-size: 100%; background: repeating-conic-gradient(var(--sunken) 0 25%, var(--surface) 0 50%) 0 / 16px 16px; }
    .note { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; align-content: start; padding: 12px; }
    .problem { display: grid; gap: 12px; justify-items: start; align-content: start; padding: 12px; }
    .problem p { display: flex; gap: 6px; }
    .problem vs-icon { vertical-align: 0; translate: 0 2px; }
    vs-hex-view { block-size: 100%; }
  `];

  #asking = new AbortController();
  /** The URL of the picture that is drawn. */
  #url = '';
  #shown = '';

  constructor() {
    super();
    /** @type {Shown | null} */
    this.file = null;
    /** @type {Content | null} */
    this.content = null;
    this.error = '';
    /** What the person chose, '' for nothing yet. @type {Mode | ''} */
    this.mode = '';
    this.encoding = '';
    this.wraps = true;
    this.loading = false;
    /** What the picture turned out to be, '' before. */
    this.picture = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#asking.abort();
    this.#shown = '';
    this.#dropPicture();
  }

  willUpdate() {
    const place = this.file?.place ?? '';
    if (place === this.#shown || !this.isConnected) return;
    this.#shown = place;
    this.mode = '';
    this.encoding = '';
    this.#begin();
  }

  updated() {
    const {content} = this;
    // A picture is drawn from all of its bytes.
    if (content && this.#mode(content) === 'image' && content.size <= imageLimit && content.bytes.length < content.size) void this.#extend(content.size);
  }

  render() {
    const {file, content, error} = this;
    if (!file) return nothing;
    if (file.problem || error) {
      return html`<div class="body problem" role="alert" data-testid="preview-problem"><p class="bad"><vs-icon name="error"></vs-icon><span>${file.problem || error}</span></p>
        ${file.problem ? nothing : html`<vscode-button secondary @click=${this.#begin}>Try again</vscode-button>`}</div>`;
    }
    if (!content) {
      return html`<p class="body note muted" role="status"><vscode-progress-ring></vscode-progress-ring>Reading…</p>`;
    }
    const mode = this.#mode(content);
    return html`
      <div class="bar">
        <fieldset><legend class="visually-hidden">Shown as</legend>${modes.map((one) => html`<label class="chip">
          <input type="radio" name="mode" data-testid="preview-as-${one.mode}" .checked=${one.mode === mode} ?disabled=${one.mode === 'image' && !content.image}
            @change=${() => { this.mode = one.mode; }}>${one.word}</label>`)}</fieldset>
        ${mode === 'text' ? this.#renderTextTools(content) : nothing}
        ${mode === 'image' ? html`<span class="muted">${this.picture}</span>` : nothing}
      </div>
      ${mode === 'text' ? this.#renderText(content) : mode === 'image' ? this.#renderPicture(content, file) : this.#renderBytes(file)}`;
  }

  /** @param {Content} content */
  #renderTextTools(content) {
    const chosen = this.#encoding(content);
    return html`<label><span class="visually-hidden">Encoding</span><select data-testid="preview-encoding"
        @change=${(/** @type {Event & {target: HTMLSelectElement}} */ {target}) => { this.encoding = target.value; }}>
        ${encodings.map(({label, name}) => html`<option value=${label} .selected=${label === chosen}>${name}${label === content.encoding ? ' (likely)' : ''}</option>`)}</select></label>
      <label><input type="checkbox" .checked=${this.wraps} @change=${() => { this.wraps = !this.wraps; }}>Wrap lines</label>`;
  }

  /** @param {Content} content */
  #renderText(content) {
    const {bytes, size} = content;
    if (size === 0) return html`<p class="body note muted" data-testid="preview-text">The file is empty.</p>`;
    const text = new TextDecoder(this.#encoding(content)).decode(bytes, {stream: bytes.length < size});
    return html`<div class="body" tabindex="0" role="region" aria-label="Text of the file">
      <pre class=${this.wraps ? 'wraps' : ''} data-testid="preview-text">${text}</pre>
      ${bytes.length < size ? html`<p class="note"><span class="muted">The first ${formatSize(bytes.length)} of ${formatSize(size)}.</span>
        ${bytes.length < textLimit ? html`<vscode-button secondary ?disabled=${this.loading} @click=${() => this.#extend(Math.min(textLimit, bytes.length * 4))}>Show more</vscode-button>`
    : html`<span class="muted">Download the file to read all of it, or look at its bytes.</span>`}</p>` : nothing}</div>`;
  }

  /**
   * @param {Content} content
   * @param {Shown} file
   */
  #renderPicture(content, file) {
    if (content.size > imageLimit) {
      return html`<p class="body note">A picture of ${formatSize(content.size)} is more than is drawn here. Download it to see it.</p>`;
    }
    if (content.bytes.length < content.size) {
      return html`<p class="body note muted" role="status"><vscode-progress-ring></vscode-progress-ring>Reading ${formatSize(content.size)}…</p>`;
    }
    this.#url ||= URL.createObjectURL(new Blob([/** @type {BlobPart} */ (content.bytes)], {type: content.image}));
    return html`<div class="body" tabindex="0" role="region" aria-label="Picture"><div class="picture"><img data-testid="preview-image" src=${this.#url} alt=${file.path}
      @load=${this.#drawn} @error=${() => { this.picture = 'This browser cannot draw it; it may be damaged.'; }}></div></div>`;
  }

  /** @param {Shown} file */
  #renderBytes({looker, size, path, disk, place}) {
    if (size === 0) return html`<p class="body note muted">The file is empty.</p>`;
    const source = {disk: disk.id, file: 0, size, name: path, layers: disk.layers, place, inside: true};
    return html`<vs-hex-view class="body" .engine=${looker} .source=${source}></vs-hex-view>`;
  }

  /** @param {Content} content */
  #mode(content) {
    return this.mode || content.mode;
  }

  /** @param {Content} content */
  #encoding(content) {
    return this.encoding || content.encoding || 'utf-8';
  }

  /** @param {Event & {target: HTMLImageElement}} event */
  #drawn({target: {naturalWidth, naturalHeight}}) {
    this.picture = `${formatNumber(naturalWidth)} × ${formatNumber(naturalHeight)} pixels`;
  }

  #dropPicture() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = '';
    this.picture = '';
  }

  #begin() {
    const {file} = this;
    this.#asking.abort();
    this.#asking = new AbortController();
    this.#dropPicture();
    this.content = null;
    this.error = '';
    this.loading = false;
    if (file && !file.problem) void this.#ask((signal) => begin(file.looker, file.size, signal));
  }

  /** @param {number} end */
  async #extend(end) {
    const {file, content} = this;
    if (this.loading || !file || !content) return;
    this.loading = true;
    await this.#ask((signal) => extend(file.looker, content, end, signal));
  }

  /** @param {(signal: AbortSignal) => Promise<Content>} read */
  async #ask(read) {
    const {signal} = this.#asking;
    try {
      const content = await read(signal);
      if (!signal.aborted) this.content = content;
    } catch (error) {
      if (!signal.aborted) this.error = messageOf(error);
    }
    if (!signal.aborted) this.loading = false;
  }
}

customElements.define('vs-preview', Preview);
