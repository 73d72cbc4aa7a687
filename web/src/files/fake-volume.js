// For tests: a volume made of plain objects.

import {folderOf, nameOf} from './paths.js';

/** @typedef {{[name: string]: number | Tree}} Tree a number is a file of that size */

/** @import {EntryKind} from '../engine/listing.js' */

/**
 * It answers also where it was told to stop, as a worker may that hears of it late.
 *
 * @param {Tree} tree
 * @param {{before?: (path: string) => Promise<unknown>}} [options] before: waited for before a folder is listed
 * @returns {any}
 */
export function fakeVolume(tree, {before = async () => {}} = {}) {
  /** @type {string[]} */
  const listed = [];
  /** @param {string} path @returns {number | Tree | undefined} */
  const find = (path) => (path === '/' ? tree : /** @type {Tree} */ (find(folderOf(path)))?.[nameOf(path)]);
  return {
    listed,
    disk: 1,
    part: {start: 0, size: 1 << 20, index: 1, content: 'FAT16', contentLabel: 'Test', label: ''},
    mounted: {type: 'FAT16', label: 'Test', uuid: '', cluster: 512, notes: [], remembers: true},
    /** @param {string} path @param {{deleted?: boolean}} options */
    async list(path, {deleted = false} = {}) {
      listed.push(path);
      await before(path);
      const folder = find(path);
      if (typeof folder !== 'object') throw new Error(`There is no folder ${path}.`);
      const names = Object.keys(folder).filter((name) => deleted || !name.startsWith('~'));
      const at = (/** @type {number} */ row) => /** @type {number | Tree} */ (folder[/** @type {string} */ (names[row])]);
      return {
        count: names.length, local: false, notes: [],
        name: (/** @type {number} */ row) => names[row],
        kind: (/** @type {number} */ row) => /** @type {EntryKind} */ (typeof at(row) === 'object' ? 'directory' : 'file'),
        deleted: (/** @type {number} */ row) => names[row]?.startsWith('~') ?? false,
        size: (/** @type {number} */ row) => { const size = at(row); return typeof size === 'number' ? size : Object.keys(size).length * 32; },
        modified: () => 0, created: () => NaN, attributes: () => '',
      };
    },
  };
}
