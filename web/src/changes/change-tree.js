// Changes of files in their folders, each of which folds.

import {LitElement, css, html, nothing} from 'lit';
import {formatCount} from '../format.js';
import {shared} from '../styles/shared.js';
import '../views/icon.js';
import './change-list.js';
import {treeOf} from './report.js';

/** @import {Change} from '../engine/volumes-protocol.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Folder} from './report.js' */

/** A folder with more changes than these is folded at first. */
const few = 50;

/** <vs-change-tree .workspace .at .changes>: at is the volume. */
export class ChangeTree extends LitElement {
  static properties = {workspace: {attribute: false}, at: {attribute: false}, changes: {attribute: false}};

  static styles = [shared, css`
    :host { display: block; }
    details details, details vs-change-list { margin-inline-start: 18px; }
    summary { padding: 3px 0; list-style: none; cursor: pointer; overflow-wrap: anywhere; }
    summary::-webkit-details-marker { display: none; }
    details[open] > summary > .fold { rotate: 90deg; }
    @media (prefers-reduced-motion: no-preference) { .fold { transition: rotate 80ms; } }
    summary vs-icon { vertical-align: -3px; }
    @media (max-width: 560px) { details details, details vs-change-list { margin-inline-start: 8px; } }
  `];

  /** Folders by path that the person folded or unfolded. @type {Map<string, boolean>} */
  #open = new Map();

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    this.at = {disk: 0, start: 0};
    /** @type {readonly Change[]} */
    this.changes = [];
  }

  render() {
    return this.#renderContent(treeOf(this.changes), '');
  }

  /**
   * @param {Folder} folder
   * @param {string} path
   * @returns {unknown}
   */
  #renderContent({folders, files, change}, path) {
    const own = change ? [change, ...files] : files;
    return html`${folders.map((one) => this.#renderFolder(one, `${path}/${one.name}`))}
      ${own.length > 0 ? html`<vs-change-list .workspace=${this.workspace} .at=${this.at} .changes=${own}></vs-change-list>` : nothing}`;
  }

  /**
   * @param {Folder} folder
   * @param {string} path
   */
  #renderFolder(folder, path) {
    const open = this.#open.get(path) ?? folder.count <= few;
    return html`<details ?open=${open} @toggle=${(/** @type {Event & {currentTarget: HTMLDetailsElement}} */ {currentTarget}) => this.#toggled(path, open, currentTarget.open)}>
      <summary data-testid="changed-folder"><vs-icon class="fold muted" name="chevron-right"></vs-icon> <vs-icon class="muted" name="folder"></vs-icon> <bdi>${folder.name}</bdi> <span class="muted">${formatCount(folder.count, 'change')}</span></summary>
      ${open ? this.#renderContent(folder, path) : nothing}</details>`;
  }

  /**
   * @param {string} path
   * @param {boolean} was
   * @param {boolean} is
   */
  #toggled(path, was, is) {
    if (was === is) return;
    this.#open.set(path, is);
    this.requestUpdate();
  }
}

customElements.define('vs-change-tree', ChangeTree);
