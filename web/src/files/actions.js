// What can be done with what is picked in a folder, and where something
// cannot be done, why not.

import {formatCount, legible} from '../format.js';

/** @import {MenuGroup} from '../views/menu.js' */
/** @import {Folder} from './folder.js' */

/** @typedef {'open' | 'download' | 'zip' | 'hash' | 'copy-path' | 'sectors' | 'open-disk' | 'properties'} FileAction */

/**
 * What is picked: rows of a folder, or, where none is, the folder itself.
 *
 * @typedef {object} Picked
 * @property {string[]} paths
 * @property {number} files how many of them are files
 * @property {boolean} folder whether the one that is picked is a folder
 * @property {string} name of the only one, '' where there are several or none
 */

/**
 * @param {Folder} folder
 * @returns {Picked}
 */
export function pickedIn(folder) {
  const rows = folder.pickedRows;
  const [only] = rows;
  const one = rows.length === 1 && only !== undefined;
  return {
    paths: rows.map((row) => folder.pathOf(row)),
    files: rows.filter((row) => folder.listing.kind(row) === 'file').length,
    folder: one && folder.listing.kind(only) === 'directory',
    name: one ? folder.nameOf(only) : '',
  };
}

/**
 * @param {string} name
 * @returns {boolean} whether a file is called as virtual disks are
 */
function isDiskName(name) {
  return /\.(a?vhd|img|raw)$/i.test(name);
}

/**
 * @param {Picked} picked
 * @returns {MenuGroup[]}
 */
export function fileActions({paths, files, folder, name}) {
  const one = paths.length === 1;
  const isFile = one && files === 1;
  const count = paths.length === 0 ? 'this folder' : one ? legible(name) : formatCount(paths.length, 'entry', 'entries');
  const notFile = folder ? 'It is a folder.' : one ? 'It is no file.' : 'Choose one file.';
  /** @type {MenuGroup[]} */
  const groups = [
    {
      title: count,
      items: [
        ...(one ? [/** @type {const} */ ({value: 'open', label: 'Open', icon: folder ? 'folder-opened' : 'go-to-file', hint: 'Enter', why: ''})] : []),
        ...(isFile ? [/** @type {const} */ ({value: 'download', label: 'Download', icon: 'download', why: ''})] : []),
        {value: 'zip', label: 'Download as zip', icon: 'file-zip', why: ''},
      ],
    },
    {
      items: [
        {value: 'hash', label: 'SHA-256…', icon: 'symbol-numeric', why: ''},
        {value: 'copy-path', label: paths.length > 1 ? 'Copy paths' : 'Copy path', icon: 'copy', hint: 'Ctrl+C', why: ''},
        {value: 'sectors', label: 'Show its sectors', icon: 'file-binary', why: isFile ? '' : notFile},
        ...(isFile && isDiskName(name) ? [/** @type {const} */ ({value: 'open-disk', label: 'Open as a disk', icon: 'layers', why: ''})] : []),
        {value: 'properties', label: 'Properties', icon: 'info', hint: 'Alt+Enter', why: ''},
      ],
    },
  ];
  return groups;
}
