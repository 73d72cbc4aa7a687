// One row of bytes on the screen, made once and filled again and again.
//
// A row is four elements, and its bytes are one piece of text: 32 elements a
// row would cost too much while scrolling. To assistive technology the row
// has one cell that spans the byte columns. Only the row with the caret has a
// real cell for every byte, in which the caret is the grid's active
// descendant; so the focus stays on the grid and outlives any row.

import {layerClass, layerLabel} from '../layers.js';
import {element, setAttribute, setText} from './dom.js';
import {digitsAt, rowText, unreadableText} from './row-text.js';
import {hexDigits, layerOf, layerSpoken, placeIn} from './words.js';

/** @typedef {import('./types.js').Chunk} Chunk */
/** @typedef {import('./types.js').Source} Source */

/** What is known of a row's bytes: loaded, failed, or (null) on its way. */
/** @typedef {Chunk | Error | null} Content */

/** @typedef {{source: Source, width: number, digits: number}} Shape */

/** Columns of the grid before and after those of the bytes. */
export const columnsBefore = 2;
export const columnsAfter = 1;

/** The cells of the row with the caret. */
export class CaretCells {
  nodes = /** @type {(HTMLElement | Text)[]} */ ([]);
  cells = /** @type {HTMLElement[]} */ ([]);

  /**
   * @param {string} id prefix of the cells' ids
   * @param {number} width
   */
  constructor(id, width) {
    for (let i = 0; i < width; i++) {
      const cell = element('span', {role: 'gridcell', id: `${id}-${i}`, 'aria-colindex': String(columnsBefore + i + 1)}, '');
      if (i > 0) this.nodes.push(new Text(digitsAt(i) - digitsAt(i - 1) === 4 ? '  ' : ' '));
      this.nodes.push(cell);
      this.cells.push(cell);
    }
  }

  /** @param {string} hex */
  fill(hex) {
    this.cells.forEach((cell, i) => {
      const digits = hex.slice(digitsAt(i), digitsAt(i) + 2);
      if (cell.textContent !== digits) cell.textContent = digits;
    });
  }
}

export class ByteRow {
  line = -1;
  #offset = -1;
  /** @type {Content | undefined} */
  #content = undefined;
  /** @type {Shape | undefined} */
  #shape = undefined;
  #hex = '';
  /** @type {CaretCells | null} */
  #cells = null;

  #labelText = new Text();
  #offsetText = new Text();
  #hexText = new Text();
  #characterText = new Text();
  #gutter = element('div', {class: 'gutter', role: 'gridcell', 'aria-colindex': '1'}, this.#labelText);
  #bytes = element('div', {class: 'bytes', role: 'gridcell', 'aria-colindex': String(columnsBefore + 1)}, this.#hexText);
  #characters = element('div', {class: 'text', role: 'gridcell'}, this.#characterText);
  element = element(
    'div', {class: 'line row', role: 'row', 'data-testid': 'hex-row'},
    this.#gutter,
    element('div', {class: 'offset', role: 'rowheader', 'aria-colindex': '2'}, this.#offsetText),
    this.#bytes,
    this.#characters,
  );

  /**
   * @param {number} line
   * @param {number} offset of the first byte
   * @param {Shape} shape
   * @param {Content} content
   */
  draw(line, offset, shape, content) {
    if (this.#shape === shape && this.#offset === offset && this.#content === content) return;
    if (this.line !== line) setAttribute(this.element, 'aria-rowindex', String(line + 2));
    if (this.#shape !== shape) {
      if (!this.#cells) setAttribute(this.#bytes, 'aria-colspan', String(shape.width));
      setAttribute(this.#characters, 'aria-colindex', String(columnsBefore + shape.width + 1));
    }
    this.line = line;
    this.#offset = offset;
    this.#content = content;
    this.#shape = shape;
    setText(this.#offsetText, hexDigits(offset, shape.digits));
    setAttribute(this.element, 'data-offset', String(offset));
    this.#fill(shape, content, Math.min(shape.width, shape.source.size - offset));
  }

  /**
   * @param {Shape} shape
   * @param {Content} content
   * @param {number} length
   */
  #fill({source}, content, length) {
    if (content === null) return this.#show('', '', 'pending', 'layer-none pending', '', 'not loaded yet');
    if (content instanceof Error) {
      return this.#show(unreadableText(length), '', 'unreadable', 'layer-none unreadable', '!', 'could not be loaded');
    }
    const {hex, text, extent, mixed} = rowText(content, this.#offset, length);
    if (!extent || extent.state === 'unreadable') {
      return this.#show(hex, text, 'unreadable', 'layer-none unreadable', '!', 'unreadable');
    }
    const layer = layerOf(source, extent);
    const zeros = source.disk !== 0 && layer < 0;
    const place = placeIn(source, layer);
    const label = layerLabel(place) + (mixed ? '+' : '');
    const name = zeros ? 'no layer: zeros' : layerSpoken(source, layer);
    this.#show(hex, text, String(layer), layerClass(place) + (zeros ? ' zeros' : ''), label, name);
  }

  /**
   * @param {string} hex
   * @param {string} text
   * @param {string} layer for data-layer
   * @param {string} classes
   * @param {string} label in the gutter
   * @param {string} name of the label, in words
   */
  #show(hex, text, layer, classes, label, name) {
    this.#hex = hex;
    if (this.#cells) this.#cells.fill(hex);
    else setText(this.#hexText, hex);
    setText(this.#characterText, text);
    setText(this.#labelText, label);
    setAttribute(this.#gutter, 'aria-label', name);
    setAttribute(this.element, 'data-layer', layer);
    const className = `line row ${classes}`;
    if (this.element.className !== className) this.element.className = className;
  }

  /**
   * Gives the row a cell for each byte, or (null) one for all again.
   * @param {CaretCells | null} cells
   */
  useCells(cells) {
    if (this.#cells === cells) return;
    this.#cells = cells;
    if (cells) {
      cells.fill(this.#hex);
      this.#bytes.setAttribute('role', 'presentation');
      this.#bytes.removeAttribute('aria-colindex');
      this.#bytes.removeAttribute('aria-colspan');
      this.#bytes.replaceChildren(...cells.nodes);
    } else {
      setText(this.#hexText, this.#hex);
      this.#bytes.setAttribute('role', 'gridcell');
      this.#bytes.setAttribute('aria-colindex', String(columnsBefore + 1));
      this.#bytes.setAttribute('aria-colspan', String(this.#shape?.width ?? 16));
      this.#bytes.replaceChildren(this.#hexText);
    }
  }
}
