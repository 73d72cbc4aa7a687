// The volumes of a disk, as a picture and as a table, with the gaps between
// them, what is wrong, and why some cannot be browsed.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {formatCount, formatNumber, formatOffset, formatSize, legible} from '../format.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {severitySign} from '../words.js';
import {volumeStyles} from './volumes-styles.js';
import {family, labelOf, schemeWord, uuidOf, volumeName} from './volume-words.js';
import '../views/icon.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {DiskFiles} from './files.js' */
/** @import {Layout, Part} from '../engine/volumes-protocol.js' */

/** <vs-volumes-view .disk .known>: known is what the store has of them. */
export class VolumesView extends View {
  static properties = {disk: {attribute: false}, known: {attribute: false}, at: {state: true}};

  static styles = [shared, volumeStyles, css`
    :host { display: block; overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 16px; max-inline-size: 1080px; }
    .facts { display: flex; flex-wrap: wrap; gap: 2px 16px; color: var(--muted); }
    .said { display: flex; gap: 6px; }
    .said vs-icon { vertical-align: 0; translate: 0 2px; }
    .findings { display: grid; gap: 6px; }
    @container (max-width: 520px) { .page { padding: 12px; } }
  `];

  constructor() {
    super();
    /** @type {DiskInfo} */
    this.disk = /** @type {any} */ (undefined);
    /** @type {DiskFiles} */
    this.known = /** @type {any} */ (undefined);
    /** The segment that the keyboard is at. */
    this.at = 0;
  }

  render() {
    const {layout} = this.known;
    if (!layout) return nothing;
    const count = layout.parts.filter(({gap}) => !gap).length;
    return html`<div class="page">
      <p class="facts"><span>${count === 0 ? 'No volume' : formatCount(count, 'volume')} on ${formatSize(this.disk.size)}</span><span>${schemeWord(layout.scheme)}</span>
        ${layout.uuid ? html`<span>Identity <code>${layout.uuid}</code></span>` : nothing}
        ${layout.sectorSize === 512 ? nothing : html`<span>${formatCount(layout.sectorSize, 'byte')} a sector</span>`}</p>
      ${this.#renderFindings(layout)}
      ${layout.parts.length > 0 ? html`${this.#renderBar(layout.parts)}${this.#renderTable(layout.parts)}` : nothing}
    </div>`;
  }

  /** @param {Layout} layout */
  #renderFindings({findings}) {
    if (findings.length === 0) return nothing;
    return html`<ul class="findings" aria-label="What is wrong with the partition table">${findings.map(({severity, message, offset}) => {
      const sign = severitySign(severity);
      return html`<li class="said" data-testid="layout-finding"><vs-icon class=${sign.tone} name=${sign.icon}></vs-icon>
        <span><strong class=${sign.tone}>${sign.word}:</strong> ${message}${offset >= 0 ? html` ${this.#renderPlace(offset, 512)}` : nothing}</span></li>`;
    })}</ul>`;
  }

  /** @param {Part[]} parts */
  #renderBar(parts) {
    const at = Math.min(this.at, parts.length - 1);
    return html`<div class="bar" role="group" aria-label="The disk from its start to its end" @keydown=${this.#barKey}>${parts.map((part, i) => {
      const words = part.gap ? `Not in any volume, ${formatSize(part.size)}` : `${volumeName(part)}, ${formatSize(part.size)}`;
      return html`<button type="button" class=${family(part)} tabindex=${i === at ? 0 : -1} title=${words}
        .style=${`flex-grow: ${part.size / this.disk.size}`} @focus=${() => { this.at = i; }} @click=${() => this.#pressed(part, i)}>
        ${part.gap ? html`<span class="visually-hidden">${words}</span>`
          : html`<bdi>${legible(labelOf(part)) || part.content || part.type}</bdi><small>${formatSize(part.size)}</small>
            <span class="visually-hidden">${part.content || part.type}${part.browsable ? ': browse' : ''}</span>`}</button>`;
    })}</div>`;
  }

  /** @param {Part[]} parts */
  #renderTable(parts) {
    return html`<div class="frame"><table>
      <thead><tr><th scope="col">No.</th><th scope="col">Type</th><th scope="col">Label</th><th scope="col">File system</th>
        <th scope="col" class="number">Start</th><th scope="col" class="number">Size</th><th scope="col"><span class="visually-hidden">Browse</span></th></tr></thead>
      <tbody>${parts.map((part, i) => (part.gap ? this.#renderGap(part, i) : this.#renderPart(part, i)))}</tbody></table></div>`;
  }

  /**
   * @param {Part} part
   * @param {number} i
   */
  #renderGap(part, i) {
    return html`<tr class="gap" data-testid="gap" id="part-${i}" tabindex="-1"><td></td><th scope="row" colspan="3">In no volume</th>
      <td class="number">${this.#renderPlace(part.start, part.size)}</td>
      <td class="number" title="${formatNumber(part.size)} bytes">${formatSize(part.size)}</td><td></td></tr>`;
  }

  /**
   * @param {Part} part
   * @param {number} i
   */
  #renderPart(part, i) {
    const {index, type, typeId, logical, depth, attributes, start, size, content} = part;
    const uuid = uuidOf(part);
    const label = legible(labelOf(part));
    return html`<tr data-testid="volume" data-start=${start} data-content=${content} id="part-${i}" tabindex="-1">
      <td>${index > 0 ? index : ''}</td>
      <th scope="row"><span class="swatch ${family(part)}"></span><span title=${typeId}>${type || 'Whole disk'}</span>
        ${logical ? html`<small>logical</small>` : nothing}${depth > 0 ? html`<small>inside the one above</small>` : nothing}
        ${attributes.map((attribute) => html`<small>${attribute}</small>`)}</th>
      <td data-key="Label">${label ? html`<bdi>${label}</bdi>` : nothing}${uuid ? html`<code class="uuid">${uuid}</code>` : nothing}</td>
      <td data-key="File system">${content || html`<span class="muted">not known</span>`}</td>
      <td class="number" data-key="Start">${this.#renderPlace(start, size)}</td>
      <td class="number" data-key="Size" title="${formatNumber(size)} bytes">${formatSize(size)}</td>
      <td class="state">${part.browsable ? this.#renderWay(part) : nothing}</td></tr>
      ${this.#renderTrouble(part)}`;
  }

  /** @param {Part} part */
  #renderWay(part) {
    const failed = this.#failureOf(part) !== '';
    return html`<vscode-button ?secondary=${failed} data-testid="browse" aria-label=${`${failed ? 'Try again' : 'Browse'}: ${volumeName(part)}`}
      @click=${() => this.#open(part)}>${failed ? 'Try again' : 'Browse'}</vscode-button>`;
  }

  /**
   * What there is to say of a part, in a row of its own.
   *
   * @param {Part} part
   */
  #renderTrouble(part) {
    const {problem, browsable, content, contentProblem} = part;
    const failure = this.#failureOf(part);
    const locked = /bitlocker|luks|encrypt/i.test(`${content} ${contentProblem}`);
    if (!problem && !failure && browsable) return nothing;
    return html`<tr class="trouble"><td></td><td colspan="6">
      ${problem ? html`<p class="said warning" data-testid="part-problem"><vs-icon name="warning"></vs-icon><span>${problem}</span></p>` : nothing}
      ${failure ? html`<p class="said bad" role="alert" data-testid="volume-problem"><vs-icon name="error"></vs-icon><span>${failure}</span></p>` : nothing}
      ${browsable ? nothing : html`<p class="said muted" data-testid="why-not"><vs-icon name=${locked ? 'lock' : 'circle-slash'}></vs-icon>
        <span>${contentProblem || 'Nothing that is known here is in it.'}</span></p>`}</td></tr>`;
  }

  /** @param {Part} part */
  #failureOf({start}) {
    const volume = this.known.volumes.get(start);
    return volume?.problem || (volume?.browsing?.problem?.message ?? '');
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  #renderPlace(offset, length) {
    return html`<button type="button" class="link mono" title="Show these sectors; byte ${formatNumber(offset)}"
      @click=${() => this.workspace.looking.showSectors(this.disk.id, offset, Math.min(length, 512))}>${formatOffset(offset)}</button>`;
  }

  /**
   * @param {Part} part
   * @param {number} i
   */
  #pressed(part, i) {
    if (part.browsable) this.#open(part);
    else this.#row(i)?.focus();
  }

  /** @param {Part} part */
  #open({start}) {
    const {files} = this.workspace;
    const browsing = this.known.volumes.get(start)?.browsing;
    if (browsing?.problem) void browsing.again();
    void files.open(this.disk, start);
  }

  /** Goes to the first volume that can be browsed. */
  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('[data-testid=browse]') ?? this.renderRoot.querySelector('.bar button'))?.focus();
  }

  /** @param {number} i */
  #row(i) {
    return /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(`#part-${i}`));
  }

  /** @param {KeyboardEvent} event */
  #barKey(event) {
    const segments = /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('.bar button')]);
    const next = {ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: segments.length - 1}[event.key];
    if (next === undefined) return;
    event.preventDefault();
    segments[next]?.focus();
  }
}

customElements.define('vs-volumes-view', VolumesView);
