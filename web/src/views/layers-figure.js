// A picture of the main job: what each layer of a chain holds, and what a
// machine reads through them.

import {LitElement, css, html, svg} from 'lit';
import {layerClass, layerLabel, layerStyles} from '../layers.js';
import {shared} from '../styles/shared.js';

/** Which sectors each layer of the picture has, leaf first. */
const layers = ['..x......x......', '....xx...x..xxx.', 'xxxx.xxx..xxxx..'];
const names = ['today.vhd', 'last week.vhd', 'base.vhd'];

const width = 22;
const height = 18;
const left = 110;
const step = 26;
const count = layers[0]?.length ?? 0;

/** <vs-layers-figure> */
export class LayersFigure extends LitElement {
  static styles = [shared, layerStyles, css`
    :host { display: block; }
    svg { display: block; inline-size: 100%; block-size: auto; }
    text { fill: var(--muted); font: 12px var(--font); }
    .cell { fill: var(--layer-fill); stroke: var(--layer); }
    .hole { fill: none; stroke: var(--line); stroke-dasharray: 2 2; }
    .letter { fill: var(--layer); font: 600 11px var(--mono); text-anchor: middle; }
    .result { fill: var(--text); font-weight: 600; }
    .line { stroke: var(--line-strong); }
  `];

  render() {
    const bottom = layers.length * step + 14;
    return html`<svg viewBox="0 0 ${left + count * (width + 2)} ${bottom + height + 2}" role="img"
      aria-label="Three layers, each with some sectors of a disk, and below them the disk as its machine reads it: every sector from the first layer that has it.">
      ${layers.map((cells, layer) => svg`
        <text x="0" y=${layer * step + 14}>${names[layer]}</text>
        ${[...cells].map((cell, i) => this.#cell(cell === 'x' ? layer : null, i, layer * step + 1))}`)}
      <path class="line" d="M0 ${bottom - 8.5}H${left + count * (width + 2)}"></path>
      <text class="result" x="0" y=${bottom + 13}>what it reads</text>
      ${Array.from({length: count}, (_, i) => this.#cell(layers.findIndex((cells) => cells[i] === 'x'), i, bottom))}
    </svg>`;
  }

  /**
   * @param {number | null} layer null for a sector that a layer does not have, -1 for one that none has
   * @param {number} column
   * @param {number} y
   */
  #cell(layer, column, y) {
    const x = left + column * (width + 2) + 1;
    if (layer === null) return svg`<rect class="hole" x=${x} y=${y} width=${width} height=${height} rx="3"></rect>`;
    return svg`<g class=${layerClass(layer)}>
      <rect class="cell" x=${x} y=${y} width=${width} height=${height} rx="3"></rect>
      <text class="letter" x=${x + width / 2} y=${y + 13}>${layer < 0 ? '0' : layerLabel(layer)}</text></g>`;
  }
}

customElements.define('vs-layers-figure', LayersFigure);
