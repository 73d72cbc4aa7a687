// The chain of the chosen disk, explained: a card a layer, from the leaf
// down to the base, and between two cards why the lower one is the parent.

import {css, html, nothing} from 'lit';
import {chosenDisk, fileOf} from '../engine/store.js';
import {baseName, formatNumber, formatSize} from '../format.js';
import {layerStyles, layerTitle, layerWord, placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';
import {verdict} from '../words.js';
import {View} from './view.js';
import {act} from './action-menu.js';
import './icon.js';
import './layer-card.js';
import './missing-parent.js';

/** @import {DiskInfo, LayerInfo} from '../engine/protocol.js' */

/** <vs-chain-view> */
export class ChainView extends View {
  static styles = [shared, layerStyles, css`
    :host { overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); padding: 16px; max-inline-size: 880px; }
    header { display: grid; gap: 4px; margin-block-end: 16px; }
    h2 { font-size: 18px; line-height: 1.3; }
    .verdict { display: flex; gap: 6px; align-items: center; font-weight: 500; }
    ol { display: grid; grid-template-columns: minmax(0, 1fr); }
    .missing { overflow-wrap: anywhere; }
    .joint {
      display: grid;
      grid-template-columns: 20px minmax(0, 1fr);
      gap: 10px;
      margin-inline-start: 22px;
      padding-block: 2px;
      color: var(--muted);
      font-size: 12px;
    }
    .arrow { position: relative; justify-self: center; min-block-size: 26px; border-inline-start: 1.5px solid var(--line-strong); }
    .arrow::after {
      content: '';
      position: absolute;
      inset-block-end: 1px;
      inset-inline-start: -4.25px;
      inline-size: 7px;
      block-size: 7px;
      border: solid var(--line-strong);
      border-width: 0 1.5px 1.5px 0;
      rotate: 45deg;
    }
    .why { padding-block: 6px; overflow-wrap: anywhere; }
    .why li + li { margin-block-start: 2px; }
    @container (max-width: 520px) { .page { padding: 12px; } .joint { margin-inline-start: 8px; } }
  `];

  #shown = '';

  render() {
    const {state} = this;
    const disk = chosenDisk(state);
    if (!disk) return nothing;
    const {word, icon, tone} = verdict(disk);
    return html`<div class="page">
      <header>
        <h2><bdi>${baseName(disk.name)}</bdi></h2>
        <p class="verdict ${tone}"><vs-icon name=${icon}></vs-icon>${word}</p>
        ${disk.missing ? html`<p class="missing">${disk.missing.message}
          <button type="button" class="link" @click=${this.#showMissing}>Show what is missing</button></p>` : nothing}
        <p class="muted">A virtual machine sees a disk of ${formatSize(disk.size)} (${formatNumber(disk.size)} bytes,
          ${formatNumber(Math.ceil(disk.size / 512))} sectors).${disk.layers.length > 1 ? html` Each sector comes from the first layer below that has it, from the top down.` : nothing}</p>
      </header>
      <ol>${disk.layers.map((layer, index) => this.#renderLayer(disk, layer, index))}
        ${disk.missing && disk.layers.at(-1)?.file !== 0 ? html`<li>${this.#renderMissing(disk, disk.layers.length)}</li>` : nothing}</ol>
    </div>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {LayerInfo} layer
   * @param {number} index
   */
  #renderLayer(disk, layer, index) {
    const {state, workspace} = this;
    const file = fileOf(state, layer.file);
    const above = disk.layers[index - 1];
    if (!file) return html`<li>${this.#renderMissing(disk, index)}</li>`;
    return html`<li>
      ${above ? this.#renderLink(disk, index, layer) : nothing}
      <vs-layer-card data-index=${index} .workspace=${workspace} .layer=${layer} .file=${file} .disk=${disk.id} .index=${index} .place=${placeOf(disk.layers, index)} .child=${above?.file ?? 0}
        ?chosen=${index === state.layer && disk.layers.length > 1}
        @click=${() => workspace.looking.selectLayer(disk.id, index)}></vs-layer-card>
    </li>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index
   * @param {LayerInfo} layer
   */
  #renderLink(disk, index, layer) {
    const lines = layer.evidence.length > 0 ? layer.evidence
      : [`${this.#title(disk, index)} is the parent of ${this.#word(disk, index - 1)}.`];
    return html`<div class="joint"><span class="arrow"></span>
      <ul class="why" aria-label="Why ${this.#word(disk, index)} is the parent of ${this.#word(disk, index - 1)}">
        ${lines.map((line) => html`<li><bdi>${line}</bdi></li>`)}
        ${this.#isNamed(disk, index) ? nothing : html`<li>It has another name than the child has for it, so that other tools may not find it.
          <button type="button" class="link" data-testid="relink-name" @click=${() => act(this, 'relink',
            {disk: disk.id, layer: index - 1, file: disk.layers[index - 1]?.file ?? 0})}>Relink…</button></li>`}</ul></div>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index of a parent
   * @returns {boolean} whether one of the names that its child has for it is its file's; there may be none
   */
  #isNamed({layers}, index) {
    const names = fileOf(this.state, layers[index - 1]?.file ?? 0)?.parentNames ?? [];
    const name = baseName(layers[index]?.name ?? '').toLowerCase();
    return names.length === 0 || names.some(({text}) => baseName(text).toLowerCase() === name);
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index
   */
  #renderMissing(disk, index) {
    return html`${index > 0 ? html`<div class="joint"><span class="arrow"></span><span class="why">${this.#title(disk, index - 1)} asks for a parent.</span></div>` : nothing}
      ${disk.missing ? html`<vs-missing-parent data-index=${index} .workspace=${this.workspace} .missing=${disk.missing} .disk=${disk.id} .index=${index} .place=${placeOf(disk.layers, index)}></vs-missing-parent>` : nothing}`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index
   */
  #title({layers}, index) {
    return layerTitle(placeOf(layers, index));
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index
   */
  #word({layers}, index) {
    return layerWord(placeOf(layers, index));
  }

  #showMissing() {
    this.renderRoot.querySelector('vs-missing-parent')?.scrollIntoView({block: 'center'});
  }

  updated() {
    // A layer chosen in the tree comes into view; others stay where they are.
    const {disk, layer} = this.state;
    const now = `${disk} ${layer}`;
    if (now === this.#shown) return;
    const first = this.#shown === '';
    this.#shown = now;
    // A missing layer has no card but its place.
    if (!first) this.renderRoot.querySelector(`[data-index="${layer}"]`)?.scrollIntoView({block: 'nearest'});
  }
}

customElements.define('vs-chain-view', ChainView);
