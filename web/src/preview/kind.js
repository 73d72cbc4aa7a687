// What a file is to look at, by its first bytes: a picture that browsers
// draw, text, or neither. Names are hints and content decides.

/** @typedef {'image' | 'text' | 'hex'} Mode */

/**
 * Pictures by the bytes that they begin with; null stands for any byte.
 *
 * @type {readonly {type: string, at: number, bytes: readonly (number | null)[]}[]}
 */
const signatures = [
  {type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]},
  {type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff]},
  {type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38, null, 0x61]},
  {type: 'image/webp', at: 0, bytes: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]},
  {type: 'image/bmp', at: 0, bytes: [0x42, 0x4d, null, null, null, null, 0, 0, 0, 0]},
  {type: 'image/x-icon', at: 0, bytes: [0, 0, 1, 0, null, 0, null, null, null, 0]},
  {type: 'image/avif', at: 4, bytes: [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69]},
];

/**
 * @param {Uint8Array} head the first bytes of a file
 * @returns {string} the media type of the picture that it is, '' for none
 */
export function imageType(head) {
  const found = signatures.find(({at, bytes}) => bytes.every((byte, i) => byte === null || head[at + i] === byte));
  if (found) return found.type;
  return isSvg(head) ? 'image/svg+xml' : '';
}

/** @param {Uint8Array} head */
function isSvg(head) {
  const start = new TextDecoder().decode(head.subarray(0, 1024));
  return /^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(start);
}

/**
 * How a file is shown unless the person wants it otherwise.
 *
 * @param {Uint8Array} head its first bytes
 * @param {boolean} isText whether these are text: see guess
 * @returns {Mode}
 */
export function modeOf(head, isText) {
  if (imageType(head)) return 'image';
  return isText ? 'text' : 'hex';
}
