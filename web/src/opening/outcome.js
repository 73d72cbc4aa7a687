// What came of opening files, in words.

import {formatCount, formatNumber} from '../format.js';
import {unnamedLimit} from './filter.js';

/** @import {Forest} from '../engine/protocol.js' */

/** How many texts a list holds before it only counts. */
const listed = 6;

/**
 * @param {{opened: number, repeated: number, passed: number, beyond: number}} counts of files
 * @returns {string}
 */
export function tellOpened({opened, repeated, passed, beyond}) {
  const parts = [opened === 0 ? 'No new files' : `${formatCount(opened, 'file')} opened`];
  if (repeated > 0) parts.push(`${formatCount(repeated, 'file')} open already`);
  if (passed > 0) parts.push(`${formatCount(passed, 'file')} passed over: not images by name, size or content`);
  if (beyond > 0) {
    parts.push(`${formatCount(beyond, 'file')} not looked at: ` +
      `of those not named like images, only ${formatNumber(unnamedLimit)} at a time are`);
  }
  return `${parts.join('; ')}.`;
}

/**
 * @param {Forest} forest
 * @param {number[]} keys of the files that just came
 * @returns {{title: string, text: string} | null} of those that were refused; null where none was
 */
export function tellRefused(forest, keys) {
  const refused = forest.files.filter(({key, kind}) => kind === 'refused' && keys.includes(key));
  if (refused.length === 0) return null;
  return {
    title: refused.length === 1 ? 'One file is not a VHD that can be read' : `${refused.length} files are not VHDs that can be read`,
    text: list(refused.map(({name, problem}) => `${name}: ${problem?.message ?? 'not a VHD'}`)),
  };
}

/**
 * @param {string[]} texts
 * @returns {string} the first of them, one a line
 */
export function list(texts) {
  const rest = texts.length - listed;
  return [...texts.slice(0, listed), ...(rest > 0 ? [`… and ${rest} more`] : [])].join('\n');
}
