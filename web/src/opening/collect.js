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
 * @returns {Promise<Collected>}
 */
export function fromDrop(transfer) {
  /** @type {Collected} */
  const collected = {files: [], lost: []};
  const jobs = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => startItem(item, collected));
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
 * Handles work where entries do not (pages opened from a file), entries
 * where handles do not exist; both know folders, and a plain file is the
 * least that every browser gives.
 *
 * @param {DataTransferItem} item
 * @param {Collected} collected
 * @returns {Promise<void>}
 */
function startItem(item, collected) {
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry?.() ?? null;
  const handle = 'getAsFileSystemHandle' in item && location.protocol === 'file:'
    ? /** @type {{getAsFileSystemHandle(): Promise<FileSystemHandle | null>}} */ (item).getAsFileSystemHandle()
    : null;
  if (handle) return walkHandle(handle, collected, file);
  if (entry?.isDirectory) return walkEntry(entry, collected);
  if (file) collected.files.push({file, path: file.name, direct: true});
  return Promise.resolve();
}

/**
 * @param {Promise<FileSystemHandle | null>} promise
 * @param {Collected} collected
 * @param {File | null} file what to take where there is no handle
 */
async function walkHandle(promise, collected, file) {
  const handle = await promise.catch(() => null);
  if (handle?.kind === 'directory') {
    await walkDirectoryHandle(/** @type {FileSystemDirectoryHandle} */ (handle), handle.name, collected);
  } else if (file) {
    collected.files.push({file, path: file.name, direct: true});
  }
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} path
 * @param {Collected} collected
 */
async function walkDirectoryHandle(directory, path, collected) {
  try {
    for await (const [name, handle] of directory.entries()) {
      const inner = `${path}/${name}`;
      if (handle.kind === 'directory') {
        await walkDirectoryHandle(/** @type {FileSystemDirectoryHandle} */ (handle), inner, collected);
      } else {
        await take(() => /** @type {FileSystemFileHandle} */ (handle).getFile(), inner, collected);
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
 */
async function take(get, path, collected) {
  try {
    collected.files.push({file: await get(), path, direct: false});
  } catch (error) {
    collected.lost.push({path, reason: reasonOf(error)});
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  return messageOf(error);
}
