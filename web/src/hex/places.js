// Where one was in each source, to be there again on coming back.

import {clampOffset} from './selection.js';

/** @typedef {import('./scroll.js').ScrollTop} ScrollTop */
/** @typedef {import('./types.js').Selection} Selection */
/** @typedef {import('./types.js').Source} Source */
/** @typedef {{top: ScrollTop, width: number, selection: Selection}} Place width is the bytes of a row, by which lines count */

export class Places {
  /** @type {Map<string, Place>} */
  #places = new Map();

  /**
   * @param {Source} source
   * @param {Place} place
   */
  keep(source, place) {
    this.#places.set(keyOf(source), place);
  }

  /**
   * The place in a source, within what it has now; undefined where one never was.
   * @param {Source} source
   * @returns {Place | undefined}
   */
  find(source) {
    const place = this.#places.get(keyOf(source));
    if (!place) return undefined;
    const {caret, anchor} = place.selection;
    return {
      ...place,
      selection: {
        caret: clampOffset(caret, source.size),
        anchor: anchor === null ? null : clampOffset(anchor, source.size),
      },
    };
  }
}

/** @param {Source} source */
function keyOf({disk, file, place}) {
  return place ?? `${disk}/${file}`;
}

/**
 * Whether two sources show the same bytes from the same files: then nothing
 * that was read is lost.
 * @param {Source | null} a
 * @param {Source | null} b
 */
export function sameSource(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Whether a source is another with edits laid on top.
 * @param {Source} source
 * @param {Source} below
 */
export function onTop(source, below) {
  return source.place !== undefined && source.place === below.place && source.size === below.size &&
    Boolean(source.layers[0]?.edit) && !below.layers[0]?.edit;
}
