// How places and values are written, the same in every part of the view.

import {editsPlace, layerLabel, layerWord, placeOf} from '../layers.js';
import {sectorSize} from './lines.js';

/** @typedef {import('./types.js').Extent} Extent */
/** @typedef {import('./types.js').Known} Known */
/** @typedef {import('./types.js').Source} Source */

/**
 * Hex digits in upper case, filled up with zeros.
 * @param {number} value
 * @param {number} digits at least
 */
export function hexDigits(value, digits) {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

/** @param {number} value */
export function hexWord(value) {
  return `0x${hexDigits(value, 1)}`;
}

/**
 * A whole number with its thousands apart.
 * @param {number} value
 */
export function count(value) {
  return value.toLocaleString('en');
}

/**
 * Digits that every offset of a source can be written with.
 * @param {number} size bytes
 */
export function offsetDigits(size) {
  return Math.max(8, Math.max(0, size - 1).toString(16).length);
}

/** @param {number} offset */
export function sectorOf(offset) {
  return Math.floor(offset / sectorSize);
}

/** @param {number} length */
export function byteCount(length) {
  return length === 1 ? '1 byte' : `${count(length)} bytes`;
}

/**
 * A byte as a character, named where it cannot be seen.
 * @param {number} byte
 */
export function characterOf(byte) {
  if (byte === 0) return 'NUL';
  if (byte === 0x09) return 'tab';
  if (byte === 0x0a) return 'line feed';
  if (byte === 0x0d) return 'carriage return';
  if (byte === 0x20) return 'space';
  if (byte < 0x20 || byte === 0x7f) return 'control character';
  return byte < 0x7f ? `“${String.fromCharCode(byte)}”` : 'not ASCII';
}

/**
 * Which layer is meant by an extent: its index; -1 for zeros of no layer.
 * In a layer's own file every byte is that layer's.
 * @param {Source} source
 * @param {Extent} extent
 */
export function layerOf(source, extent) {
  return source.disk === 0 ? (source.layerIndex ?? 0) : extent.layer;
}

/**
 * The place of a layer, by which it is called and coloured: see placeOf.
 * @param {Source} source
 * @param {number} layer as from layerOf
 */
export function placeIn(source, layer) {
  return source.disk === 0 ? layer : placeOf(source.layers, layer);
}

/**
 * A layer by letter and file name.
 * @param {Source} source
 * @param {number} layer
 */
export function layerName(source, layer) {
  const place = placeIn(source, layer);
  const name = source.disk === 0 ? source.name : source.layers[layer]?.name;
  return name ? `${layerLabel(place)} ${baseName(name)}` : layerWord(place);
}

/**
 * A layer as it is spoken of, with its file.
 * @param {Source} source
 * @param {number} layer
 */
export function layerSpoken(source, layer) {
  const place = placeIn(source, layer);
  return place === editsPlace ? layerWord(place) : `layer ${layerName(source, layer)}`;
}

/**
 * The last part of a path.
 * @param {string} path
 */
export function baseName(path) {
  return path.slice(path.lastIndexOf('/') + 1) || path;
}

/**
 * Where in its layer's file a byte of an extent lies.
 * @param {Extent} extent
 * @param {number} offset of the byte, on the disk
 */
export function sourceAt(extent, offset) {
  return extent.source + (offset - extent.offset);
}

/**
 * Where the bytes of an extent come from, in words.
 * @param {Source} source
 * @param {Extent} extent
 */
export function originOf(source, extent) {
  if (extent.state === 'unreadable') {
    const why = extent.problem?.message;
    return why ? `unreadable: ${why}` : 'unreadable';
  }
  if (source.disk === 0) return 'the file’s own bytes';
  if (extent.state === 'zeros') return 'no layer: zeros';
  return `from ${layerSpoken(source, extent.layer)}`;
}

/**
 * Where one is, in one sentence, to be read aloud.
 * @param {Source} source
 * @param {number} offset
 * @param {Known} known
 */
export function positionSentence(source, offset, {byte, extent, failed, changed}) {
  const parts = [`offset ${hexWord(offset)}`, `sector ${count(sectorOf(offset))}`];
  if (!extent || byte === undefined) parts.push(failed ? 'could not be loaded' : 'not loaded yet');
  else {
    if (extent.state !== 'unreadable') parts.push(`byte ${hexDigits(byte, 2)}${changed ? ', changed' : ''}`);
    if (source.disk !== 0 || extent.state === 'unreadable') parts.push(originOf(source, extent));
  }
  return parts.join(', ');
}
