// What a selection becomes on the clipboard.

/**
 * A way to copy bytes. `encode` gets the bytes and the offset of the first.
 * @typedef {object} CopyFormat
 * @property {string} id
 * @property {string} label as the menu names it
 * @property {(bytes: Uint8Array, offset: number) => string} encode
 */

const hexOf = Array.from({length: 256}, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/**
 * Joins pieces made of groups of bytes, so that large selections do not
 * become millions of small strings at once.
 * @param {Uint8Array} bytes
 * @param {number} group bytes of a group
 * @param {string} separator
 * @param {(group: Uint8Array, index: number) => string} piece
 */
function joinGroups(bytes, group, separator, piece) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += group) {
    pieces.push(piece(bytes.subarray(at, at + group), at));
  }
  return pieces.join(separator);
}

/** @param {Uint8Array} bytes @param {string} separator @param {string} prefix */
function hexList(bytes, separator, prefix) {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : '') + prefix + hexOf[bytes[i]];
  return text;
}

/**
 * Two digits a byte, blanks between: 4F 00 7A.
 * @param {Uint8Array} bytes
 */
export function hexString(bytes) {
  return joinGroups(bytes, 4096, ' ', (group) => hexList(group, ' ', ''));
}

/**
 * Offset, bytes and text by rows of 16 that begin at multiples of 16.
 * @param {Uint8Array} bytes
 * @param {number} offset
 */
export function hexDump(bytes, offset) {
  const lines = [];
  const digits = Math.max(8, (offset + bytes.length).toString(16).length);
  for (let row = offset - (offset % 16); row < offset + bytes.length; row += 16) {
    let hex = '';
    let text = '';
    for (let i = 0; i < 16; i++) {
      const at = row + i - offset;
      const inside = at >= 0 && at < bytes.length;
      hex += (i === 8 ? '  ' : i > 0 ? ' ' : '') + (inside ? hexOf[bytes[at]] : '  ');
      text += inside ? printable(/** @type {number} */ (bytes[at])) : at < 0 ? ' ' : '';
    }
    lines.push(`${row.toString(16).toUpperCase().padStart(digits, '0')}  ${hex}  |${text}|`);
  }
  return lines.join('\n') + '\n';
}

/** @param {number} byte */
function printable(byte) {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}

/**
 * One character a byte, U+0000 to U+00FF. (TextDecoder's iso-8859-1 is
 * windows-1252, which changes 27 of them.)
 * @param {Uint8Array} bytes
 */
export function latin1(bytes) {
  return joinGroups(bytes, 8192, '', (group) => String.fromCharCode(...group));
}

/**
 * As UTF-8; what is not UTF-8 becomes U+FFFD.
 * @param {Uint8Array} bytes
 */
export function utf8(bytes) {
  return new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes);
}

/** @param {Uint8Array} bytes */
export function cArray(bytes) {
  const rows = joinGroups(bytes, 12, ',\n', (group) => '  ' + hexList(group, ', ', '0x'));
  return `const unsigned char data[${bytes.length}] = {\n${rows}\n};\n`;
}

/** @param {Uint8Array} bytes */
export function goSlice(bytes) {
  const rows = joinGroups(bytes, 12, ',\n', (group) => '\t' + hexList(group, ', ', '0x'));
  return `data := []byte{\n${rows},\n}\n`;
}

/** @param {Uint8Array} bytes */
export function jsonArray(bytes) {
  return `[${joinGroups(bytes, 4096, ', ', (group) => group.join(', '))}]`;
}

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  // Groups of a multiple of three bytes need no padding between them.
  return joinGroups(bytes, 3 * 2048, '', (group) => btoa(String.fromCharCode(...group)));
}

/** @type {CopyFormat[]} */
export const copyFormats = [
  {id: 'hex', label: 'Hex string', encode: hexString},
  {id: 'dump', label: 'Hex dump', encode: hexDump},
  {id: 'latin1', label: 'Text (Latin-1)', encode: latin1},
  {id: 'utf8', label: 'Text (UTF-8)', encode: utf8},
  {id: 'c', label: 'C array', encode: cArray},
  {id: 'go', label: 'Go slice', encode: goSlice},
  {id: 'json', label: 'JSON array', encode: jsonArray},
  {id: 'base64', label: 'Base64', encode: base64},
];
