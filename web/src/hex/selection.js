// Caret and selection: what the keys and the pointer make of them.

import {sectorSize} from './lines.js';

/** @typedef {import('./types.js').Selection} Selection */

/** @type {Readonly<Selection>} */
export const noSelection = Object.freeze({caret: 0, anchor: null});

/**
 * The bytes that are selected; length 0 where none are.
 * @param {Selection} selection
 * @returns {{offset: number, length: number}}
 */
export function rangeOf({caret, anchor}) {
  if (anchor === null) return {offset: caret, length: 0};
  return {offset: Math.min(caret, anchor), length: Math.abs(caret - anchor) + 1};
}

/**
 * What a copy takes: the selection, or else the byte at the caret.
 * @param {Selection} selection
 */
export function copyRangeOf(selection) {
  const range = rangeOf(selection);
  return range.length > 0 ? range : {offset: selection.caret, length: 1};
}

/**
 * Puts the caret elsewhere.
 * @param {Selection} selection
 * @param {number} caret
 * @param {boolean} extend keep the anchor, as with Shift
 * @returns {Selection}
 */
export function moveTo(selection, caret, extend) {
  if (!extend) return {caret, anchor: null};
  return {caret, anchor: selection.anchor ?? selection.caret};
}

/**
 * Selects a range, with the caret at its first byte. A range of one byte is
 * the caret alone.
 * @param {number} offset
 * @param {number} length
 * @param {number} size of the source; the range is cut there
 * @returns {Selection}
 */
export function selectRange(offset, length, size) {
  const caret = clampOffset(offset, size);
  const last = clampOffset(caret + Math.max(1, length) - 1, size);
  return {caret, anchor: last > caret ? last : null};
}

/**
 * The nearest byte that exists.
 * @param {number} offset
 * @param {number} size
 */
export function clampOffset(offset, size) {
  return Math.max(0, Math.min(offset, size - 1));
}

/**
 * Where a key takes the caret; null where the key does not move it.
 *
 * @param {string} key as in KeyboardEvent.key
 * @param {boolean} control Ctrl, or Command on a Mac
 * @param {number} caret
 * @param {{size: number, width: number, page: number}} shape bytes in all,
 *   bytes of a row, rows of a page
 * @returns {number | null}
 */
export function caretAfterKey(key, control, caret, {size, width, page}) {
  const column = caret % width;
  const sectorStart = caret - (caret % sectorSize);
  switch (key) {
    case 'ArrowLeft':
      return control ? null : clampOffset(caret - 1, size);
    case 'ArrowRight':
      return control ? null : clampOffset(caret + 1, size);
    case 'ArrowUp':
      if (control) return clampOffset(caret > sectorStart ? sectorStart : caret - sectorSize, size);
      return caret >= width ? caret - width : caret;
    case 'ArrowDown':
      if (control) return sectorStart + sectorSize < size ? sectorStart + sectorSize : caret;
      return rowsDown(caret, 1, size, width);
    case 'PageUp':
      return caret >= page * width ? caret - page * width : column;
    case 'PageDown':
      return rowsDown(caret, page, size, width);
    case 'Home':
      return control ? 0 : caret - column;
    case 'End':
      return clampOffset(control ? size - 1 : caret - column + width - 1, size);
    default:
      return null;
  }
}

/**
 * Rows down in the same column, as far as there are rows.
 * @param {number} caret
 * @param {number} rows
 * @param {number} size
 * @param {number} width
 */
function rowsDown(caret, rows, size, width) {
  const lastRow = Math.floor((size - 1) / width);
  const row = Math.min(lastRow, Math.floor(caret / width) + rows);
  return clampOffset(row * width + (caret % width), size);
}
