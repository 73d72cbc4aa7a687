// What became of the files that went into a new one: those that could not be
// read, and those that have another name there.

import {LitElement, css, html, nothing} from 'lit';
import {formatCount, formatNumber} from '../format.js';
import {shared} from '../styles/shared.js';

/** @import {Made} from '../jobs/desk.js' */

/** <vs-made-files .saved> */
export class MadeFiles extends LitElement {
  static properties = {saved: {attribute: false}};

  static styles = [shared, css`
    :host { display: grid; gap: 6px; grid-template-columns: minmax(0, 1fr); }
    summary { cursor: pointer; }
    ul { max-block-size: 180px; margin-block-start: 6px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
    li { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 4px 8px; overflow-wrap: anywhere; }
    li + li { border-block-start: 1px solid var(--line); }
    li span { color: var(--muted); }
  `];

  constructor() {
    super();
    /** @type {Made | null} */
    this.saved = null;
  }

  render() {
    const {unread = [], unreadCount = 0, renamed = [], renamedCount = 0} = this.saved ?? {};
    return html`
      ${this.#renderList(unreadCount, unread.map(({path, message}) => [path, message]), 'warning', html`could not be read; the archive says so in ${unreadCount === 1 ? 'its' : 'their'} place`)}
      ${this.#renderList(renamedCount, renamed.map(({path, name}) => [path, name]), '', html`${renamedCount === 1 ? 'has another name' : 'have other names'} in the archive, which every system takes`)}`;
  }

  /**
   * @param {number} count of all
   * @param {[string, string][]} listed a path, and what there is to say of it
   * @param {string} tone
   * @param {unknown} words
   */
  #renderList(count, listed, tone, words) {
    if (count === 0) return nothing;
    return html`<details><summary class=${tone}>${formatCount(count, 'file')} ${words}</summary>
      <ul tabindex="0" aria-label=${formatCount(listed.length, 'file')}>${listed.map(([path, text]) => html`<li data-testid="made-file"><bdi>${path}</bdi><span><bdi>${text}</bdi></span></li>`)}</ul>
      ${count > listed.length ? html`<p>The first ${formatNumber(listed.length)} are listed.</p>` : nothing}</details>`;
  }
}

customElements.define('vs-made-files', MadeFiles);
