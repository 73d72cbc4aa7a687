// What new files are called at first: after what they come from, never as an
// open file, and as every system takes it.

import {baseName} from '../format.js';

/** What browsers' pickers are told of a kind of file. */
const types = {
  img: {description: 'Raw disk', accept: {'application/octet-stream': ['.img', '.raw']}},
  vhd: {description: 'Virtual hard disk', accept: {'application/x-vhd': ['.vhd', '.avhd']}},
  zip: {description: 'Zip archive', accept: {'application/zip': ['.zip']}},
};

/** Bytes of a name: systems take 255, and browsers add to a name while they download. */
const longest = 230;

/** What Windows opens a device by, in any folder and with any extension. */
const device = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\.|$)/i;

const utf8 = new TextEncoder();

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
 * What files of a volume are called when they are saved.
 *
 * @param {string[]} paths with '/'
 * @param {boolean} zip whether they go into one archive
 * @returns {string}
 */
export function savedName(paths, zip) {
  const [path = '/'] = paths;
  const named = paths.length === 1 ? path : path.replace(/\/[^/]*\/?$/, '');
  const name = named.split('/').findLast((part) => part !== '') ?? 'volume';
  return zip ? `${name}.zip` : name;
}

/**
 * A name that every system takes and shows as it is: without what it keeps for
 * paths, for devices and for turning the direction of text, and not too long.
 *
 * @param {string} name
 * @returns {string}
 */
export function safeName(name) {
  const plain = name.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|]/gu, '_')
    .replace(/^ +/, '').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const safe = plain === '' || device.test(plain) ? `_${plain}` : plain;
  const extension = /\.[^.]{1,20}$/u.exec(safe)?.[0] ?? '';
  const stem = [...safe.slice(0, safe.length - extension.length)];
  while (utf8.encode(stem.join('') + extension).length > longest) stem.pop();
  return stem.join('') + extension;
}

/**
 * @param {string} name
 * @returns {{description: string, accept: Record<string, string[]>}[]} for showSaveFilePicker; none where the name is to stand
 */
export function pickerTypes(name) {
  const [, extension = ''] = /\.(\w+)$/.exec(name.toLowerCase()) ?? [];
  const type = Object.values(types).find(({accept}) => Object.values(accept).flat().includes(`.${extension}`));
  return type ? [type] : [];
}
