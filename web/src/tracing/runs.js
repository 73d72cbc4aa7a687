// Where a file's bytes lie on the disk.

/** @import {FileExtent} from '../engine/volumes-protocol.js' */
/** @import {Span} from '../engine/protocol.js' */

/**
 * The runs of the disk that hold a file, in order, those that touch as one.
 *
 * @param {readonly FileExtent[]} extents
 * @returns {Span[]}
 */
export function runsOf(extents) {
  const held = extents.filter(({start}) => start >= 0)
    .map(({start, length, stored}) => ({offset: start, length: stored || length}))
    .sort((a, b) => a.offset - b.offset);
  /** @type {Span[]} */
  const runs = [];
  for (const {offset, length} of held) {
    const last = runs.at(-1);
    if (last && offset <= last.offset + last.length) last.length = Math.max(last.length, offset + length - last.offset);
    else runs.push({offset, length});
  }
  return runs;
}

/**
 * Where on the disk a range of a file begins, and how far from there on it is
 * in one piece; null where it lies nowhere, as zeros do.
 *
 * @param {readonly FileExtent[]} extents
 * @param {Span} range of the file
 * @returns {Span | null}
 */
export function placeOf(extents, {offset, length}) {
  const end = offset + length;
  for (const extent of extents) {
    if (extent.start < 0 || extent.offset + extent.length <= offset || extent.offset >= end) continue;
    // What is stored in another form can only be shown as a whole.
    if (extent.stored > 0) return {offset: extent.start, length: extent.stored};
    const from = Math.max(offset, extent.offset);
    return {offset: extent.start + from - extent.offset, length: Math.min(end, extent.offset + extent.length) - from};
  }
  return null;
}
