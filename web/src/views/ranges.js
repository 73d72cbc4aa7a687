// Ranges of a file with what there is to say of each: what was lost, what was
// changed. There may be very many, so only the first are drawn at once.

import {LitElement, css, html, nothing} from 'lit';
import {formatCount, formatNumber, formatOffset, formatSize} from '../format.js';
import {download} from '../jobs/place.js';
import {plain} from '../jobs/report.js';
import {shared} from '../styles/shared.js';

/** @import {Changed, Lost} from '../engine/jobs-protocol.js' */

/** How many more are drawn at a time. */
const page = 100;

/** <vs-ranges .ranges name>: name is the text file's that they can be saved as. */
export class Ranges extends LitElement {
  static properties = {ranges: {attribute: false}, name: {type: String}, shown: {state: true}};

  static styles = [shared, css`
    :host { display: grid; gap: 6px; grid-template-columns: minmax(0, 1fr); }
    ul { max-block-size: 180px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
    li { display: flex; flex-wrap: wrap; gap: 0 12px; padding: 4px 8px; overflow-wrap: anywhere; }
    li + li { border-block-start: 1px solid var(--line); }
    li span { flex: 1 1 16em; }
    code { color: var(--muted); }
    p { display: flex; flex-wrap: wrap; gap: 4px 14px; }
  `];

  constructor() {
    super();
    /** @type {readonly (Lost | Changed)[]} */
    this.ranges = [];
    this.name = '';
    this.shown = page;
  }

  render() {
    const {ranges, shown} = this;
    return html`<ul tabindex="0" aria-label=${formatCount(ranges.length, 'range')}>
        ${ranges.slice(0, shown).map(({offset, length, message}) => html`<li data-testid="range"><span>${message}</span>
          <code title="${formatNumber(offset)}, ${formatCount(length, 'byte')}">${formatOffset(offset)}, ${formatSize(length)}</code></li>`)}</ul>
      <p>${ranges.length > shown ? html`<button type="button" class="link" @click=${() => { this.shown += page; }}>Show more of ${formatNumber(ranges.length)}</button>` : nothing}
        ${this.name ? html`<button type="button" class="link" @click=${this.#save}>Save this list as text</button>` : nothing}</p>`;
  }

  #save() {
    const lines = this.ranges.map(({offset, length, message}) => `${formatOffset(offset)}\t${length}\t${plain(message)}`);
    download(new Blob([`offset\tbytes\t\n${lines.join('\n')}\n`], {type: 'text/plain'}), this.name);
  }
}

customElements.define('vs-ranges', Ranges);
