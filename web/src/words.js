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
  const sign = layerSigns[layer.state] ?? unknown;
  return layer.chosen && layer.state === 'mismatch' ? {...sign, word: 'Chosen by you, identity differs'} : sign;
}

/** @param {string} severity */
export function severitySign(severity) {
  return severitySigns[severity] ?? unknown;
}

/**
 * A disk's verdict in a sentence.
 *
 * @param {DiskInfo} disk
 */
export function verdict(disk) {
  const found = disk.layers.filter(({file}) => file !== 0).length;
  if (disk.complete) {
    return found === 1 ? 'Complete: this file needs no other.' : `Complete: ${found} files, down to the base.`;
  }
  return disk.missing?.reason === 'mismatch' ? 'Incomplete: the parent that was found is not the right one.'
    : disk.missing?.reason === 'ambiguous' ? 'Incomplete: several files could be the parent.'
      : disk.missing?.reason === 'cycle' ? 'Incomplete: the files name each other as parents.'
        : disk.missing?.reason === 'depth' ? 'Incomplete: the chain is too long.'
          : 'Incomplete: a parent is missing.';
}

/** What a file is, in a word or two. @param {FileInfo} file */
export function kindWord(file) {
  if (file.kind === 'raw') return 'Raw disk';
  if (file.kind === 'refused') return 'Not readable';
  return `${file.type.charAt(0).toUpperCase()}${file.type.slice(1)}`;
}
