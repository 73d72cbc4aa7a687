// Files by their handles, where the browser has such: what it opened the
// page with, and what its own pickers give. A handle leads to its file again
// later, and to the folder that it is in.

import {reasonOf, walkDirectoryHandle} from './collect.js';

/** @import {Collected} from './collect.js' */

/** @typedef {{startIn?: FileSystemHandle}} Where a file's folder where the picker is to open */

/** The pickers, which only some browsers have. */
const pickers = /** @type {{
 *   showOpenFilePicker?: (options: Where & {multiple: boolean}) => Promise<FileSystemFileHandle[]>,
 *   showDirectoryPicker?: (options: Where) => Promise<FileSystemDirectoryHandle>,
 * }} */ (/** @type {unknown} */ (globalThis));

/** @returns {boolean} whether files can be picked by their handles */
export const picksHandles = () => Boolean(pickers.showOpenFilePicker && pickers.showDirectoryPicker);

/**
 * @param {Iterable<FileSystemFileHandle>} handles
 * @returns {Promise<Collected>}
 */
export async function fromHandles(handles) {
  /** @type {Collected} */
  const collected = {files: [], lost: []};
  for (const handle of handles) {
    try {
      collected.files.push({file: await handle.getFile(), path: handle.name, direct: true, handle});
    } catch (error) {
      collected.lost.push({path: handle.name, reason: reasonOf(error)});
    }
  }
  return collected;
}

/**
 * Lets the person pick files. To be called in a click.
 *
 * @param {Where} [where]
 * @returns {Promise<Collected | null>} null where they changed their mind
 */
export async function pickFiles(where = {}) {
  const handles = await unlessAborted(pickers.showOpenFilePicker?.({...where, multiple: true}));
  return handles ? fromHandles(handles) : null;
}

/**
 * Lets the person pick a folder, and searches it to the bottom. To be called
 * in a click.
 *
 * @param {Where} [where]
 * @returns {Promise<Collected | null>} null where they changed their mind
 */
export async function pickFolder(where = {}) {
  const folder = await unlessAborted(pickers.showDirectoryPicker?.(where));
  if (!folder) return null;
  /** @type {Collected} */
  const collected = {files: [], lost: []};
  await walkDirectoryHandle(folder, folder.name, collected);
  return collected;
}

/**
 * @template T
 * @param {Promise<T> | undefined} picking
 * @returns {Promise<T | null>}
 */
async function unlessAborted(picking) {
  try {
    return await picking ?? null;
  } catch (error) {
    // A second click finds the picker open.
    if (error instanceof DOMException && ['AbortError', 'NotAllowedError'].includes(error.name)) return null;
    throw error;
  }
}
