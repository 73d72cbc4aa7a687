// The image library that the site is served with: choose images, and have
// their parents found; or find the parents of what is open already.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {dialogStyles} from '../styles/dialog.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {formatCount, formatNumber, messageOf} from '../format.js';
import {View} from '../views/view.js';
import '../views/icon.js';
import './image-list.js';
import {Listing} from './listing.js';
import {remoteStyles} from './remote-styles.js';
import {lackingChains, readFor, seekParents, tellSought} from './seeking.js';

/** @import {Workspace} from '../workspace.js' */
/** @import {ImageList} from './image-list.js' */
/** @import {Library, LibraryError, LibraryImage} from './library.js' */
/** @import {Sought, Standing} from './seeking.js' */

/** How long the person is to have stopped writing, in ms, before the server is asked. */
const pause = 350;

/** <vs-library-dialog> */
export class LibraryDialog extends View {
  static properties = {
    seeking: {state: true}, prefix: {state: true}, text: {state: true}, picked: {state: true}, refused: {state: true}, wrong: {state: true}, opening: {state: true},
  };

  static styles = [shared, dialogStyles, formStyles, remoteStyles, css`
    dialog { inline-size: min(820px, calc(100vw - 24px)); }
    dialog.tall[open] { block-size: min(640px, calc(100dvh - 48px)); grid-template-rows: auto auto minmax(0, 1fr) auto auto; }
    .filters { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px 14px; }
    .empty { display: grid; place-content: center; justify-items: center; gap: 8px; padding: 24px; border: 1px solid var(--line); border-radius: 7px; text-align: center; color: var(--muted); }
    .empty vs-icon { font-size: 28px; }
    .count { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; min-block-size: 20px; color: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
    .token { display: flex; gap: 8px; align-items: end; inline-size: min(100%, 24em); text-align: start; }
    .token .field { flex: 1; }
    progress { inline-size: 100%; block-size: 8px; accent-color: var(--accent); }
    .standing { font-variant-numeric: tabular-nums; }
    @media (max-width: 560px) { .filters { grid-template-columns: minmax(0, 1fr); gap: 6px; } }
  `];

  /** Made when the dialog is shown. @type {Listing} */
  #listing = /** @type {any} */ (undefined);
  /** Ends the search for parents. */
  #seeking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    super();
    /** How a search for parents stands; null while images are chosen. @type {Standing | null} */
    this.seeking = null;
    this.prefix = '';
    /** What is to be contained in the names that are shown. */
    this.text = '';
    /** Keys. @type {ReadonlySet<string>} */
    this.picked = new Set();
    /** Why the token cannot be sent. */
    this.refused = '';
    this.wrong = '';
    this.opening = false;
  }

  render() {
    return html`<dialog class=${this.seeking ? '' : 'tall'} aria-labelledby="title" @close=${this.#closed}>
      <header role="none"><vs-icon name="library"></vs-icon><h2 id="title">${this.seeking ? 'Looking for parents' : 'Image library'}</h2>
        <button type="button" class="close" aria-label="Close" @click=${() => this.#dialog().close()}><vs-icon name="close"></vs-icon></button></header>
      ${this.seeking ? this.#renderSeeking(this.seeking) : this.#renderChoosing()}
    </dialog>`;
  }

  #renderChoosing() {
    const {images, cursor, failed} = this.#listing;
    const shown = this.#shown();
    const count = this.picked.size;
    return html`
      <div class="filters">
        <label class="field"><span>Path begins with</span>
          <input type="text" data-testid="library-prefix" spellcheck="false" autocomplete="off" autocapitalize="off" list="folders" placeholder="folder/" .value=${this.prefix}
            @input=${this.#prefixWritten}><datalist id="folders">${this.#folders().map((folder) => html`<option value=${folder}></option>`)}</datalist></label>
        <label class="field"><span>Name or folder contains</span>
          <input type="text" data-testid="library-filter" spellcheck="false" autocomplete="off" autocapitalize="off" autofocus .value=${this.text}
            @input=${(/** @type {Event} */ event) => { this.text = valueOf(event); }} @keydown=${this.#filterKey}></label>
      </div>
      ${failed && images.length === 0 ? this.#renderFailed(failed) : this.#renderList(shown)}
      <div class="count"><span role="status" data-testid="library-count">${this.#tellCount(shown.length)}</span>
        ${failed && images.length > 0 ? html`<span class="bad" role="alert">${failed.message}</span>` : nothing}
        ${cursor ? html`<button type="button" class="link" data-testid="library-more" @click=${() => void this.#more()}>${failed ? 'Try again' : 'Load more'}</button>` : nothing}</div>
      <div class="ways"><span class="said ${this.wrong ? 'bad' : 'note'}" role=${this.wrong ? 'alert' : nothing}>${this.wrong || 'Images are read over the network. Missing parents are looked for in the library.'}</span>
        <vscode-button secondary @click=${() => this.#dialog().close()}>Cancel</vscode-button>
        <vscode-button data-testid="library-open" ?disabled=${count === 0 || this.opening} @click=${() => void this.#open()}>${count > 1 ? `Open ${formatCount(count, 'image')}` : 'Open'}</vscode-button></div>`;
  }

  /** @param {readonly LibraryImage[]} shown */
  #renderList(shown) {
    if (shown.length === 0 && !this.#listing.loading) {
      return html`<div class="empty"><vs-icon name="library"></vs-icon>
        <p>${this.#listing.images.length > 0 ? `${this.#listing.cursor ? 'None of the images listed so far' : 'No image'} has “${this.text}” in its name or folder.`
          : this.#listing.cursor ? 'None was listed so far.' : this.prefix ? `No image of the library begins with “${this.prefix}”.` : 'The image library is empty.'}</p></div>`;
    }
    const opened = new Set(this.workspace.remote.files.map(({file}) => file.url));
    return html`<vs-image-list .images=${shown} .picked=${this.picked} .opened=${opened}
      @vs-pick=${(/** @type {CustomEvent<string>} */ {detail}) => this.#pick(detail)} @vs-end=${() => void this.#listing.more()}
      @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') void this.#open(); }}></vs-image-list>`;
  }

  /** @param {LibraryError} failed */
  #renderFailed(failed) {
    if (failed.code !== 'unauthorized') {
      return html`<div class="empty" role="alert"><vs-icon class="bad" name="error"></vs-icon><p>${failed.message}</p>
        <vscode-button secondary data-testid="library-retry" @click=${() => void this.#list()}>Try again</vscode-button></div>`;
    }
    return html`<div class="empty"><vs-icon name="lock"></vs-icon><p role="alert">${failed.message}</p>
      <div class="token"><label class="field"><span>Access token</span>
        <input type="password" data-testid="library-token" autocomplete="off" spellcheck="false"
          @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') this.#takeToken(); }}></label>
        <vscode-button data-testid="library-use-token" @click=${() => this.#takeToken()}>Use it</vscode-button></div>
      ${this.refused ? html`<p class="bad" role="alert">${this.refused}</p>` : nothing}
      <p class="note">It is sent to this server only, in a header, and is kept until you close this page.</p></div>`;
  }

  /** @param {Standing} standing */
  #renderSeeking({listing, looked, total}) {
    return html`<p class="standing" role="status" data-testid="library-standing">${listing || total === 0 ? 'Reading the list of images…'
        : `Looked at ${formatNumber(looked)} of ${formatCount(total, 'image')}, ${readFor(looked)}.`}</p>
      <progress aria-label="Images looked at" max=${Math.max(total, 1)} value=${listing || total === 0 ? nothing : looked}></progress>
      <div class="ways"><span class="said note">The identity of each image is read, at most 1 KiB of it, until the chains are complete.</span>
        <vscode-button secondary data-testid="library-stop" autofocus @click=${() => this.#dialog().close()}>Stop</vscode-button></div>`;
  }

  /** @param {'choose' | 'seek'} what */
  async show(what) {
    if (what === 'seek') this.seeking = {listing: true, looked: 0, total: 0};
    this.#listing = new Listing(this.#library, () => this.requestUpdate());
    await this.updateComplete;
    this.#dialog().showModal();
    if (what === 'seek') await this.#seek();
    else await this.#list();
  }

  get #library() {
    return /** @type {Library} */ (this.workspace.remote.library);
  }

  #shown() {
    const text = this.text.trim().toLowerCase();
    const {images} = this.#listing;
    return text === '' ? images : images.filter(({key}) => key.toLowerCase().includes(text));
  }

  /** Folders to offer, of what was listed. */
  #folders() {
    return [...new Set(this.#listing.images.map(({key}) => key.slice(0, key.lastIndexOf('/') + 1)).filter(Boolean))].slice(0, 200);
  }

  /** @param {number} shown */
  #tellCount(shown) {
    const {images, cursor, loading} = this.#listing;
    if (loading) return 'Reading the list…';
    if (images.length === 0) return '';
    const listed = cursor ? `${formatCount(images.length, 'image')} listed so far, and there are more.` : `${formatCount(images.length, 'image')}.`;
    return shown < images.length ? `${formatNumber(shown)} of ${listed}` : listed;
  }

  /** @param {Event} event */
  #prefixWritten(event) {
    this.prefix = valueOf(event);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#list(), pause);
  }

  /** From the filter one goes on to the list. @param {KeyboardEvent} event */
  #filterKey(event) {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    /** @type {ImageList | null} */ (this.renderRoot.querySelector('vs-image-list'))?.focus();
  }

  /** @param {string} key */
  #pick(key) {
    const picked = new Set(this.picked);
    if (!picked.delete(key)) picked.add(key);
    this.picked = picked;
  }

  /** Lists anew. */
  async #list() {
    this.picked = new Set();
    await this.#listing.begin(this.prefix);
    await this.#keepFocus();
  }

  /** Lists one page more because the button says so. */
  async #more() {
    await this.#listing.more();
    await this.#keepFocus();
  }

  /** What had the focus may be gone since the library answered; the field for a token was not there before. */
  async #keepFocus() {
    await this.updateComplete;
    if (this.#listing.failed?.code === 'unauthorized') this.#token()?.focus();
    else if (!/** @type {ShadowRoot} */ (this.renderRoot).activeElement) this.#filter()?.focus();
  }

  #takeToken() {
    this.refused = this.workspace.remote.tokens.set(this.#library.url, this.#token()?.value ?? '');
    if (this.refused === '') void (this.seeking ? this.#seek() : this.#list());
  }

  async #open() {
    if (this.opening || this.picked.size === 0) return;
    this.opening = true;
    this.wrong = '';
    try {
      const files = this.#listing.images.filter(({key}) => this.picked.has(key)).map((image) => this.#library.fileOf(image));
      await this.workspace.remote.open(files);
      if (lackingChains(this.workspace).length > 0) await this.#seek();
      else this.#dialog().close();
    } catch (error) {
      this.wrong = messageOf(error);
    }
    this.opening = false;
  }

  async #seek() {
    const {signal} = this.#seeking;
    this.seeking = {listing: true, looked: 0, total: 0};
    try {
      const sought = await seekParents(this.workspace, this.#library, {signal, onStanding: (standing) => { this.seeking = standing; }});
      tell(this.workspace, sought);
    } catch (error) {
      if (signal.aborted) this.workspace.store.set({status: 'The search for parents was stopped.'});
      else this.workspace.notify('error', 'The image library could not be searched', messageOf(error));
    }
    this.#dialog().close();
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#listing.end();
    this.#seeking.abort();
    this.remove();
  }

  #token() {
    return /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('input[type=password]'));
  }

  #filter() {
    return /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('input[autofocus]'));
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

/**
 * @param {Workspace} workspace
 * @param {Sought} sought
 */
function tell(workspace, sought) {
  const {found, lacking, problems} = sought;
  if (lacking.length === 0) {
    workspace.store.set({status: tellSought(sought)});
    return;
  }
  const title = found.length > 0 ? 'Some parents were found in the library, not all' : 'The parent was not found in the image library';
  workspace.notify('warning', title, [...lacking, tellSought(sought), ...problems.slice(0, 6)].join('\n'));
}

/** @param {Event} event of a text field */
function valueOf({target}) {
  return /** @type {HTMLInputElement} */ (target).value;
}

customElements.define('vs-library-dialog', LibraryDialog);

/**
 * @param {Workspace} workspace whose site has a library
 * @param {'choose' | 'seek'} what
 */
export async function showLibrary(workspace, what) {
  const dialog = /** @type {LibraryDialog} */ (document.createElement('vs-library-dialog'));
  dialog.workspace = workspace;
  document.body.append(dialog);
  await dialog.show(what);
}
