// SHA-256 of files, and of all files below folders: taken while the dialog is
// open, to copy and to take along as sha256sum writes it.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {formatCount, formatShare, formatSize, legible, messageOf} from '../format.js';
import {download} from '../jobs/place.js';
import {dialogStyles} from '../styles/dialog.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {asSums} from './sums.js';
import '../views/icon.js';

/** @import {Volume} from '../engine/volume.js' */
/** @import {FileHash} from '../engine/volumes-protocol.js' */

/** How many more are drawn at a time. */
const page = 200;

/** <vs-hash-dialog> */
export class HashDialog extends View {
  static properties = {files: {state: true}, done: {state: true}, total: {state: true}, error: {state: true}, shown: {state: true}, copied: {state: true}};

  static styles = [shared, dialogStyles, formStyles, css`
    dialog { inline-size: min(760px, calc(100vw - 24px)); }
    .progress { display: grid; gap: 3px; font-size: 12px; font-variant-numeric: tabular-nums; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
    ul { max-block-size: 46dvh; overflow: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
    li { display: grid; gap: 1px; padding: 6px 10px; overflow-wrap: anywhere; }
    li + li { border-block-start: 1px solid var(--line); }
    li > span { display: flex; flex-wrap: wrap; gap: 0 12px; }
    li bdi { flex: 1 1 14em; }
    code { user-select: all; }
  `];

  #running = new AbortController();

  constructor() {
    super();
    /** @type {FileHash[] | null} */
    this.files = null;
    this.done = 0;
    this.total = 0;
    this.error = '';
    this.shown = page;
    this.copied = false;
  }

  /**
   * @param {Volume} volume
   * @param {string[]} paths
   */
  async open(volume, paths) {
    this.#running.abort();
    const running = new AbortController();
    this.#running = running;
    Object.assign(this, {files: null, done: 0, total: 0, error: '', shown: page, copied: false});
    await this.updateComplete;
    if (!this.#dialog().open) this.#dialog().showModal();
    try {
      const files = await volume.hash(paths, {signal: running.signal, onProgress: (done, total) => {
        if (!running.signal.aborted) Object.assign(this, {done, total});
      }});
      if (!running.signal.aborted) this.files = files;
    } catch (error) {
      if (!running.signal.aborted) this.error = messageOf(error);
    }
  }

  render() {
    const {files, error} = this;
    const failed = files?.filter(({problem}) => problem).length ?? 0;
    return html`<dialog aria-labelledby="title" @close=${() => this.#running.abort()}>
      <header role="none"><h2 id="title">SHA-256</h2><button type="button" class="close" aria-label="Close" @click=${this.#close}><vs-icon name="close"></vs-icon></button></header>
      ${error ? html`<p class="said bad" role="alert"><vs-icon name="error"></vs-icon><span>${error}</span></p>` : files ? this.#renderFiles(files) : this.#renderProgress()}
      ${failed > 0 ? html`<p class="said bad"><vs-icon name="error"></vs-icon><span>${formatCount(failed, 'file')} could not be read to the end.</span></p>` : nothing}
      <div class="ways"><span class="said muted" role="status">${this.copied ? 'Copied.' : files ? `${formatCount(files.length, 'file')}.` : ''}</span>
        ${files && files.length > 0 ? html`<vscode-button secondary data-testid="hash-save" @click=${this.#save}>Save as text</vscode-button>
          <vscode-button secondary data-testid="hash-copy" @click=${this.#copy}>Copy</vscode-button>` : nothing}
        <vscode-button @click=${this.#close}>${files || error ? 'Close' : 'Cancel'}</vscode-button></div>
    </dialog>`;
  }

  #renderProgress() {
    const {done, total} = this;
    return html`<div class="progress"><vscode-progress-bar .value=${done} .max=${Math.max(total, 1)} .indeterminate=${total === 0} aria-label="SHA-256"></vscode-progress-bar>
      <span class="muted">${total === 0 ? 'Reading…' : `${formatSize(done)} of ${formatSize(total)}, ${formatShare(done, total)}`}</span></div>`;
  }

  /** @param {FileHash[]} files */
  #renderFiles(files) {
    if (files.length === 0) return html`<p class="muted">There are no files in it.</p>`;
    return html`<ul tabindex="0" aria-label="Sums">${files.slice(0, this.shown).map(({path, size, sha256, problem}) => html`<li data-testid="sum" data-path=${path}>
        <span><bdi>${legible(path)}</bdi><span class="muted">${formatSize(size)}</span></span>
        ${problem ? html`<span class="bad">${problem}</span>` : html`<code>${sha256}</code>`}</li>`)}</ul>
      ${files.length > this.shown ? html`<p><button type="button" class="link" @click=${() => { this.shown += page; }}>Show more of ${formatCount(files.length, 'file')}</button></p>` : nothing}`;
  }

  async #copy() {
    const [only, ...others] = this.files ?? [];
    // Of one file, the sum alone is what one pastes.
    const text = only && others.length === 0 ? only.sha256 : asSums(this.files ?? []);
    try {
      await navigator.clipboard.writeText(text);
      this.copied = true;
    } catch {
      this.error = 'The browser does not let the page copy. Save it as text.';
    }
  }

  #save() {
    download(new Blob([asSums(this.files ?? [])], {type: 'text/plain'}), 'SHA256SUMS.txt');
  }

  #close() {
    this.#dialog().close();
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

customElements.define('vs-hash-dialog', HashDialog);
