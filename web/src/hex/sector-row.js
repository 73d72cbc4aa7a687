// The line above the rows of a sector: its number, and who supplies it.

import {layerClass, layerLabel} from '../layers.js';
import {extentAt} from './chunks.js';
import {element, setAttribute, setText} from './dom.js';
import {count, hexWord, layerName, originOf, placeIn, sectorOf, sourceAt} from './words.js';

/** @typedef {import('./byte-row.js').Content} Content */
/** @typedef {import('./byte-row.js').Shape} Shape */

export class SectorRow {
  line = -1;
  #offset = -1;
  /** @type {Content | undefined} */
  #content = undefined;
  /** @type {Shape | undefined} */
  #shape = undefined;

  #labelText = new Text();
  #numberText = new Text();
  #originText = new Text();
  #cell = element(
    'div', {class: 'about', role: 'gridcell', 'aria-colindex': '1'},
    element('span', {class: 'gutter', 'aria-hidden': 'true'}, this.#labelText),
    element('span', {class: 'number'}, this.#numberText),
    ' ',
    element('span', {class: 'origin'}, this.#originText),
  );
  element = element('div', {class: 'line sector', role: 'row'}, this.#cell);

  /**
   * @param {number} line
   * @param {number} offset of the sector
   * @param {Shape} shape
   * @param {Content} content
   */
  draw(line, offset, shape, content) {
    if (this.#shape === shape && this.#offset === offset && this.#content === content) return;
    if (this.line !== line) setAttribute(this.element, 'aria-rowindex', String(line + 2));
    if (this.#shape !== shape) setAttribute(this.#cell, 'aria-colspan', String(shape.width + 3));
    this.line = line;
    this.#offset = offset;
    this.#content = content;
    this.#shape = shape;
    setText(this.#numberText, `Sector ${count(sectorOf(offset))}`);
    const {label, origin, classes} = describe(shape, offset, content);
    setText(this.#labelText, label);
    setText(this.#originText, origin);
    const className = `line sector ${classes}`;
    if (this.element.className !== className) this.element.className = className;
  }
}

/**
 * @param {Shape} shape
 * @param {number} offset
 * @param {Content} content
 */
function describe({source}, offset, content) {
  if (content === null) return {label: '', origin: '', classes: 'layer-none pending'};
  if (content instanceof Error) {
    return {label: '!', origin: `could not be loaded: ${content.message}`, classes: 'layer-none unreadable'};
  }
  const extent = extentAt(content, offset);
  if (!extent || extent.state === 'unreadable') {
    return {label: '!', origin: extent ? originOf(source, extent) : 'unreadable', classes: 'layer-none unreadable'};
  }
  if (source.disk === 0) {
    return {label: layerLabel(source.layerIndex ?? 0), origin: '', classes: layerClass(source.layerIndex ?? 0)};
  }
  const zeros = extent.state === 'zeros' || extent.layer < 0;
  const place = zeros ? -1 : placeIn(source, extent.layer);
  return {
    label: layerLabel(place),
    origin: zeros ? 'no layer: zeros' : `${layerName(source, extent.layer)} at ${hexWord(sourceAt(extent, offset))}`,
    classes: layerClass(place) + (zeros ? ' zeros' : ''),
  };
}
