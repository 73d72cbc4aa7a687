// Files out of a drop, a picker or a list, each with its path. A drop's
// items die with its event: every handle is asked for before the first await.

import {messageOf} from '../format.js';
/** @import {GivenFile} from './filter.js' */

/** A file of a dropped folder that the browser would not give. @typedef {{path: string, reason: string}} LostFile */

/** @typedef {{files: GivenFile[], lost: LostFile[]}} Collected */

/**
 * The files of a list: a picker's, or one made by hand. A folder picker's
 * files carry their path from that folder on.
 *
 * @param {Iterable<File>} list
 * @returns {GivenFile[]}
 */
export function fromList(list) {
  return [...list].map((file) => ({
    file,
    path: file.webkitRelativePath || file.name,
    direct: !file.webkitRelativePath,
  }));
}

/**
 * The files of a drop, folders searched to the bottom. To be called in the
 * drop event itself.
 *
 * @param {DataTransfer} transfer
 * @param {boolean} [handles] whether they are wanted with their handles
 * @returns {Promise<Collected>}
 */
export function fromDrop(transfer, handles = false) {
  /** @type {Collected} */
  const collected = {files: [], lost: []};
  const jobs = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => startItem(item, collected, handles));
  return Promise.all(jobs).then(() => collected);
}

/**
 * The addresses of a drop of links. To be called in the drop event itself.
 *
 * @param {Pick<DataTransfer, 'getData'>} transfer
 * @returns {string[]}
 */
export function linksOf(transfer) {
  const lines = transfer.getData('text/uri-list').split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')); // which begins a comment
}

/**
 * Handles are taken where they are wanted, or entries do not work (pages
 * opened from a file), entries where handles do not exist; both know folders, and a plain file is the
 * least that every browser gives.
 *
 * @param {DataTransferItem} item
 * @param {Collected} collected
 * @param {boolean} handles
 * @returns {Promise<void>}
 */
function startItem(item, collected, handles) {
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry?.() ?? null;
  const handle = 'getAsFileSystemHandle' in item && (handles || location.protocol === 'file:')
    ? /** @type {{getAsFileSystemHandle(): Promise<FileSystemHandle | null>}} */ (item).getAsFileSystemHandle()
    : null;
  if (handle) return walkHandle(handle, collected, file, entry);
  if (entry?.isDirectory) return walkEntry(entry, collected);
  if (file) collected.files.push({file, path: file.name, direct: true});
  return Promise.resolve();
}

/**
 * @param {Promise<FileSystemHandle | null>} promise
 * @param {Collected} collected
 * @param {File | null} file what to take where there is no handle
 * @param {FileSystemEntry | null} entry
 */
async function walkHandle(promise, collected, file, entry) {
  const handle = await promise.catch(() => null);
  if (handle?.kind === 'directory') {
    await walkDirectoryHandle(/** @type {FileSystemDirectoryHandle} */ (handle), handle.name, collected);
  } else if (!handle && entry?.isDirectory) {
    await walkEntry(entry, collected); // folders of the system have no handles
  } else if (file) {
    const kept = handle ? {handle: /** @type {FileSystemFileHandle} */ (handle)} : {};
    collected.files.push({file, path: file.name, direct: true, ...kept});
  }
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} path
 * @param {Collected} collected
 */
export async function walkDirectoryHandle(directory, path, collected) {
  try {
    for await (const [name, handle] of directory.entries()) {
      const inner = `${path}/${name}`;
      if (handle.kind === 'directory') {
        await walkDirectoryHandle(/** @type {FileSystemDirectoryHandle} */ (handle), inner, collected);
      } else {
        const found = /** @type {FileSystemFileHandle} */ (handle);
        await take(() => found.getFile(), inner, collected, found);
      }
    }
  } catch (error) {
    collected.lost.push({path, reason: reasonOf(error)});
  }
}

/**
 * @param {FileSystemEntry} entry
 * @param {Collected} collected
 * @returns {Promise<void>}
 */
async function walkEntry(entry, collected) {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    await take(() => new Promise((resolve, reject) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    }), path, collected);
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  try {
    // A reader gives its entries in lots, and an empty lot at the end.
    for (;;) {
      const lot = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (lot.length === 0) return;
      for (const inner of lot) await walkEntry(inner, collected);
    }
  } catch (error) {
    collected.lost.push({path, reason: reasonOf(error)});
  }
}

/**
 * @param {() => Promise<File>} get
 * @param {string} path
 * @param {Collected} collected
 * @param {FileSystemFileHandle} [handle]
 */
async function take(get, path, collected, handle) {
  try {
    collected.files.push({file: await get(), path, direct: false, ...handle && {handle}});
  } catch (error) {
    collected.lost.push({path, reason: reasonOf(error)});
  }
}

/** @param {unknown} error */
export function reasonOf(error) {
  return messageOf(error);
}
