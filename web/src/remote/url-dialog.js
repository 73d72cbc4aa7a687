// Opening images by their address. Where addresses came with a link, this is
// also the question whether anything is to be fetched.

import {css, html, nothing} from 'lit';
import {live} from 'lit/directives/live.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {dialogStyles} from '../styles/dialog.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {formatCount, messageOf} from '../format.js';
import {View} from '../views/view.js';
import '../views/icon.js';
import {plainAddress} from './remote-file.js';
import {remoteStyles} from './remote-styles.js';

/** @import {Workspace} from '../workspace.js' */

/** <vs-url-dialog> */
export class UrlDialog extends View {
  static properties = {brought: {state: true}, text: {state: true}, unread: {state: true}, opening: {state: true}, wrong: {state: true}};

  static styles = [shared, dialogStyles, formStyles, remoteStyles, css`
    /* Whole addresses are to be seen before anything is fetched. */
    textarea { min-block-size: 5.5em; resize: vertical; font-family: var(--mono); font-size: 12px; line-height: 1.6; overflow-wrap: anywhere; field-sizing: content; max-block-size: 14em; }
    .origins { display: flex; flex-wrap: wrap; gap: 2px 10px; }
    .brought { padding: 8px 10px; border-radius: 6px; background: color-mix(in srgb, var(--accent) 10%, transparent); }
    .brought vs-icon { color: var(--accent); }
  `];

  /** @type {AbortController | null} */
  #opening = null;

  constructor() {
    super();
    /** How many addresses a link brought. */
    this.brought = 0;
    this.text = '';
    /** What could not be read. @type {{address: string, why: string}[]} */
    this.unread = [];
    this.opening = false;
    /** What is wrong with the token, or with all of it. */
    this.wrong = '';
  }

  render() {
    const {none} = this.#reach;
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <header role="none"><vs-icon name="globe"></vs-icon><h2 id="title">Open from a URL</h2>
        <button type="button" class="close" aria-label="Close" @click=${() => this.#dialog().close()}><vs-icon name="close"></vs-icon></button></header>
      ${none ? html`<p data-testid="url-why-not">${none}</p>` : this.#renderForm()}
      <div class="ways"><span class="said muted" role="status">${this.opening ? 'Asking the server…' : nothing}</span>
        <vscode-button secondary @click=${() => this.#dialog().close()}>${none ? 'Close' : 'Cancel'}</vscode-button>
        ${none ? nothing : html`<vscode-button data-testid="url-open" ?disabled=${this.opening || this.text.trim() === ''} @click=${() => void this.#open()}>Open</vscode-button>`}</div>
    </dialog>`;
  }

  #renderForm() {
    const [own = '', ...others] = this.#reach.origins;
    return html`
      ${this.brought > 0 ? html`<p class="said brought" data-testid="url-brought"><vs-icon name="link"></vs-icon>
        <span>A link brought ${this.brought === 1 ? 'this address' : 'these addresses'} here. Nothing has been fetched; nothing is until you choose Open.</span></p>` : nothing}
      <label class="field"><span>Addresses of images, one a line: a child and its parents in any order</span>
        <textarea data-testid="url-list" spellcheck="false" autocomplete="off" autocapitalize="off" rows="4" autofocus
          placeholder="${own}/images/child.avhd" .value=${live(this.text)} @input=${this.#written} @keydown=${this.#keyDown}></textarea></label>
      ${this.unread.length > 0 ? html`<div role="alert"><ul class="unread" data-testid="url-unread">${this.unread.map(({address, why}) => html`
        <li><vs-icon name="error"></vs-icon><span><bdi>${address}</bdi>${why}</span></li>`)}</ul></div>` : nothing}
      <label class="field"><span>Access token, where the server asks for one</span>
        <input type="password" data-testid="url-token" autocomplete="off" spellcheck="false" aria-describedby="token-note" @keydown=${this.#keyDown}></label>
      <p class="note" id="token-note">A token is sent to the server of these addresses only, in a header, and is kept until you close this page.</p>
      ${this.wrong ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>${this.wrong}</span></p>` : nothing}
      <p class="note">Images are read over the network piece by piece, as you look at them: nothing is uploaded, and the server sees which parts you read.
        It has to give parts of files (HTTP ranges). This page may read from <code>${own}</code>${others.map((origin) => html`, <code>${origin}</code>`)}${others.length === 0 ? ' only' : nothing}.</p>`;
  }

  /** @param {string[]} brought */
  async show(brought) {
    this.brought = brought.length;
    this.text = brought.join('\n');
    await this.updateComplete;
    if (brought.length > 0) this.#tellRefused();
    this.#dialog().showModal();
  }

  get #reach() {
    return this.workspace.remote.reach;
  }

  /** @param {Event} event */
  #written(event) {
    this.text = /** @type {HTMLTextAreaElement} */ (event.target).value;
    this.unread = [];
    this.wrong = '';
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    // In the list, Enter begins a line.
    const list = /** @type {Element} */ (event.target).localName === 'textarea';
    if (event.key !== 'Enter' || (list && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    void this.#open();
  }

  /** Says which addresses cannot be tried. @returns {string[]} those that can; none where one cannot */
  #tellRefused() {
    const addresses = this.#reach.addresses(this.text);
    this.unread = addresses.filter(({why}) => why !== '').map(({text, why}) => ({address: text, why}));
    return this.unread.length > 0 ? [] : addresses.map(({url}) => url);
  }

  async #open() {
    if (this.opening) return;
    const urls = this.#tellRefused();
    if (urls.length === 0 || !this.#takeToken(urls)) return;
    const opening = new AbortController();
    this.#opening = opening;
    this.opening = true;
    try {
      const {remote} = this.workspace;
      const {files, unread} = await remote.pinAll(urls, opening.signal);
      if (files.length > 0) await remote.open(files);
      if (unread.length === 0) return this.#dialog().close();
      this.text = unread.map(({url}) => url).join('\n');
      this.unread = unread.map(({url, why}) => ({address: plainAddress(url), why}));
      this.wrong = files.length > 0 ? `${formatCount(files.length, 'image')} opened; the rest was not.` : '';
      if (unread.some(({code}) => code === 'unauthorized')) this.#token().focus();
    } catch (error) {
      if (!opening.signal.aborted) this.wrong = messageOf(error);
    } finally {
      this.opening = false;
    }
  }

  /**
   * @param {string[]} urls
   * @returns {boolean} false where the token cannot be sent
   */
  #takeToken(urls) {
    const text = this.#token().value;
    this.wrong = '';
    if (text.trim() === '') return true;
    const origins = new Set(urls.map((url) => new URL(url).origin));
    this.wrong = origins.size > 1
      ? 'A token is for one server: open the addresses of each server by themselves.'
      : this.workspace.remote.tokens.set(/** @type {string} */ (urls[0]), text);
    return this.wrong === '';
  }

  #closed() {
    this.#opening?.abort();
    this.remove();
  }

  #token() {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('input'));
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

customElements.define('vs-url-dialog', UrlDialog);

/**
 * @param {Workspace} workspace
 * @param {string[]} brought
 */
export async function showUrlDialog(workspace, brought) {
  const dialog = /** @type {UrlDialog} */ (document.createElement('vs-url-dialog'));
  dialog.workspace = workspace;
  document.body.append(dialog);
  await dialog.show(brought);
}
