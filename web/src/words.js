// The words and marks for states that the engine tells by code.

/** @import {DiskInfo, FileInfo, LayerInfo} from './engine/protocol.js' */
/** @import {IconName} from './views/icon.js' */

/** @typedef {{word: string, icon: IconName, tone: 'good' | 'warning' | 'bad' | 'muted'}} Sign */

/** @type {Record<string, Sign>} */
const layerSigns = {
  resolved: {word: 'Resolved', icon: 'pass-filled', tone: 'good'},
  missing: {word: 'Missing', icon: 'debug-disconnect', tone: 'bad'},
  mismatch: {word: 'Wrong identity', icon: 'unverified', tone: 'warning'},
  damaged: {word: 'Damaged', icon: 'warning', tone: 'warning'},
};

/** @type {Record<string, Sign>} */
const severitySigns = {
  error: {word: 'Error', icon: 'error', tone: 'bad'},
  warning: {word: 'Warning', icon: 'warning', tone: 'warning'},
  note: {word: 'Note', icon: 'info', tone: 'muted'},
};

/** @type {Sign} */
const unknown = {word: 'Unknown', icon: 'question', tone: 'muted'};

/** @param {LayerInfo} layer */
export function layerSign(layer) {
  if (layer.edit) return {word: 'Your edits', icon: 'pass-filled', tone: 'good'};
  const sign = layerSigns[layer.state] ?? unknown;
  return layer.chosen && layer.state === 'mismatch' ? {...sign, word: 'Chosen by you, identity differs'} : sign;
}

/** @param {string} severity */
export function severitySign(severity) {
  return severitySigns[severity] ?? unknown;
}

/** Why a chain ends before its base. @type {Record<string, string>} */
const endings = {
  'not-found': 'Incomplete: a parent is missing.',
  mismatch: 'Incomplete: the parent that was found is not the right one.',
  ambiguous: 'Incomplete: several files could be the parent.',
  cycle: 'Incomplete: the files name each other as parents.',
  depth: 'Incomplete: the chain is too long.',
};

/**
 * A disk's verdict in a sentence.
 *
 * @param {DiskInfo} disk
 * @returns {Sign}
 */
export function verdict(disk) {
  if (!disk.complete) {
    return {word: endings[disk.missing?.reason ?? ''] ?? 'Incomplete.', icon: 'debug-disconnect', tone: 'bad'};
  }
  const count = disk.layers.filter(({edit}) => !edit).length;
  const reach = count === 1 ? 'this file needs no other' : `${count} files, down to the base`;
  if (disk.layers.some(({chosen, state}) => chosen && state === 'mismatch')) {
    return {word: `Complete: ${reach}, with a parent of another identity that you chose.`, icon: 'warning', tone: 'warning'};
  }
  if (disk.layers.some(({state}) => state === 'damaged')) {
    return {word: `Complete: ${reach}; parts of it are damaged.`, icon: 'warning', tone: 'warning'};
  }
  return {word: `Complete: ${reach}.`, icon: 'pass-filled', tone: 'good'};
}

/** What a file is, in a word or two. @param {FileInfo} file */
export function kindWord(file) {
  if (file.kind === 'raw') return 'Raw disk';
  if (file.kind === 'refused') return 'Not readable';
  return `${file.type.charAt(0).toUpperCase()}${file.type.slice(1)}`;
}
