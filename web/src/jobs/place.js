// Where a new file goes: the place that a person picked, where the browser
// has a picker, else the browser's downloads.

import {pickerTypes} from './names.js';

/** The picker, which only some browsers have. @typedef {(options: object) => Promise<FileSystemFileHandle>} Picker */

/** How long a download's URL is kept: the browser may ask the person first. */
const keepUrl = 10 * 60_000;

/** @returns {Picker | undefined} */
function picker() {
  return /** @type {{showSaveFilePicker?: Picker}} */ (/** @type {unknown} */ (globalThis)).showSaveFilePicker;
}

/** @returns {boolean} whether the person is asked for a place */
export function asksForPlace() {
  return picker() !== undefined;
}

/**
 * Asks the person for a place. The picker opens within a click only, so this
 * is to be called before anything is waited for.
 *
 * @param {string} suggestedName
 * @returns {Promise<FileSystemFileHandle | null | undefined>} null where the
 *   browser has no picker or refuses to show it; undefined where the person
 *   changed their mind
 */
export async function pickPlace(suggestedName) {
  const pick = picker();
  if (!pick) return null;
  try {
    return await pick.call(globalThis, {suggestedName, types: pickerTypes(suggestedName)});
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    // A frame of another origin, or a click too long ago: downloads still work.
    if (error instanceof DOMException && error.name === 'SecurityError') return null;
    throw error;
  }
}

/**
 * Hands a file to the browser's downloads.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), keepUrl);
}

/**
 * Writes a blob to a place, piece by piece. A write that does not come to its
 * end leaves nothing there.
 *
 * @param {Blob} blob
 * @param {FileSystemFileHandle} handle
 * @param {{signal: AbortSignal, onProgress: (done: number, total: number) => void}} options
 */
export async function writeTo(blob, handle, {signal, onProgress}) {
  let done = 0;
  const counted = new TransformStream({
    transform(chunk, out) {
      done += chunk.byteLength;
      onProgress(done, blob.size);
      out.enqueue(chunk);
    },
  });
  try {
    const writable = await handle.createWritable();
    await blob.stream().pipeThrough(counted).pipeTo(writable, {signal});
  } catch (error) {
    await remove(handle);
    throw error;
  }
}

/**
 * Removes a file that was picked, which the picker itself makes, empty.
 *
 * @param {FileSystemFileHandle & {remove?: () => Promise<void>}} handle
 */
async function remove(handle) {
  try {
    await handle.remove?.();
  } catch {
    // It is gone, or the browser does not let it go: remains() tells.
  }
}

/**
 * @param {FileSystemFileHandle | null} handle
 * @returns {Promise<boolean>} whether a file is in the place all the same
 */
export async function remains(handle) {
  try {
    await handle?.getFile();
    return handle !== null;
  } catch {
    return false;
  }
}
