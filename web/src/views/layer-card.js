// One layer of a chain: what file it is, and what state it is in.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {baseName, formatCount, formatNumber, formatShare, formatSize} from '../format.js';
import {layerClass, layerLabel, layerStyles, layerTitle} from '../layers.js';
import {networkFacts, networkTag} from '../remote/network-tag.js';
import {isRemote} from '../remote/remote-file.js';
import {shared} from '../styles/shared.js';
import {tagStyles} from '../styles/tag.js';
import {kindWord, layerSign} from '../words.js';
import {act} from './action-menu.js';
import './icon.js';
import './layer-findings.js';

/** @import {FileInfo, LayerInfo} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/** <vs-layer-card .layer .file .disk .index .child chosen> */
export class LayerCard extends LitElement {
  static properties = {
    workspace: {attribute: false}, layer: {attribute: false}, file: {attribute: false}, disk: {attribute: false},
    index: {attribute: false}, place: {attribute: false}, child: {attribute: false}, chosen: {type: Boolean, reflect: true},
  };

  static styles = [shared, layerStyles, tagStyles, css`
    :host { display: block; container-type: inline-size; content-visibility: auto; contain-intrinsic-size: auto 280px; }
    article {
      display: grid;
      gap: 10px;
      padding: 12px 14px;
      border: 1px solid var(--line);
      border-inline-start: 4px solid var(--layer);
      border-radius: 7px;
      background: var(--raised);
    }
    :host([chosen]) article { border-color: var(--layer); }
    header { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }
    h3 { flex: 1 1 12em; min-inline-size: 0; font-size: 14px; line-height: 1.35; }
    .folder { display: block; color: var(--muted); font-weight: 400; font-size: 12px; }
    .state { display: inline-flex; gap: 4px; align-items: center; font-size: 12px; font-weight: 500; }
    .state vs-icon { font-size: 14px; vertical-align: 0; }
    dl { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px 16px; }
    dl > div { min-inline-size: 0; }
    dl > .half { grid-column: span 2; }
    .exact { display: block; color: var(--muted); font-size: 12px; }
    dt { color: var(--muted); font-size: 12px; }
    dd { overflow-wrap: anywhere; }
    .bar { display: block; block-size: 6px; margin-block: 4px 2px; border-radius: 3px; background: var(--sunken); overflow: hidden; border: 1px solid var(--line); }
    .bar svg { display: block; inline-size: 100%; block-size: 100%; }
    .bar rect { fill: var(--layer); }
    details summary { color: var(--muted); font-size: 12px; cursor: pointer; }
    .names { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 2px 12px; padding-block-start: 4px; font-size: 12px; }
    .names dt { color: var(--muted); }
    .warn { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 8px 10px; border-radius: 5px; background: color-mix(in srgb, var(--warning) 12%, transparent); }
    .warn span { flex: 1 1 16em; }
    @container (max-width: 600px) { dl { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
    @container (max-width: 360px) { header h3 { flex-basis: 8em; } header .state { order: 1; flex-basis: 100%; } }
    @container (max-width: 300px) { dl { grid-template-columns: minmax(0, 1fr); } dl > .half { grid-column: auto; } .names { grid-template-columns: minmax(0, 1fr); } }
    @media (forced-colors: active) { .bar rect { fill: CanvasText; } }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {LayerInfo} */
    this.layer = /** @type {any} */ (undefined);
    /** @type {FileInfo} */
    this.file = /** @type {any} */ (undefined);
    /** Id of the disk that it is a layer of. */
    this.disk = 0;
    this.index = 0;
    /** By which it is called and coloured: see placeOf. */
    this.place = 0;
    /** Key of the file above, 0 for the leaf. */
    this.child = 0;
    this.chosen = false;
  }

  render() {
    const {file, layer, index, place} = this;
    const sign = layerSign(layer);
    const {errors, warnings, notes} = file.findings;
    const name = baseName(file.name);
    const given = this.workspace.opened.given(file.key);
    const folder = file.name.slice(0, file.name.length - name.length);
    return html`<article class=${layerClass(place)} aria-label="${layerTitle(place)}: ${name}">
      <header>
        <span class="badge" aria-hidden="true">${layerLabel(place)}</span>
        <h3><bdi>${name}</bdi>${folder ? html`<bdi class="folder">${folder}</bdi>` : nothing}</h3>
        ${isRemote(given) ? networkTag(given) : nothing}
        <span class="state ${sign.tone}"><vs-icon name=${sign.icon}></vs-icon>${sign.word}</span>
        <vs-action-menu .workspace=${this.workspace} .disk=${this.disk} .layer=${index}></vs-action-menu>
      </header>
      ${layer.chosen ? html`<p class="warn"><span>You chose this file as the parent. If it is not the disk
          that the layer above was made from, sectors of two different states are mixed.</span>
          <vscode-button secondary data-testid="relink-chosen" @click=${this.#relink}>Relink, so that other tools find it too…</vscode-button>
          <vscode-button secondary @click=${this.#takeBack}>Take back</vscode-button></p>` : nothing}
      <dl>${file.kind === 'raw' ? this.#renderRaw() : this.#renderVhd()}
        ${isRemote(given) ? networkFacts(given).map(({term, value}) => pair(term, value, 'half')) : nothing}</dl>
      ${file.parentNames.length > 0 ? this.#renderNames() : nothing}
      ${errors + warnings + notes > 0
        ? html`<vs-layer-findings .workspace=${this.workspace} .file=${file} ?open=${layer.state === 'damaged'}></vs-layer-findings>` : nothing}
    </article>`;
  }

  #renderRaw() {
    return [
      pair('Type', 'Raw disk, used as the base'),
      pair('Size', bytes(this.file.size)),
    ];
  }

  #renderVhd() {
    const {file} = this;
    const differs = file.geometrySize !== file.virtualSize && file.geometrySize > 0;
    return [
      pair('Type', kindWord(file)),
      pair('Virtual size', html`${bytes(file.virtualSize)}${differs
        ? html`<span class="exact" title="What cylinders, heads and sectors come to; it is not used">by geometry ${formatNumber(file.geometrySize)}</span>` : nothing}`),
      pair('File size', bytes(file.size)),
      file.blocks > 0 ? pair('Blocks', `${formatNumber(file.blocks)} × ${formatSize(file.blockSize)}`) : nothing,
      pair('Created', file.created ? `${file.created}${/UTC|Z$/.test(file.created) ? '' : ' UTC'}` : 'not recorded'),
      pair('Creator', file.creator || 'not recorded'),
      file.blocks > 0 ? this.#renderAllocated() : nothing,
      pair('Identity', html`<code>${file.uuid}</code>`, 'half'),
      file.parentUuid ? pair('Parent’s identity', html`<code>${file.parentUuid}</code>`, 'half') : nothing,
    ];
  }

  #renderAllocated() {
    const {allocated, blocks} = this.file;
    const share = blocks > 0 ? Math.min(100, (allocated / blocks) * 100) : 0;
    // What is there at all is to be seen.
    const width = allocated > 0 ? Math.max(share, 0.6) : 0;
    return html`<div class="half"><dt>Allocated</dt><dd>
      <span class="bar" aria-hidden="true"><svg viewBox="0 0 100 1" preserveAspectRatio="none"><rect width=${width} height="1"></rect></svg></span>
      ${formatShare(allocated, blocks)} <span class="muted">(${formatNumber(allocated)} of ${formatCount(blocks, 'block')})</span></dd></div>`;
  }

  #renderNames() {
    const {parentNames} = this.file;
    return html`<details><summary>${formatCount(parentNames.length, 'name')} under which it knows its parent</summary>
      <dl class="names">${parentNames.map(({origin, text}) => html`<dt>${origin}</dt><dd><bdi>${text}</bdi></dd>`)}</dl></details>`;
  }

  /** @param {Event} event */
  #relink(event) {
    event.stopPropagation();
    act(this, 'relink', {disk: this.disk, layer: this.index - 1, file: this.child});
  }

  /** @param {Event} event */
  #takeBack(event) {
    event.stopPropagation();
    void this.workspace.choose(this.child, 0);
  }
}

/**
 * @param {string} term
 * @param {unknown} value
 * @param {string} [width]
 */
function pair(term, value, width = '') {
  return html`<div class=${width}><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** @param {number} size */
function bytes(size) {
  return html`${formatSize(size)}${size < 1024 ? nothing : html`<span class="exact">${formatNumber(size)} bytes</span>`}`;
}

customElements.define('vs-layer-card', LayerCard);
