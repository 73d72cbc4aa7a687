// How numbers, sizes and times are written, everywhere on the page.

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/**
 * A size in the unit that fits: '127 GiB', '1.5 MiB', '511 bytes'.
 *
 * @param {number} bytes
 * @returns {string}
 */
export function formatSize(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const digits = Number.isInteger(value) ? 0 : value < 100 ? 2 : 1;
  return `${formatNumber(Number(value.toFixed(digits)))} ${units[unit]}`;
}

/**
 * A number with its thousands apart: '1,048,576'.
 *
 * @param {number} value
 * @returns {string}
 */
export function formatNumber(value) {
  return value.toLocaleString('en');
}

/**
 * An offset as it is written in hex: '0x1A00'.
 *
 * @param {number} offset
 * @returns {string}
 */
export function formatOffset(offset) {
  return `0x${offset.toString(16).toUpperCase()}`;
}

/**
 * How many of something: '1 file', '3 files'.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function formatCount(count, one, many = `${one}s`) {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/**
 * A share in percent, never rounded to nothing or to all: '< 0.1 %', '> 99.9 %'.
 *
 * @param {number} part
 * @param {number} whole
 * @returns {string}
 */
export function formatShare(part, whole) {
  if (whole === 0 || part === 0) return '0 %';
  if (part === whole) return '100 %';
  const percent = (part / whole) * 100;
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99.9) return '> 99.9 %';
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/**
 * The last part of a path with '/' or '\'.
 *
 * @param {string} path
 * @returns {string}
 */
export function baseName(path) {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

/**
 * A name as part of a sentence in plain text: what is written from right to
 * left in it, or turns the direction, ends with it.
 *
 * @param {string} name
 * @returns {string}
 */
export function isolated(name) {
  return /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * A name with what cannot be seen in it written out, so that none looks like
 * another: 'a⟨U+202E⟩gpj.exe'.
 *
 * @param {string} name
 * @returns {string}
 */
export function legible(name) {
  return name.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, (character) =>
    `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/**
 * A moment, to the minute, in the person's own time: '23 Nov 2026, 14:05'.
 *
 * @param {number} time ms since 1970
 * @returns {string}
 */
export function formatDate(time) {
  return new Date(time).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'});
}

/**
 * Text as a sentence that others can follow: with one mark at its end.
 *
 * @param {string} text
 * @returns {string}
 */
export function asSentence(text) {
  const bare = text.trimEnd();
  return /[!?…]$/.test(bare) ? bare : `${bare.replace(/\.+$/, '')}.`;
}

/**
 * @param {unknown} error
 * @returns {string} what it says
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
