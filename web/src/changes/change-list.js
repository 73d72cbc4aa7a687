// Changes of files, a row each: what happened, where, how much, and the ways
// to the file, its changed ranges and their sectors.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {formatExactTime, timeOf} from '../files/times.js';
import {baseName, formatNumber, formatOffset, formatSize} from '../format.js';
import {shared} from '../styles/shared.js';
import '../views/icon.js';
import {factsOf, signs} from './report.js';

/** @import {Change, Side} from '../engine/volumes-protocol.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Kind} from './report.js' */

/** How many more rows are drawn at a time. */
const page = 200;

/** How many ranges of a file are drawn. */
const mostRanges = 100;

/** <vs-change-list .workspace .at .changes paths>: at is the volume; paths tells whether rows have whole paths. */
export class ChangeList extends LitElement {
  static properties = {workspace: {attribute: false}, at: {attribute: false}, changes: {attribute: false}, paths: {type: Boolean}, shown: {state: true}};

  static styles = [shared, css`
    :host { display: block; }
    li { padding: 4px 0; }
    li + li { border-block-start: 1px solid var(--line); }
    summary, .plain { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 8px; cursor: pointer; }
    summary { list-style: none; }
    summary::-webkit-details-marker { display: none; }
    .what { display: inline-flex; gap: 6px; align-items: center; inline-size: 15em; }
    .fold { color: var(--muted); }
    details[open] .fold { rotate: 90deg; }
    @media (prefers-reduced-motion: no-preference) { .fold { transition: rotate 80ms; } }
    .name { overflow-wrap: anywhere; }
    .facts { grid-column: 2; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
    .more { display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; padding: 6px 0 6px 21px; }
    table { justify-self: start; border-collapse: collapse; font-size: 12px; }
    th, td { padding: 0 24px 0 0; text-align: start; vertical-align: baseline; }
    th { color: var(--muted); font-weight: 400; }
    .ranges { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 12px; max-block-size: 140px; overflow: auto; }
    .ways { display: flex; flex-wrap: wrap; gap: 4px 16px; }
    @media (max-width: 560px) { summary { grid-template-columns: minmax(0, 1fr); } .facts { grid-column: 1; } .what { inline-size: auto; } .more { padding-inline-start: 0; } }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    this.at = {disk: 0, start: 0};
    /** @type {readonly Change[]} */
    this.changes = [];
    this.paths = false;
    this.shown = page;
  }

  render() {
    const {changes, shown} = this;
    return html`<ul>${changes.slice(0, shown).map((change) => html`<li data-testid="change" data-change=${change.change} data-path=${change.path}>
        <details><summary>${this.#renderHead(change)}</summary>${this.#renderMore(change)}</details></li>`)}</ul>
      ${changes.length > shown ? html`<p><vscode-button secondary @click=${() => { this.shown += page; }}>Show ${formatNumber(Math.min(page, changes.length - shown))} more of ${formatNumber(changes.length)}</vscode-button></p>` : nothing}`;
  }

  /** @param {Change} change */
  #renderHead(change) {
    const sign = signs[/** @type {Kind} */ (change.change)];
    const facts = factsOf(change);
    return html`<span class="what ${sign.tone}"><vs-icon class="fold" name="chevron-right"></vs-icon><vs-icon name=${sign.icon}></vs-icon>${sign.word}</span>
      <span class="name"><bdi>${this.paths ? change.path : baseName(change.path)}</bdi>${change.kind === 'directory' ? ' (folder)' : change.kind === 'link' ? ' (link)' : ''}</span>
      ${facts || change.problem ? html`<span class="facts">${facts}${change.problem ? html` <span class="bad">${change.problem}</span>` : nothing}</span>` : nothing}`;
  }

  /** @param {Change} change */
  #renderMore(change) {
    const {path, before, after, ranges, rangesBytes} = change;
    return html`<div class="more">
      <table><thead><tr><td></td><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>
        ${[['Size', (/** @type {Side} */ one) => formatSize(one.size)], ['Modified', (/** @type {Side} */ one) => formatExactTime(timeOf(one.modified)) || 'not kept'],
          ['Attributes', (/** @type {Side} */ one) => one.attributes || '–']].map(([name, value]) => html`<tr><th scope="row">${name}</th>
          ${[before, after].map((side) => html`<td>${side ? /** @type {(side: Side) => string} */ (value)(side) : '–'}</td>`)}</tr>`)}</tbody></table>
      ${ranges.length === 0 ? nothing : html`<p class="muted">Changed bytes of the file, ${formatSize(rangesBytes)} in all:</p>
        <ul class="ranges" tabindex="0" aria-label="Changed ranges">${ranges.slice(0, mostRanges).map(({offset, length}) => html`<li data-testid="changed-range">
          ${after ? html`<button type="button" class="link mono" title="Show the sectors of these bytes" @click=${() => this.#showRange(path, offset, length)}>${formatOffset(offset)}</button>`
    : html`<code>${formatOffset(offset)}</code>`}, ${formatSize(length)}</li>`)}
          ${ranges.length > mostRanges ? html`<li class="muted">and ${formatNumber(ranges.length - mostRanges)} more; all are in the saved JSON</li>` : nothing}</ul>`}
      <p class="ways">${after ? html`<button type="button" class="link" data-testid="show-changed" @click=${() => this.workspace.looking.showFile(this.at.disk, this.at.start, path)}>Show in Files</button>
        ${change.kind === 'file' ? html`<button type="button" class="link" @click=${() => void this.workspace.tracing.outline(this.at, path)}>Show its sectors</button>` : nothing}`
    : html`<span class="muted">It is no longer there: what it was is in the layers below.</span>`}</p></div>`;
  }

  /**
   * @param {string} path
   * @param {number} offset
   * @param {number} length
   */
  #showRange(path, offset, length) {
    void this.workspace.tracing.outline(this.at, path, {offset, length});
  }
}

customElements.define('vs-change-list', ChangeList);
