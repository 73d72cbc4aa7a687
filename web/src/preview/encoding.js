// In which encoding text is written: by its mark, by what is possible, and
// else by what chardet finds most likely.

import {detect} from 'chardet';

/** An encoding by the label that TextDecoder takes, and as people call it. @typedef {{label: string, name: string}} Encoding */

/** What one can choose from: the encodings that text on disks is in. @type {readonly Encoding[]} */
export const encodings = [
  {label: 'utf-8', name: 'UTF-8'},
  {label: 'utf-16le', name: 'UTF-16, little-endian'},
  {label: 'utf-16be', name: 'UTF-16, big-endian'},
  {label: 'windows-1252', name: 'Western European (Windows-1252)'},
  {label: 'iso-8859-15', name: 'Western European (ISO 8859-15)'},
  {label: 'windows-1250', name: 'Central European (Windows-1250)'},
  {label: 'iso-8859-2', name: 'Central European (ISO 8859-2)'},
  {label: 'windows-1251', name: 'Cyrillic (Windows-1251)'},
  {label: 'koi8-r', name: 'Cyrillic (KOI8-R)'},
  {label: 'ibm866', name: 'Cyrillic (DOS, code page 866)'},
  {label: 'windows-1253', name: 'Greek (Windows-1253)'},
  {label: 'windows-1254', name: 'Turkish (Windows-1254)'},
  {label: 'windows-1255', name: 'Hebrew (Windows-1255)'},
  {label: 'windows-1256', name: 'Arabic (Windows-1256)'},
  {label: 'windows-1257', name: 'Baltic (Windows-1257)'},
  {label: 'windows-1258', name: 'Vietnamese (Windows-1258)'},
  {label: 'windows-874', name: 'Thai (Windows-874)'},
  {label: 'shift_jis', name: 'Japanese (Shift JIS)'},
  {label: 'euc-jp', name: 'Japanese (EUC)'},
  {label: 'gb18030', name: 'Chinese (GB 18030)'},
  {label: 'big5', name: 'Chinese (Big5)'},
  {label: 'euc-kr', name: 'Korean (EUC)'},
];

/** How much of a file is looked at. */
const sample = 64 << 10;

/**
 * @param {Uint8Array} head the first bytes of a file
 * @returns {string} the label of the encoding that they are most likely in; '' where they are no text
 */
export function guess(head) {
  const bytes = head.subarray(0, sample);
  const marked = markOf(bytes);
  if (marked) return marked;
  const wide = wideOf(bytes);
  if (wide) return wide;
  if (bytes.some(isControl)) return '';
  if (isUtf8(bytes)) return 'utf-8';
  const label = (detect(bytes) ?? '').toLowerCase();
  return labels.get(label) ?? 'windows-1252';
}

/** chardet's names by the labels of the choice. */
const labels = new Map([
  ...encodings.map(({label}) => /** @type {[string, string]} */ ([label, label])),
  ['iso-8859-1', 'windows-1252'], // which every browser reads it as
  ['iso-8859-5', 'windows-1251'],
  ['iso-8859-6', 'windows-1256'],
  ['iso-8859-7', 'windows-1253'],
  ['iso-8859-8', 'windows-1255'],
  ['iso-8859-9', 'windows-1254'],
]);

/** @param {Uint8Array} bytes @returns {string} the encoding that their byte order mark tells, '' without one */
function markOf([a, b, c]) {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return '';
}

/**
 * Text of two bytes a character, without a mark: of what Windows writes so,
 * most is in characters whose upper byte is 0.
 *
 * @param {Uint8Array} bytes
 */
function wideOf(bytes) {
  const pairs = bytes.length >> 1;
  if (pairs < 2) return '';
  /** How many first and second bytes of pairs are 0. */
  const zeros = [0, 0];
  for (let i = 0; i < pairs * 2; i++) if (bytes[i] === 0) zeros[i & 1]++;
  const label = zeros[1] > pairs * 0.4 && zeros[0] < pairs * 0.02 ? 'utf-16le'
    : zeros[0] > pairs * 0.4 && zeros[1] < pairs * 0.02 ? 'utf-16be' : '';
  if (!label) return '';
  // Tables of small numbers look alike, but hold control characters.
  const text = new TextDecoder(label).decode(bytes.subarray(0, pairs * 2));
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? '' : label;
}

/** @param {number} byte @returns {boolean} whether no text has it: controls but for tab, line ends, form feed and escape */
function isControl(byte) {
  return byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27;
}

/** @param {Uint8Array} bytes of which the last character may be cut */
function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', {fatal: true}).decode(bytes, {stream: true});
    return true;
  } catch {
    return false;
  }
}
