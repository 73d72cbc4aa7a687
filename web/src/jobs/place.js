// Where a new file goes: the place that a person picked, where the browser
// has a picker, else the browser's downloads.

import {pickerTypes} from './names.js';

/**
 * What is at a place that was picked after a job for it failed: nothing, what
 * was there before, or something that is neither.
 *
 * @typedef {'' | 'before' | 'unfit'} Remains
 */

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
 *   changed their mind, or is being asked already
 */
export async function pickPlace(suggestedName) {
  const pick = picker();
  if (!pick) return null;
  try {
    return await pick.call(globalThis, {suggestedName, types: pickerTypes(suggestedName)});
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    // The second of two clicks finds the picker open.
    if (name === 'AbortError' || name === 'NotAllowedError') return undefined;
    // A frame of another origin, a click too long ago, a name that it does not
    // take: downloads still work.
    return null;
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
 * end leaves the place as it was.
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
  const writable = await handle.createWritable();
  await blob.stream().pipeThrough(counted).pipeTo(writable, {signal});
}

/**
 * @param {FileSystemFileHandle} handle
 * @returns {Promise<File | null>} the file as it is now, null where there is none
 */
export async function fileAt(handle) {
  try {
    return await handle.getFile();
  } catch {
    return null;
  }
}

/**
 * Clears a place up after a job for it failed. Browsers write beside the file
 * and put the new one in its place at the end, so what was there before is
 * there still; where nothing was, the picker has made an empty file.
 *
 * @param {FileSystemFileHandle & {remove?: () => Promise<void>}} handle
 * @param {File | null} before the file as it was when it was picked
 * @returns {Promise<Remains>}
 */
export async function clear(handle, before) {
  const now = await fileAt(handle);
  if (!now) return '';
  if (now.size > 0) return now.size === before?.size && now.lastModified === before.lastModified ? 'before' : 'unfit';
  try {
    await handle.remove?.();
  } catch {
    // This browser does not let it go.
  }
  return await fileAt(handle) ? 'unfit' : '';
}
