// Which files of a dropped folder are worth a look. A folder may hold
// thousands of files that have nothing to do with disks, and each one that is
// opened costs a few reads.

import {isRemote, isSame} from '../remote/remote-file.js';

/** @import {RemoteFile} from '../remote/remote-file.js' */

/**
 * @typedef {object} GivenFile
 * @property {File | RemoteFile} file
 * @property {FileSystemFileHandle} [handle] by which it can be found again, where the browser gave one
 * @property {string} path as deep as the browser tells, with '/'
 * @property {boolean} direct whether the person named the file itself, and not a folder around it
 */

/** How many files of no telling name are taken from folders. */
export const unnamedLimit = 2000;

/** The least bytes of an image, a fixed one: a sector of data and the footer. */
const smallest = 1024;

/**
 * Whether a name says VHD: .vhd, .avhd, and the numbered names of
 * snapshot tools.
 *
 * @param {string} path
 */
export function namedLikeImage(path) {
  return /\.(a?vhd|v\d\d)$/i.test(path);
}

/**
 * Whether a size could be an image's: whole sectors, or one byte less, as
 * the oldest writers leave it.
 *
 * @param {number} size bytes
 */
export function sizedLikeImage(size) {
  return (size % 512 === 0 && size >= smallest) || (size % 512 === 511 && size + 1 >= smallest);
}

/**
 * Takes what could matter. Whatever was named directly always does.
 *
 * @param {GivenFile[]} given
 * @returns {{taken: GivenFile[], passed: number, beyond: number}} and how many were passed over for
 *   what they are, and how many that could matter are beyond the limit
 */
export function takeLikely(given) {
  let unnamed = 0;
  let passed = 0;
  const taken = given.filter(({file, path, direct}) => {
    if (direct || namedLikeImage(path)) return true;
    if (sizedLikeImage(file.size)) return ++unnamed <= unnamedLimit;
    passed++;
    return false;
  });
  return {taken, passed, beyond: given.length - taken.length - passed};
}

/** How much of each end of two files tells them apart, in bytes. */
const ends = 4096;

/**
 * Leaves out what is there already: the same name, size and time of change,
 * the same folder where both tell theirs, and the same ends. A file comes
 * with a path from a folder and without one from a picker; and copies that
 * a program wrote may agree in all but their content. What is read over a
 * network is known by its address and what it is pinned to.
 *
 * @param {GivenFile[]} given
 * @param {Iterable<{file: File | RemoteFile, path: string}>} known
 * @returns {Promise<{fresh: GivenFile[], repeated: number}>}
 */
export async function leaveOutKnown(given, known) {
  /** @type {Map<string, {file: File | RemoteFile, path: string}[]>} */
  const seen = new Map();
  for (const one of known) seen.set(identity(one.file), [...seen.get(identity(one.file)) ?? [], one]);
  const fresh = [];
  for (const one of given) {
    const alike = seen.get(identity(one.file)) ?? [];
    if (await isAmong(one, alike)) continue;
    seen.set(identity(one.file), [...alike, one]);
    fresh.push(one);
  }
  return {fresh, repeated: given.length - fresh.length};
}

/**
 * @param {{file: File | RemoteFile, path: string}} one
 * @param {{file: File | RemoteFile, path: string}[]} others of the same name, size and time
 */
async function isAmong({file, path}, others) {
  for (const other of others) {
    if (isRemote(file) || isRemote(other.file)) {
      if (isRemote(file) && isRemote(other.file) && isSame(file, other.file)) return true;
      continue;
    }
    const placed = other.path.includes('/') && path.includes('/');
    if (placed && other.path !== path) continue;
    if (await sameEnds(file, other.file)) return true;
  }
  return false;
}

/**
 * @param {File} one
 * @param {File} other of the same size
 */
async function sameEnds(one, other) {
  try {
    for (const [start, end] of [[0, ends], [Math.max(0, one.size - ends), one.size]]) {
      const [a, b] = await Promise.all([one, other].map(async (file) => new Uint8Array(await file.slice(start, end).arrayBuffer())));
      if (!a?.every((byte, i) => byte === b?.[i])) return false;
    }
    return true;
  } catch {
    // A file that cannot be read is for the engine to report.
    return false;
  }
}

/** @param {File | RemoteFile} file */
function identity(file) {
  return JSON.stringify(isRemote(file) ? file.url : [file.name, file.size, file.lastModified]);
}
