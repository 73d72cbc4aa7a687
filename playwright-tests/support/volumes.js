// What is in volumes, by the console API; and what is known of it.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { folders } from './sites.js';

/** The one volume of a disk that can be browsed: its index. */
export async function browsable(page, id) {
  const volumes = await page.evaluate((disk) => globalThis.vhdscope.volumes(disk), id);
  const indexes = volumes.filter((volume) => volume.browsable).map(({ index }) => index);
  if (indexes.length !== 1) throw new Error(`not one volume that can be browsed: ${JSON.stringify(volumes)}`);
  return indexes[0];
}

/**
 * The SHA-256 of every file of a volume, by path, taken in the page.
 * @returns {Promise<Record<string, string>>}
 */
export function fileSums(page, id, volume) {
  return page.evaluate(async ([disk, index]) => {
    const sums = {};
    const walk = async (folder) => {
      for (const { name, kind } of await globalThis.vhdscope.list(disk, index, folder || '/')) {
        const at = `${folder}/${name}`;
        if (kind === 'directory') await walk(at);
        if (kind !== 'file') continue;
        const blob = await globalThis.vhdscope.file(disk, index, at);
        const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
        sums[at] = Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
      }
    };
    await walk('');
    return sums;
  }, [id, volume]);
}

/** What a layer changed: kind of change, by path. @returns {Promise<Record<string, string>>} */
export async function changesOf(page, id, layer) {
  const changes = await page.evaluate((args) => globalThis.vhdscope.changes(...args), [id, layer]);
  return Object.fromEntries(changes.map(({ path: at, change }) => [at, change]));
}

/**
 * What differs between two lists of files, by path: what changesOf tells of
 * files, but for metadata. A file that comes where another of the same bytes
 * goes is renamed.
 */
export function differences(before, after) {
  const changes = {};
  const gone = new Map(Object.entries(before).filter(([at]) => !(at in after)).map(([at, sum]) => [sum, at]));
  for (const [at, sum] of Object.entries(after)) {
    if (at in before) {
      if (before[at] !== sum) changes[at] = 'content';
    } else {
      changes[at] = gone.delete(sum) ? 'renamed' : 'added';
    }
  }
  for (const at of gone.values()) changes[at] = 'removed';
  return changes;
}

/** Those of the changes that are of files in either list, and no metadata's. */
export function ofFiles(changes, before, after) {
  return Object.fromEntries(Object.entries(changes).filter(([at, change]) => change !== 'metadata' && (at in before || at in after)));
}

/** The lists that other tools made of real volumes, as of each image. */
const lists = {
  'xenserver-ntfs-3deep/base.vhd': 'ntfs.0',
  'xenserver-ntfs-3deep/child1.vhd': 'ntfs.1',
  'xenserver-ntfs-3deep/child2.vhd': 'ntfs.2',
  'xenserver-ntfs-3deep/child3.vhd': 'ntfs.3',
  'windows-10-diskpart/fat-parent.vhd': 'windows-fat-parent',
  'windows-10-diskpart/fat-differential.vhd': 'windows-fat-differential',
  'windows-10-diskpart/ntfs-parent.vhd': 'windows-ntfs-parent',
  'windows-10-diskpart/ntfs-differential.vhd': 'windows-ntfs-differential',
};

/** @param {string} image with its folder @returns {Record<string, string> | null} the SHA-256 of its files, by path */
export function listOf(image) {
  if (!(image in lists)) return null;
  const lines = readFileSync(path.join(folders.images, 'files', `${lists[image]}.files.sha256`), 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(64).trimStart().replace(/^\./, ''), line.slice(0, 64)]));
}
