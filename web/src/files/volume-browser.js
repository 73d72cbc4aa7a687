// The files of one volume: what can be done, the folder that one is in, and
// beside it what is known of the file that is picked.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-split-layout/index.js';
import {formatCount, formatNumber, formatSize, isolated, messageOf} from '../format.js';
import {shared} from '../styles/shared.js';
import {makeSashReachable} from '../views/sash.js';
import {View} from '../views/view.js';
import {fileActions, pickedIn} from './actions.js';
import {actOn} from './acting.js';
import {browserStyles} from './browser-styles.js';
import {Hearing} from './hearing.js';
import {tally} from './kinds.js';
import {toolStyles} from './tool-styles.js';
import '../views/icon.js';
import '../views/menu.js';
import './file-grid.js';
import './file-panel.js';
import './hash-dialog.js';

/** @import {Menu} from '../views/menu.js' */
/** @import {FileAction} from './actions.js' */
/** @import {Browsing} from './browsing.js' */
/** @import {FileGrid} from './file-grid.js' */
/** @import {FilePanel} from './file-panel.js' */
/** @import {HashDialog} from './hash-dialog.js' */
/** @import {Sort} from './sorting.js' */

/** Below this width, in px, what is known of a file is below the folder. */
const narrowBelow = 760;

/** <vs-volume-browser .browsing layered> */
export class VolumeBrowser extends View {
  static properties = {
    browsing: {attribute: false}, layered: {type: Boolean}, panel: {state: true}, narrow: {state: true}, told: {state: true}, sorting: {state: true},
  };

  static styles = [shared, toolStyles, browserStyles];

  #observer = new ResizeObserver(() => {
    // In a tab that is hidden it has no width, and stays as it is.
    if (this.clientWidth > 0) this.narrow = this.clientWidth < narrowBelow;
  });
  /** Ends asking for what a folder is to be sorted by. */
  #asking = new AbortController();

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    this.layered = false;
    this.narrow = false;
    new Hearing(this);
    /** Whether what is known of a file is shown; not before one asks for it where there is little room. @type {boolean | undefined} */
    this.panel = undefined;
    /** What the live region says. */
    this.told = '';
    /** How far asking for what a folder is to be sorted by has come, '' where it is not. */
    this.sorting = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
    this.narrow = this.clientWidth < narrowBelow;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#asking.abort();
  }

  render() {
    return html`
      <div class="tools" role="toolbar" aria-label="Files">${this.#renderTools()}</div>
      ${this.#renderNotes()}
      ${this.#renderBody()}
      <div class="visually-hidden" role="status" aria-live="polite" data-testid="files-told">${this.told}</div>
      <vs-menu label="Files" @vs-choose=${(/** @type {CustomEvent<FileAction>} */ {detail}) => this.#do(detail)}></vs-menu>
      <vs-hash-dialog .workspace=${this.workspace}></vs-hash-dialog>`;
  }

  #renderFilter() {
    const {folder} = this.browsing;
    return html`<label class="filter"><vs-icon name="filter"></vs-icon><span class="visually-hidden">Filter this folder by name</span>
      <input type="search" placeholder="Filter" autocomplete="off" spellcheck="false" data-testid="filter" title="Part of a name, or a pattern with * and ?"
        .value=${folder?.filter ?? ''} @input=${this.#filtered} @keydown=${this.#filterKey}></label>`;
  }

  #renderTools() {
    const {folder, deleted, volume} = this.browsing;
    if (!folder) return html`<span class="muted waits">${this.browsing.problem ? '' : 'Reading the folder…'}${this.browsing.read > 0 ? ` ${formatCount(this.browsing.read, 'entry', 'entries')}` : ''}</span>`;
    const picked = pickedIn(folder);
    const isFile = picked.paths.length === 1 && picked.files === 1;
    const shown = this.panel ?? !this.narrow;
    return html`
      <button type="button" class="tool" data-testid="download" title=${isFile ? 'Download this file' : 'Download as one zip archive'} @click=${() => this.#do(isFile ? 'download' : 'zip')}>
        <vs-icon name="download"></vs-icon><span>${isFile ? 'Download' : picked.paths.length === 0 ? 'Download all' : 'Download zip'}</span></button>
      <button type="button" class="tool" data-testid="hash" title="SHA-256 of what is picked" @click=${() => this.#do('hash')}><vs-icon name="symbol-numeric"></vs-icon><span>SHA-256</span></button>
      <button type="button" class="tool" data-testid="files-menu" aria-haspopup="menu" title="What else can be done" aria-label="More" @click=${this.#menuFromButton}><vs-icon name="ellipsis"></vs-icon></button>
      ${volume.mounted.remembers ? html`<label class="choice"><input type="checkbox" data-testid="show-deleted" .checked=${deleted}
        @change=${(/** @type {Event} */ event) => void this.browsing.showDeleted(/** @type {HTMLInputElement} */ (event.target).checked)}><vs-icon name="trash"></vs-icon>Deleted</label>` : nothing}
      ${this.#renderFilter()}
      <span class="count muted" data-testid="count" title=${this.#count()}>${this.sorting || this.#count()}</span>
      <button type="button" class="tool" data-testid="toggle-panel" aria-expanded=${shown ? 'true' : 'false'} title="What is known of a file" aria-label="Properties"
        @click=${() => { this.panel = !shown; }}><vs-icon name=${this.narrow ? 'layout-panel' : 'layout-sidebar-right'}></vs-icon></button>`;
  }

  #renderNotes() {
    const {folder, volume} = this.browsing;
    const notes = [...volume.mounted.notes, ...(folder?.listing.notes ?? [])];
    if (notes.length === 0) return nothing;
    return html`<ul class="notes" aria-label="Notes">${notes.map((note) => html`<li><vs-icon class="warning" name="warning"></vs-icon><span>${note}</span></li>`)}</ul>`;
  }

  #renderBody() {
    const {browsing, layered, narrow} = this;
    const {folder, problem} = browsing;
    const shown = this.panel ?? !narrow;
    const list = html`<div class="list" slot="start">
      <vs-file-grid .browsing=${browsing} ?layered=${layered} @vs-open=${this.#opened} @vs-do=${(/** @type {CustomEvent<FileAction>} */ {detail}) => this.#do(detail)}
        @vs-menu=${this.#menuAt} @vs-pick=${this.#picked} @vs-sort=${(/** @type {CustomEvent<Sort>} */ {detail}) => void this.#sort(detail)}></vs-file-grid>
      ${problem ? this.#renderProblem(problem) : nothing}
      ${folder && folder.order.length === 0 ? html`<p class="empty muted" data-testid="empty">${folder.filter ? `None of ${formatCount(folder.listing.count, 'entry', 'entries')} is called like that.` : 'This folder is empty.'}</p>` : nothing}</div>`;
    if (!shown) return html`<div class="alone">${list}</div>`;
    const panel = html`<vs-file-panel slot="end" .workspace=${this.workspace} .browsing=${browsing} ?layered=${layered}></vs-file-panel>`;
    // Its own element each: a split layout does not change its direction.
    return narrow
      ? html`<div class="stacked">${list}${panel}</div>`
      : html`<vscode-split-layout split="vertical" fixed-pane="end" initial-handle-position="68%" min-start="280px" min-end="220px" handle-size="6" reset-on-dbl-click
          ${makeSashReachable('Width of the list of files')}>${list}${panel}</vscode-split-layout>`;
  }

  /** @param {Error} problem */
  #renderProblem({message}) {
    return html`<div class="problem" role="alert" data-testid="folder-problem"><p class="bad"><vs-icon name="error"></vs-icon><span>${message}</span></p>
      <vscode-button @click=${() => void this.browsing.again()}>Try again</vscode-button></div>`;
  }

  #count() {
    const {folder} = this.browsing;
    if (!folder) return '';
    const {picking, order, listing} = folder;
    if (picking.size > 0) {
      let bytes = 0;
      for (const row of picking.rows()) if (listing.kind(row) === 'file') bytes += listing.size(row);
      return `${formatNumber(picking.size)} of ${formatNumber(order.length)} picked${bytes > 0 ? `, ${formatSize(bytes)}` : ''}`;
    }
    if (folder.filter) return `${formatNumber(order.length)} of ${formatCount(listing.count, 'entry', 'entries')}`;
    return tally(Array.from(order, (row) => listing.kind(row)));
  }

  #picked() {
    this.told = this.#count();
    /** @type {FilePanel | null} */ (this.renderRoot.querySelector('vs-file-panel'))?.show();
    this.requestUpdate();
  }

  /** @param {Event} event */
  #filtered(event) {
    this.browsing.filter(/** @type {HTMLInputElement} */ (event.target).value);
    this.#picked();
  }

  /** @param {KeyboardEvent} event */
  #filterKey(event) {
    if (event.key === 'ArrowDown') this.#grid().focus();
    else if (event.key === 'Escape') this.browsing.filter('');
    else return;
    event.preventDefault();
  }

  /** @param {CustomEvent<number>} event */
  #opened({detail}) {
    const {folder} = this.browsing;
    if (!folder) return;
    if (folder.listing.kind(detail) === 'directory') void this.browsing.go(folder.pathOf(detail));
    else this.#do('properties');
  }

  /** @param {CustomEvent<{x: number, y: number, buttons: number}>} event */
  #menuAt({detail}) {
    this.#openMenu(this.#grid(), detail);
  }

  /** @param {Event} event */
  #menuFromButton(event) {
    this.#openMenu(/** @type {HTMLElement} */ (event.currentTarget));
  }

  /**
   * @param {HTMLElement} from
   * @param {{x: number, y: number, buttons: number}} [at]
   */
  #openMenu(from, at) {
    const {folder} = this.browsing;
    if (folder) void /** @type {Menu} */ (this.renderRoot.querySelector('vs-menu')).openFor(fileActions(pickedIn(folder)), from, at);
  }

  /** @param {FileAction} action */
  #do(action) {
    const {folder} = this.browsing;
    if (!folder) return;
    const {picking} = folder;
    if (action === 'open') this.#opened(new CustomEvent('vs-open', {detail: picking.active}));
    else if (action === 'properties') void this.#showPanel();
    else if (action === 'hash') /** @type {HashDialog} */ (this.renderRoot.querySelector('vs-hash-dialog')).open(this.browsing.volume, this.#paths());
    else void actOn(this.workspace, this.browsing, action, this.#paths()).then((told) => { this.told = told; });
  }

  /** What is picked; where nothing is, the folder itself. */
  #paths() {
    const paths = this.browsing.folder?.pickedPaths ?? [];
    return paths.length > 0 ? paths : [this.browsing.path];
  }

  async #showPanel() {
    this.panel = true;
    await this.updateComplete;
    /** @type {FilePanel | null} */ (this.renderRoot.querySelector('vs-file-panel'))?.focus();
  }

  /** @param {Sort} sort */
  async #sort(sort) {
    this.#asking.abort();
    this.#asking = new AbortController();
    const {signal} = this.#asking;
    if (sort.by === 'layers') {
      try {
        await this.#grid().askAllLayers({signal, onProgress: (done, total) => {
          this.sorting = `Finding the layers of ${formatNumber(done)} of ${formatCount(total, 'file')}…`;
        }});
      } catch (error) {
        if (!signal.aborted) this.told = messageOf(error);
        return;
      } finally {
        if (!signal.aborted) this.sorting = '';
      }
    }
    if (signal.aborted) return;
    this.sorting = '';
    this.browsing.sort(sort);
    this.told = `Sorted by ${sort.by}, ${sort.down ? 'descending' : 'ascending'}.`;
  }

  /** Says where one is, once that is known. */
  updated() {
    const {folder, path} = this.browsing;
    const now = folder ? path : '';
    if (now === '' || now === this.#said) return;
    this.#said = now;
    this.told = `${isolated(path)}: ${this.#count()}.`;
  }

  #said = '';

  #grid() {
    return /** @type {FileGrid} */ (this.renderRoot.querySelector('vs-file-grid'));
  }

  /** Goes to the list. */
  async focus() {
    const grid = this.#grid();
    await grid?.updateComplete;
    grid?.focus();
  }
}

customElements.define('vs-volume-browser', VolumeBrowser);
