// About: which build this is, and whose work is in it.

import {LitElement, css, html, nothing} from 'lit';
import {dialogStyles} from '../styles/dialog.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {shared} from '../styles/shared.js';
import {mark} from './header.js';
import {messageOf} from '../format.js';
import './icon.js';

/** @import {Licence} from '../../build/licences.mjs' */

/** <vs-about-dialog> */
export class AboutDialog extends LitElement {
  static properties = {licences: {state: true}, failed: {state: true}, installing: {state: true}, kept: {state: true}};

  static styles = [shared, dialogStyles, css`
    .install { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; }
    summary { cursor: pointer; padding-block: 2px; }
    pre { margin: 4px 0 8px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); font: 11px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-block-size: 16em; overflow: auto; }
  `];

  constructor() {
    super();
    /** Whose work is in it: long texts, loaded when they are to be read. @type {readonly Licence[]} */
    this.licences = [];
    this.failed = '';
    /** The browser's offer to install the page. @type {{prompt(): Promise<unknown>} | null} */
    this.installing = null;
    /** Whether the page is there without a network. */
    this.kept = false;
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault(); // else some browsers ask at once
      this.installing = /** @type {any} */ (event);
    });
    addEventListener('appinstalled', () => {
      this.installing = null;
      // What the person installed is not to be cleared away with what is in the browser's cache.
      void navigator.storage?.persist?.();
    });
  }

  render() {
    return html`<dialog aria-labelledby="title">
      <header role="none">${mark}<h2 id="title">vhdscope</h2><button type="button" class="close" aria-label="Close" @click=${() => this.#dialog().close()}><vs-icon name="close"></vs-icon></button></header>
      <p>Version ${VERSION}, commit <code>${COMMIT}</code>. Licensed under Apache-2.0.</p>
      <p>Shows the sectors of VHD chains as a virtual machine reads them, and which file each comes from. Files are read
        inside this browser: nothing is uploaded, nothing is modified. ${SINGLE
          ? 'This file is the whole program, and asks no network for anything.'
          : 'What you open by its address is read over the network, and marked.'}</p>
      ${this.kept ? html`<p>This version is kept in the browser and opens without a network.</p>` : nothing}
      ${this.installing ? html`<div class="install"><vscode-button data-testid="install" @click=${this.#install}>Install</vscode-button>
        <span class="muted">Gives it a window of its own, and opens .vhd and .avhd files with it.</span></div>` : nothing}
      ${SINGLE ? nothing : html`<p><a href="vhdscope.html" download data-testid="one-file">Download vhdscope as one file</a> for where there is no network:
        it opens by double click in Chromium, Firefox and their relatives, and needs nothing installed.
        <a href="SHA256SUMS" download="SHA256SUMS.txt">SHA256SUMS</a> has its checksum.</p>`}
      <section><h3>Contains</h3>
        ${this.failed ? html`<p class="bad" role="alert">The licences could not be loaded: ${this.failed}</p>` : nothing}
        ${this.licences.map(({name, version, licence, text}) => html`
        <details><summary>${name} ${version} <span class="muted">${licence}</span></summary><pre tabindex="0">${text}</pre></details>`)}</section>
    </dialog>`;
  }

  open() {
    this.kept = Boolean(navigator.serviceWorker?.controller);
    this.#dialog().showModal();
    void this.#fetch();
  }

  /** The browser asks the person, once: a later offer is another. */
  #install() {
    void this.installing?.prompt();
    this.installing = null;
  }

  async #fetch() {
    try {
      ({licences: this.licences} = await import('vhdscope:licences'));
      this.failed = '';
    } catch (error) {
      this.failed = messageOf(error);
    }
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

customElements.define('vs-about-dialog', AboutDialog);
