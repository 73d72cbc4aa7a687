// What an entry is, by icon and word.

import {formatCount} from '../format.js';

/** @import {IconName} from '../views/icon.js' */
/** @import {EntryKind} from '../engine/listing.js' */

/** @type {Record<EntryKind, {icon: IconName, word: string}>} */
const kinds = {
  file: {icon: 'file', word: 'File'},
  directory: {icon: 'folder', word: 'Folder'},
  link: {icon: 'file-symlink-file', word: 'Link'},
  other: {icon: 'circle-slash', word: 'Special file'},
};

/**
 * @param {EntryKind} kind
 * @param {string} [name] of a file, which tells what may be in it
 * @returns {IconName}
 */
export function iconOf(kind, name = '') {
  if (kind !== 'file') return kinds[kind].icon;
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (/^(png|jpe?g|gif|bmp|webp|avif|ico|svg|tiff?)$/.test(ending)) return 'file-media';
  if (/^(zip|7z|rar|gz|xz|bz2|zst|tar|cab|iso|jar|deb|rpm)$/.test(ending)) return 'file-zip';
  if (/^(a?vhdx?|img|raw|vmdk|qcow2|vdi)$/.test(ending)) return 'layers';
  return 'file';
}

/**
 * @param {string} kind
 * @param {boolean} deleted
 * @returns {string} 'File', 'Deleted folder'
 */
export function kindWord(kind, deleted) {
  const {word} = kinds[/** @type {EntryKind} */ (kind)] ?? kinds.other;
  return deleted ? `Deleted ${word.toLowerCase()}` : word;
}

/**
 * What a folder or a choice in it consists of: '2 folders, 14 files'.
 *
 * @param {Iterable<EntryKind>} list
 * @returns {string}
 */
export function tally(list) {
  const counts = {directory: 0, file: 0, link: 0, other: 0};
  for (const kind of list) counts[kind]++;
  const parts = [
    counts.directory > 0 ? formatCount(counts.directory, 'folder') : '',
    counts.file > 0 ? formatCount(counts.file, 'file') : '',
    counts.link > 0 ? formatCount(counts.link, 'link') : '',
    counts.other > 0 ? formatCount(counts.other, 'special file') : '',
  ].filter(Boolean);
  return parts.join(', ') || 'nothing';
}
