// The entries of a folder as a grid of which only the rows in sight are
// drawn, so that 100,000 of them scroll as ten do.

import {LitElement, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {layerStyles} from '../layers.js';
import {shared} from '../styles/shared.js';
import {tagStyles} from '../styles/tag.js';
import {columns, renderCells} from './file-row.js';
import {GridKeys} from './grid-keys.js';
import {gridStyles} from './grid-styles.js';
import {Hearing} from './hearing.js';
import {Supply} from './supply.js';
import {zoneWord} from './times.js';
import {heightOf, reveal, windowAt} from './window.js';
import '../views/icon.js';

/** @import {Browsing} from './browsing.js' */
/** @import {Folder} from './folder.js' */
/** @import {Column} from './sorting.js' */

/** Below this width, in px, a row has two lines: the name, and what else is known. */
const narrowBelow = 520;

/**
 * <vs-file-grid .browsing .layered>; events 'vs-open' (an entry, detail: its
 * row), 'vs-do' (detail: a FileAction), 'vs-menu' (detail: {x, y, buttons}), 'vs-pick'
 * (something else is picked), 'vs-sort' (detail: a Sort).
 */
export class FileGrid extends LitElement {
  static properties = {browsing: {attribute: false}, layered: {type: Boolean, reflect: true}, narrow: {type: Boolean, reflect: true}};

  static styles = [shared, layerStyles, tagStyles, gridStyles];

  /** @type {Folder | null} */
  #shown = null;
  #supply = new Supply(/** @type {any} */ (undefined));
  #keys = new GridKeys(this);
  /** Whether the focus was here before an update, which may take its row away. */
  #focused = false;
  #view = 0;
  #observer = new ResizeObserver(() => {
    if (this.clientWidth === 0) return;
    this.narrow = this.clientWidth < narrowBelow;
    this.requestUpdate();
  });

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    /** Whether it is told which layers supply a file's bytes. */
    this.layered = false;
    this.narrow = false;
    new Hearing(this);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.#supply.stop();
  }

  get #rowHeight() {
    return this.narrow ? 44 : 26;
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    this.#focused = Boolean(this.shadowRoot?.activeElement);
    if (!changed.has('browsing')) return;
    this.#supply.stop();
    this.#supply = new Supply(this.browsing);
  }

  render() {
    const {folder} = this.browsing;
    const count = folder?.order.length ?? 0;
    const sort = folder?.sort;
    const zone = folder ? zoneWord(folder.listing.local) : '';
    const shown = columns.filter(({by}) => by !== 'layers' || this.layered);
    return html`<div class="scroll" role="grid" tabindex="-1" aria-label=${`Entries of ${this.browsing.path}`} aria-multiselectable="true" aria-readonly="true"
        aria-rowcount=${count + 1} aria-busy=${folder || this.browsing.problem ? nothing : 'true'} data-testid="file-grid"
        @scroll=${this.#scrolled} @keydown=${this.#keyDown} @focusin=${this.#focusIn}
        @click=${this.#clicked} @dblclick=${this.#doubleClicked} @contextmenu=${this.#menu}>
      <div role="rowgroup" class="head"><div role="row" class="row" aria-rowindex="1" @keydown=${this.#headKey}>${shown.map(({by, title}) => {
        const sorted = sort?.by === by ? (sort.down ? 'descending' : 'ascending') : undefined;
        return html`<div role="columnheader" class=${by} aria-sort=${sorted ?? nothing}>
          <button type="button" tabindex=${sorted ? 0 : -1} data-testid="sort-${by}" @click=${() => this.#sort(by)}><span>${title}</span>${zone && (by === 'modified' || by === 'created')
            ? html`<span class="zone">${zone}</span>` : nothing}${sorted ? html`<vs-icon name=${sort?.down ? 'arrow-small-down' : 'arrow-small-up'}></vs-icon>` : nothing}</button></div>`;
      })}</div></div>
      <div role="rowgroup" class="body" .style=${`block-size: ${heightOf(count, this.#rowHeight)}px`}>${folder ? this.#renderRows(folder) : nothing}</div>
    </div>`;
  }

  /** @param {Folder} folder */
  #renderRows(folder) {
    const {order, picking} = folder;
    const height = this.#rowHeight;
    const {first, last, shift} = windowAt(this.#top(folder), order.length, height, this.#view);
    const rows = [...order.subarray(first, last)];
    const drawn = rows.map((row, i) => ({row, place: first + i}));
    // The row with the focus stays, wherever it is.
    const active = picking.active < 0 || rows.includes(picking.active) ? -1 : order.indexOf(picking.active);
    if (active >= 0 && active < first) drawn.unshift({row: picking.active, place: active});
    else if (active >= 0) drawn.push({row: picking.active, place: active});
    return repeat(drawn, ({row}) => row, ({row, place}) => html`<div role="row" id="row-${row}" class="row ${folder.listing.deleted(row) ? 'deleted' : ''}"
        aria-rowindex=${place + 2} aria-selected=${picking.has(row) ? 'true' : 'false'} tabindex=${row === picking.active ? 0 : -1}
        data-testid="entry" data-row=${row} data-name=${folder.nameOf(row)} data-kind=${folder.listing.kind(row)}
        .style=${`transform: translateY(${place * height + shift}px)`}>${renderCells(folder, row, this.layered)}</div>`);
  }

  /**
   * How far it is scrolled; -1 in a folder asks for its active row.
   *
   * @param {Folder} folder
   */
  #top(folder) {
    if (folder.top >= 0) return folder.top;
    if (this.#view === 0) return 0;
    const place = folder.order.indexOf(folder.picking.active);
    folder.top = reveal(0, Math.max(0, place), folder.order.length, this.#rowHeight, this.#view);
    return folder.top;
  }

  updated() {
    const scroll = this.#scroll();
    const head = this.renderRoot.querySelector('.head');
    const view = Math.max(0, scroll.clientHeight - (head?.clientHeight ?? 0));
    if (view !== this.#view) {
      this.#view = view;
      this.requestUpdate();
    }
    const {folder} = this.browsing;
    if (folder) {
      const top = this.#top(folder);
      if (Math.abs(scroll.scrollTop - top) >= 1) scroll.scrollTop = top;
      if (this.layered) this.#wantLayers(folder);
    }
    const focused = this.shadowRoot?.activeElement;
    if (this.#focused && (!focused || focused === scroll || folder !== this.#shown)) this.focus();
    if (folder !== this.#shown) {
      this.#shown = folder;
      this.#tellPicked();
    }
  }

  /** @param {Folder} folder */
  #wantLayers(folder) {
    const {first, last} = windowAt(this.#top(folder), folder.order.length, this.#rowHeight, this.#view);
    this.#supply.want(folder, [...folder.order.subarray(first, last)]);
  }

  /** Goes to the active row. */
  focus() {
    const row = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.body .row[tabindex="0"]'));
    (row ?? this.#scroll())?.focus({preventScroll: true});
  }

  /**
   * What is known of the folder's files, for sorting by it.
   *
   * @param {{signal: AbortSignal, onProgress: (done: number, total: number) => void}} options
   */
  async askAllLayers(options) {
    const {folder} = this.browsing;
    if (folder) await this.#supply.wantAll(folder, options);
  }

  /** @returns {number} how many rows a page has */
  page() {
    return Math.max(1, Math.floor(this.#view / this.#rowHeight) - 1);
  }

  /** Goes to the active row when it is drawn. */
  follow() {
    void this.updateComplete.then(() => this.focus());
  }

  /** Brings the active row into sight. */
  reveal() {
    const {folder} = this.browsing;
    const place = folder ? folder.order.indexOf(folder.picking.active) : -1;
    if (!folder || place < 0) return;
    folder.top = reveal(this.#top(folder), place, folder.order.length, this.#rowHeight, this.#view);
    this.requestUpdate();
  }

  #scroll() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('.scroll'));
  }

  #scrolled() {
    const {folder} = this.browsing;
    // A list that just became shorter is not yet where it will be.
    if (!folder || folder !== this.#shown) return;
    folder.top = this.#scroll().scrollTop;
    this.requestUpdate();
  }

  /** @param {FocusEvent} event */
  #focusIn(event) {
    const row = this.#rowOf(event);
    const {folder} = this.browsing;
    if (row < 0 || !folder || folder.picking.active === row) return;
    folder.picking.visit(row);
    this.requestUpdate();
  }

  /** @param {Column} by */
  #sort(by) {
    const sort = this.browsing.folder?.sort;
    // What is large or new is looked for first.
    const down = sort?.by === by ? !sort.down : by === 'size' || by === 'modified' || by === 'created';
    this.dispatchEvent(new CustomEvent('vs-sort', {detail: {by, down}}));
  }

  /** @param {KeyboardEvent} event */
  #headKey(event) {
    const buttons = /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('.head button')].filter((button) => button.clientWidth > 0));
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1}[event.key];
    if (event.key === 'ArrowDown') this.focus();
    else if (next !== undefined) buttons[next]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param {Event} event
   * @returns {number} the row that it is about, -1 for none
   */
  #rowOf(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('.body .row'));
    return row ? Number(row.dataset.row) : -1;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const row = this.#rowOf(event);
    const {folder} = this.browsing;
    if (row < 0 || !folder) return;
    const {picking, order} = folder;
    if (event.shiftKey) picking.extend(row, order);
    else if (event.ctrlKey || event.metaKey) picking.toggle(row);
    else picking.only(row);
    this.picked();
  }

  /** @param {MouseEvent} event */
  #doubleClicked(event) {
    const row = this.#rowOf(event);
    if (row >= 0) this.open(row);
  }

  /** @param {number} row */
  open(row) {
    this.dispatchEvent(new CustomEvent('vs-open', {detail: row}));
  }

  /** @param {string} action */
  act(action) {
    this.dispatchEvent(new CustomEvent('vs-do', {detail: action}));
  }

  /** @param {MouseEvent} event */
  #menu(event) {
    const row = this.#rowOf(event);
    const {folder} = this.browsing;
    if (!folder || /** @type {Element} */ (event.target).closest('.head')) return;
    event.preventDefault();
    if (row >= 0 && !folder.picking.has(row)) folder.picking.only(row);
    this.picked();
    this.#openMenu(event.clientX, event.clientY, event.buttons);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} [buttons] of the mouse that are down
   */
  #openMenu(x, y, buttons = 0) {
    this.dispatchEvent(new CustomEvent('vs-menu', {detail: {x, y, buttons}}));
  }

  /** Asks for the menu beside the active row. */
  showMenu() {
    const box = (this.renderRoot.querySelector('.body .row[tabindex="0"]') ?? this.#scroll()).getBoundingClientRect();
    this.#openMenu(box.left + 32, Math.min(box.bottom, innerHeight - 8));
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    if (/** @type {Element} */ (event.target).closest('.head') || !this.#keys.press(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Something else is picked. */
  picked() {
    this.requestUpdate();
    this.#tellPicked();
  }

  #tellPicked() {
    this.dispatchEvent(new CustomEvent('vs-pick'));
  }
}

customElements.define('vs-file-grid', FileGrid);
