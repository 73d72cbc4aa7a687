// The bar on top: the name, the ways to open, theme, help.

import {LitElement, css, html, svg} from 'lit';
import {fromList} from '../opening/collect.js';
import {pickFiles, pickFolder} from '../opening/handles.js';
import {shared} from '../styles/shared.js';
import {applyTheme, storedTheme, themes} from '../theme.js';
import './icon.js';

/** @import {Theme} from '../theme.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {IconName} from './icon.js' */

/** The mark: three layers, the leaf on top. */
export const mark = svg`<svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
  <path fill="var(--layer-2)" d="M16 14.5 30 21.5 16 28.5 2 21.5Z"></path>
  <path fill="var(--layer-1)" stroke="var(--page)" stroke-width="1.4" stroke-linejoin="round" d="M16 9 30 16 16 23 2 16Z"></path>
  <path fill="var(--accent)" stroke="var(--page)" stroke-width="1.4" stroke-linejoin="round" d="M16 3.5 30 10.5 16 17.5 2 10.5Z"></path>
</svg>`;

/** @type {Record<Theme, string>} */
const themeNames = {system: 'as the system', light: 'light', dark: 'dark'};

/** <vs-header>; events 'vs-help', 'vs-about', 'vs-sample', 'vs-url', 'vs-library'. */
export class Header extends LitElement {
  static properties = {workspace: {attribute: false}, theme: {state: true}};

  static styles = [shared, css`
    header {
      display: flex;
      align-items: center;
      gap: 2px;
      min-block-size: 40px;
      padding: 0 8px 0 12px;
      border-block-end: 1px solid var(--line);
    }
    h1 { display: flex; align-items: center; gap: 8px; margin-inline-end: 12px; font-size: 14px; letter-spacing: 0.01em; }
    .space { flex: 1; }
    button {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      min-block-size: 28px;
      padding: 0 8px;
      border: 0;
      border-radius: 5px;
      background: none;
      color: inherit;
      font: inherit;
      white-space: nowrap;
      cursor: pointer;
    }
    button:hover { background: var(--hover); }
    button vs-icon { vertical-align: 0; }
    @media (max-width: 719px) {
      button { padding: 0 7px; min-block-size: 32px; }
      button span { display: none; }
      h1 { margin-inline-end: 4px; }
    }
    /* The mark says it, and the buttons need the room. */
    @media (max-width: 400px) { h1 span { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; } }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    this.theme = storedTheme();
  }

  render() {
    return html`<header>
      <h1>${mark}<span>vhdscope</span></h1>
      ${this.#button('new-file', 'Open files', () => this.openFiles())}
      ${this.#button('folder-opened', 'Open folder', () => this.openFolder())}
      ${this.#button('globe', 'Open URL', () => this.#tell('vs-url'), 'Open images by their address')}
      ${this.workspace.remote.library ? this.#button('library', 'Library', () => this.#tell('vs-library'), 'Open images of this site’s library') : ''}
      ${this.#button('beaker', 'Sample', () => this.#tell('vs-sample'), 'Open a small built-in chain', 'sample')}
      <span class="space"></span>
      ${this.#button('color-mode', '', () => this.nextTheme(), `Colours: ${themeNames[this.theme]}`)}
      ${this.#button('question', '', () => this.#tell('vs-help'), 'Keyboard and console help')}
      ${this.#button('info', '', () => this.#tell('vs-about'), 'About vhdscope')}
      <input id="files" type="file" multiple hidden data-testid="open-files" aria-label="Files to open" @change=${this.#picked}>
      <input id="folder" type="file" webkitdirectory hidden data-testid="open-folder" aria-label="Folder to open" @change=${this.#picked}>
    </header>`;
  }

  /**
   * @param {IconName} icon
   * @param {string} text
   * @param {() => void} act
   * @param {string} [title]
   * @param {string} [testId]
   */
  #button(icon, text, act, title = text, testId = `header-${icon}`) {
    return html`<button type="button" title=${title} aria-label=${text || title} data-testid=${testId} @click=${act}>
      <vs-icon name=${icon}></vs-icon>${text ? html`<span>${text}</span>` : ''}
    </button>`;
  }

  /** @param {string} name */
  #tell(name) {
    this.dispatchEvent(new CustomEvent(name));
  }

  openFiles() {
    // The browser's own pickers refuse what is in some folders: they are for
    // those who want their disks remembered.
    if (this.workspace.recents.on) void this.workspace.openPicked(pickFiles());
    else this.#input('files').click();
  }

  openFolder() {
    if (this.workspace.recents.on) void this.workspace.openPicked(pickFolder());
    else this.#input('folder').click();
  }

  nextTheme() {
    this.theme = themes[(themes.indexOf(this.theme) + 1) % themes.length] ?? 'system';
    applyTheme(this.theme);
    this.workspace.store.set({status: `Colours: ${themeNames[this.theme]}.`});
  }

  /** @param {string} id */
  #input(id) {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector(`#${id}`));
  }

  /** @param {Event} event */
  #picked(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const given = fromList(input.files ?? []);
    // So that the same files can be picked again after they were closed.
    input.value = '';
    if (given.length > 0) void this.workspace.open(given);
  }
}

customElements.define('vs-header', Header);
