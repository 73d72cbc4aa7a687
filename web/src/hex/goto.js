// Reads what a person types to say where to go.

/**
 * Where to go: a byte, or something whose place the engine knows, or a
 * sentence that says why the text names no place.
 *
 * @typedef {{kind: 'byte', offset: number}
 *   | {kind: 'locate', unit: 'sector' | 'block', index: number}
 *   | {kind: 'error', message: string}} Target
 */

/** Shown as help: what can be typed, and what it means. */
export const gotoExamples = [
  ['0x1F0, 1F0h, 496', 'byte, in hex or decimal'],
  ['64K, 1.5 GiB', 'byte, in KiB, MiB, GiB or TiB'],
  ['s:63, sector 63', 'first byte of a sector'],
  ['b:7, block 7', 'first byte of a block'],
  ['+512, -0x10', 'from the caret'],
  ['end-512, end', 'from the end'],
];

const unitOf = new Map([
  ['', 1],
  ['b', 1],
  ['byte', 1],
  ['bytes', 1],
  ...['k', 'm', 'g', 't'].flatMap((letter, power) => {
    const factor = 1024 ** (power + 1);
    return /** @type {[string, number][]} */ ([[letter, factor], [`${letter}ib`, factor]]);
  }),
]);

/**
 * @param {string} text as typed
 * @param {{size: number, caret: number}} here bytes of the source, and where
 *   the caret is
 * @returns {Target}
 */
export function parseGoto(text, {size, caret}) {
  const input = text.normalize('NFKC').trim().toLowerCase();
  if (input === '') return failure('Type where to go, such as 0x1F0, s:63 or end-512.');
  if (size <= 0) return failure('There are no bytes to go to.');

  const unit = /^(sectors?|sec|lba|s|blocks?|b)(?:\s*[:#]\s*|\s+)(.*)$/.exec(input) ?? /^(sector|block)(\d.*)$/.exec(input);
  if (unit) return parseIndexed(unit[1].startsWith('b') ? 'block' : 'sector', unit[2]);

  const end = /^end\s*(?:([+-])\s*(.*))?$/.exec(input) ?? /^(-)\s*(0)$/.exec(input);
  if (end) return fromEnd(end[1], end[2], size);

  const relative = /^([+-])\s*(.*)$/.exec(input);
  const number = parseNumber(relative ? relative[2] : input.replace(/^(?:@|byte\s+|offset\s+)/, ''));
  if (typeof number === 'string') return failure(number);
  if (!relative) return within(number, size);
  if (relative[1] === '+') return within(caret + number, size);
  if (number > caret) return failure(`That is before the start: the caret is at ${words(caret)}.`);
  return within(caret - number, size);
}

/**
 * Where a text leads, with the engine's help where that is needed; or a
 * sentence that says why it leads nowhere.
 * @param {string} text as typed
 * @param {{size: number, caret: number}} here
 * @param {(unit: 'sector' | 'block', index: number) => Promise<{offset: number}>} locate
 * @returns {Promise<number | string>}
 */
export async function resolveGoto(text, here, locate) {
  const target = parseGoto(text, here);
  if (target.kind === 'error') return target.message;
  if (target.kind === 'byte') return target.offset;
  try {
    const {offset} = await locate(target.unit, target.index);
    return offset >= 0 && offset < here.size ? offset : `There is no ${target.unit} ${target.index.toLocaleString('en')} here.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {'sector' | 'block'} unit
 * @param {string} text
 * @returns {Target}
 */
function parseIndexed(unit, text) {
  const index = parseNumber(text);
  if (typeof index === 'string') return failure(index);
  return {kind: 'locate', unit, index};
}

/**
 * @param {string | undefined} sign
 * @param {string | undefined} text
 * @param {number} size
 * @returns {Target}
 */
function fromEnd(sign, text, size) {
  const back = text === undefined ? 0 : parseNumber(text);
  if (typeof back === 'string') return failure(back);
  if (sign === '+' && back > 0) return failure('Nothing comes after the end. To count back from it, write end-512.');
  if (back > size) return failure(`That is before the start: there are ${size.toLocaleString('en')} bytes in all.`);
  // The end itself is one past the last byte: the last is what can be shown.
  return {kind: 'byte', offset: back === 0 ? size - 1 : size - back};
}

/**
 * A count: hex, decimal, or decimal with a unit. A sentence where it is none.
 * @param {string} text in lower case
 * @returns {number | string}
 */
function parseNumber(text) {
  const plain = text.trim().replace(/(?<=[0-9a-f])[_,'\u2019 ](?=[0-9a-f]{3})/g, '');
  const hex = /^0x([0-9a-f]+)(?:\s*([kmgt](?:ib)?))?$/.exec(plain) ?? /^([0-9a-f]+)h$/.exec(plain);
  if (hex) return exact(Number.parseInt(hex[1], 16) * (unitOf.get(hex[2] ?? '') ?? 1), text);
  const decimal = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)$/.exec(plain);
  if (decimal) {
    const factor = unitOf.get(decimal[2]);
    if (factor !== undefined) return exact(Number(decimal[1]) * factor, text);
    if (/^[kmgt]b$/.test(decimal[2])) {
      return `Write ${decimal[2][0].toUpperCase()}iB, which is counted in powers of 1024.`;
    }
  }
  if (/^[0-9a-f]+$/.test(plain)) return `To mean hex, write 0x${plain.toUpperCase()}.`;
  if (text.trim() === '') return 'A number is missing.';
  return `“${text.trim()}” is not a number. Hex is written 0x1F0, decimal 496, with K, M, G or T if you like.`;
}

/**
 * @param {number} value
 * @param {string} text
 */
function exact(value, text) {
  if (!Number.isInteger(value)) return `“${text.trim()}” is not a whole number of bytes.`;
  if (value > Number.MAX_SAFE_INTEGER) return `“${text.trim()}” is larger than any disk.`;
  return value;
}

/**
 * @param {number} offset
 * @param {number} size
 * @returns {Target}
 */
function within(offset, size) {
  if (offset < size) return {kind: 'byte', offset};
  return failure(`${words(offset)} is past the end: the last byte is at ${words(size - 1)}.`);
}

/** @param {number} offset */
function words(offset) {
  return `0x${offset.toString(16).toUpperCase()}`;
}

/**
 * @param {string} message
 * @returns {Target}
 */
function failure(message) {
  return {kind: 'error', message};
}
