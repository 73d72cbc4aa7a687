// What a preview has of a file: its first bytes, and more of them as the
// person asks for more.

import {guess} from './encoding.js';
import {imageType, modeOf} from './kind.js';

/** @import {Mode} from './kind.js' */

/** How much of a text is shown at first, and how much more at a time. */
export const textStep = 256 << 10;

/** The largest picture that is drawn: a browser decodes it whole. */
export const imageLimit = 64 << 20;

/** How much may be asked for at once. */
const most = 1 << 20;

/**
 * What reads a file: see Volume.looker.
 *
 * @typedef {object} Looker
 * @property {(command: 'view', range: {offset: number, length: number}, options?: {signal?: AbortSignal}) => Promise<{bytes: Uint8Array, extents: {offset: number, length: number, state: string, problem: {message: string} | null}[]}>} request
 */

/**
 * @typedef {object} Content
 * @property {Uint8Array} bytes from the start of the file
 * @property {number} size of the whole file
 * @property {Mode} mode how it is shown unless the person wants it otherwise
 * @property {string} image its media type where it is a picture, else ''
 * @property {string} encoding the likely one where it is text, else ''
 */

/**
 * Reads the start of a file.
 *
 * @param {Looker} looker
 * @param {number} size of the file
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function begin(looker, size, signal) {
  const bytes = await read(looker, 0, Math.min(size, textStep), signal);
  const image = imageType(bytes);
  const encoding = guess(bytes);
  return {bytes, size, image, encoding, mode: size === 0 ? 'text' : modeOf(bytes, encoding !== '')};
}

/**
 * Reads on from where a content ends.
 *
 * @param {Looker} looker
 * @param {Content} content
 * @param {number} end how far
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function extend(looker, content, end, signal) {
  const {bytes, size} = content;
  const more = await read(looker, bytes.length, Math.min(end, size), signal);
  const all = new Uint8Array(bytes.length + more.length);
  all.set(bytes);
  all.set(more, bytes.length);
  return {...content, bytes: all};
}

/**
 * Reads a range: all of it, or the reason why not. Bytes that cannot be read
 * are never shown as zeros.
 *
 * @param {Looker} looker
 * @param {number} from
 * @param {number} to
 * @param {AbortSignal} signal
 */
async function read(looker, from, to, signal) {
  const all = new Uint8Array(to - from);
  for (let at = from; at < to;) {
    const length = Math.min(most, to - at);
    const {bytes, extents} = await looker.request('view', {offset: at, length}, {signal});
    const lost = extents.find(({state}) => state === 'unreadable');
    if (lost) throw new Error(lost.problem?.message ?? 'A part of the file cannot be read.');
    if (bytes.length !== length) throw new Error('The file ended before its size.');
    all.set(bytes, at - from);
    at += length;
  }
  return all;
}
