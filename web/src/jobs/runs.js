// Merging makes one layer of a run of them. Which runs there are, what comes
// out, and what stays.

/** @import {DiskInfo} from '../engine/protocol.js' */

/**
 * A run of layers, by their indexes: top is the one nearest the leaf.
 *
 * @typedef {{top: number, bottom: number}} Run
 */

/**
 * @param {DiskInfo} disk
 * @returns {number} how many layers are there, from the leaf down to the first that is missing
 */
export function layersThere(disk) {
  const missing = disk.layers.findIndex(({file}) => file === 0);
  return missing < 0 ? disk.layers.length : missing;
}

/**
 * The run to offer first: the chosen layer and the one below it, or above.
 *
 * @param {DiskInfo} disk
 * @param {number} layer
 * @returns {Run}
 */
export function firstRun(disk, layer) {
  const last = layersThere(disk) - 1;
  const top = Math.max(0, Math.min(layer, last - 1));
  return {top, bottom: Math.min(top + 1, last)};
}

/**
 * The run after one of its ends was moved: the other gives way, for a run has
 * two layers at least.
 *
 * @param {Run} run
 * @param {'top' | 'bottom'} end
 * @param {number} to
 * @param {number} count of the layers that are there
 * @returns {Run}
 */
export function moveEnd(run, end, to, count) {
  if (end === 'top') {
    const top = Math.max(0, Math.min(to, count - 2));
    return {top, bottom: Math.max(run.bottom, top + 1)};
  }
  const bottom = Math.max(1, Math.min(to, count - 1));
  return {top: Math.min(run.top, bottom - 1), bottom};
}

/**
 * @param {DiskInfo} disk
 * @param {Run} run
 * @returns {boolean} whether the result needs no parent
 */
export function reachesBase(disk, {bottom}) {
  return disk.complete && bottom === disk.layers.length - 1;
}
