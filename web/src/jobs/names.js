// What new files are called at first: after the file they come from, and
// never as it.

import {baseName} from '../format.js';

/** What browsers' pickers are told of a kind of file. */
const types = {
  img: {description: 'Raw disk', accept: {'application/octet-stream': ['.img', '.raw']}},
  vhd: {description: 'Virtual hard disk', accept: {'application/x-vhd': ['.vhd', '.avhd']}},
};

/**
 * @param {string} path the file that the new one comes from
 * @param {string} what was done, in a word: 'merged'; '' where the extension tells
 * @param {'vhd' | 'img'} [extension]
 * @returns {string}
 */
export function nameFor(path, what, extension = 'vhd') {
  const stem = baseName(path).replace(/\.(a?vhd|img|raw)$/i, '') || 'disk';
  return `${stem}${what ? ` (${what})` : ''}.${extension}`;
}

/**
 * @param {string} name
 * @returns {{description: string, accept: Record<string, string[]>}[]} for showSaveFilePicker
 */
export function pickerTypes(name) {
  return [name.endsWith('.img') ? types.img : types.vhd];
}
