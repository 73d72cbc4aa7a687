// The images of a library as rows with a box each: one of them takes the
// focus, arrows move it, Space picks.

import {LitElement, css, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {baseName, formatDate, formatSize, legible} from '../format.js';
import {shared} from '../styles/shared.js';
import {tagStyles} from '../styles/tag.js';
import '../views/icon.js';

/** @import {LibraryImage} from './library.js' */

/** <vs-image-list .images .picked .opened>; events 'vs-pick' (detail: a key), 'vs-end' (its end came into view). */
export class ImageList extends LitElement {
  static properties = {images: {attribute: false}, picked: {attribute: false}, opened: {attribute: false}, at: {state: true}};

  static styles = [shared, tagStyles, css`
    :host { display: block; overflow: auto; min-block-size: 120px; border: 1px solid var(--line); border-radius: 7px; background: var(--surface); overscroll-behavior: contain; container-type: inline-size; }
    li { content-visibility: auto; contain-intrinsic-size: auto 44px; }
    li + li { border-block-start: 1px solid var(--line); }
    label { display: grid; grid-template-columns: auto minmax(0, 1fr) 6.5em 11em; gap: 2px 12px; align-items: center; min-block-size: 44px; padding: 5px 12px; cursor: pointer; }
    label:hover { background: var(--hover); }
    label:has(:checked) { background: color-mix(in srgb, var(--accent) 12%, transparent); }
    label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: -2px; }
    label:has(:disabled) { cursor: default; color: var(--muted); }
    input { accent-color: var(--accent); margin: 0; }
    input:focus-visible { outline: none; }
    .name { font-weight: 500; }
    .folder { display: block; color: var(--muted); font-size: 12px; }
    .size, .date { color: var(--muted); font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; font-size: 12px; }
    .why { display: block; color: var(--warning); font-size: 12px; }
    @container (max-width: 520px) {
      label { grid-template-columns: auto minmax(0, 1fr) auto; }
      .date { display: none; }
    }
  `];

  constructor() {
    super();
    /** @type {readonly LibraryImage[]} */
    this.images = [];
    /** @type {ReadonlySet<string>} keys */
    this.picked = new Set();
    /** Addresses of those that are open. @type {ReadonlySet<string>} */
    this.opened = new Set();
    /** The row that takes the focus. */
    this.at = 0;
    this.addEventListener('scroll', () => {
      if (this.scrollTop + this.clientHeight > this.scrollHeight - 160) this.dispatchEvent(new CustomEvent('vs-end'));
    });
  }

  render() {
    const at = Math.min(this.at, this.images.length - 1);
    return html`<ul aria-label="Images" @keydown=${this.#keyDown}>${repeat(this.images, ({key}) => key, (image, i) => this.#renderImage(image, i, i === at))}</ul>`;
  }

  /**
   * @param {LibraryImage} image
   * @param {number} index
   * @param {boolean} reachable
   */
  #renderImage({key, size, uploaded, url}, index, reachable) {
    const name = baseName(key);
    const folder = key.slice(0, key.length - name.length);
    const open = this.opened.has(url);
    return html`<li><label data-testid="library-image" data-key=${key}>
      <input type="checkbox" tabindex=${reachable ? '0' : '-1'} .checked=${this.picked.has(key)} ?disabled=${url === ''}
        @change=${() => this.dispatchEvent(new CustomEvent('vs-pick', {detail: key}))} @focus=${() => { this.at = index; }}>
      <span><bdi class="name">${legible(name)}</bdi>${open ? html` <span class="tag"><vs-icon name="check"></vs-icon>open</span>` : nothing}
        ${folder ? html`<span class="folder"><bdi>${legible(folder)}</bdi></span>` : nothing}
        ${url === '' ? html`<span class="why">An address cannot hold this name, so it cannot be read.</span>` : nothing}</span>
      <span class="size">${formatSize(size)}</span>
      <span class="date">${uploaded ? formatDate(uploaded) : ''}</span></label></li>`;
  }

  /** Goes to the row that takes the focus. */
  focus() {
    this.#boxes()[this.at]?.focus();
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    const boxes = this.#boxes();
    const last = boxes.length - 1;
    const next = {ArrowDown: Math.min(last, this.at + 1), ArrowUp: Math.max(0, this.at - 1), Home: 0, End: last}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.at = next;
    // What cannot be picked is passed over by the focus, not by the eye.
    boxes[next]?.focus();
    boxes[next]?.closest('li')?.scrollIntoView({block: 'nearest'});
    if (next === last) this.dispatchEvent(new CustomEvent('vs-end'));
  }

  #boxes() {
    return /** @type {HTMLInputElement[]} */ ([...this.renderRoot.querySelectorAll('input')]);
  }
}

customElements.define('vs-image-list', ImageList);
