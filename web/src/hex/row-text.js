// What stands in a row of bytes.

import {extentAt} from './chunks.js';

/** @typedef {import('./types.js').Chunk} Chunk */
/** @typedef {import('./types.js').Extent} Extent */

const hexOf = Array.from({length: 256}, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
const characterOf = Array.from({length: 256}, (_, byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'));

/** How a row of 16 is parted after its eighth byte, and others are not. */
export const halfRow = 8;

/**
 * Where the digits of a byte stand in the text of a row.
 * @param {number} index of the byte in its row
 */
export function digitsAt(index) {
  return index * 3 + (index >= halfRow ? 1 : 0);
}

/**
 * A row as text. Bytes that cannot be read are '??'; the text has a blank
 * there. The extent is that of the first byte; mixed tells that the row has
 * bytes of others too.
 *
 * @param {Chunk} chunk
 * @param {number} offset of the row's first byte
 * @param {number} length bytes of the row: fewer than its width at the end
 * @returns {{hex: string, text: string, extent: Extent | undefined, mixed: boolean}}
 */
export function rowText(chunk, offset, length) {
  const first = extentAt(chunk, offset);
  const mixed = !first || first.offset + first.length < offset + length;
  const start = offset - chunk.offset;
  let hex = '';
  let text = '';
  let unreadable = !first || first.state === 'unreadable';
  for (let i = 0; i < length; i++) {
    if (mixed) {
      const extent = extentAt(chunk, offset + i);
      unreadable = !extent || extent.state === 'unreadable';
    }
    const byte = /** @type {number} */ (chunk.bytes[start + i]);
    if (i > 0) hex += i === halfRow ? '  ' : ' ';
    hex += unreadable ? '??' : hexOf[byte];
    text += unreadable ? ' ' : characterOf[byte];
  }
  return {hex, text, extent: first, mixed};
}

/**
 * A row of which nothing could be loaded.
 * @param {number} length
 */
export function unreadableText(length) {
  const half = Array.from({length: Math.min(length, halfRow)}, () => '??').join(' ');
  if (length <= halfRow) return half;
  return `${half}  ${Array.from({length: length - halfRow}, () => '??').join(' ')}`;
}
