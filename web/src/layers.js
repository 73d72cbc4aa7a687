// How a layer of a chain is told from the others, everywhere on the page: by
// a letter, and by one of eight hues that repeat. The letter is what counts;
// the hue helps the eye. The hues themselves are custom properties of the
// page (styles/theme.js): --layer-0 … --layer-7, one set for each theme.

import {css} from 'lit';

/** How many hues there are. */
const layerHues = 8;

/** The place of edits, which lie on top of a chain and are none of its files. */
export const editsPlace = -2;

/**
 * The place of a layer, by which it is called and coloured: its index, or one
 * less where edits lie on top, so that a file is called the same with edits
 * and without.
 *
 * @param {readonly {edit?: boolean}[]} layers leaf first
 * @param {number} index -1 for no layer
 * @returns {number} from 0; -1 for no layer, editsPlace for the edits
 */
export function placeOf(layers, index) {
  if (index < 0 || !layers[0]?.edit) return index;
  return index === 0 ? editsPlace : index - 1;
}

/**
 * The letter of a layer: A for the leaf, then B … Z, AA, AB … as a
 * spreadsheet names its columns. No layer (-1) is '–', the edits are '✎'.
 *
 * @param {number} place as from placeOf
 * @returns {string}
 */
export function layerLabel(place) {
  if (place === editsPlace) return '✎';
  if (place < 0) return '–';
  let label = '';
  for (let n = place + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    label = String.fromCharCode(65 + ((n - 1) % 26)) + label;
  }
  return label;
}

/**
 * The class that sets --layer (the layer's hue, readable as text) and
 * --layer-fill (a quiet background of it) for an element and what is in it.
 * Views that use it adopt layerStyles.
 *
 * @param {number} place as from placeOf; -1 where no layer has the bytes
 * @returns {string}
 */
export function layerClass(place) {
  if (place === editsPlace) return 'layer-edits';
  return place < 0 ? 'layer-none' : `layer-${place % layerHues}`;
}

/**
 * A layer as it is spoken of: 'layer B', 'your edits'.
 *
 * @param {number} place as from placeOf
 * @returns {string}
 */
export function layerWord(place) {
  return place === editsPlace ? 'your edits' : `layer ${layerLabel(place)}`;
}

/** The classes of layerClass, for a component's `static styles`. */
export const layerStyles = css`
  .layer-0 { --layer: var(--layer-0); }
  .layer-1 { --layer: var(--layer-1); }
  .layer-2 { --layer: var(--layer-2); }
  .layer-3 { --layer: var(--layer-3); }
  .layer-4 { --layer: var(--layer-4); }
  .layer-5 { --layer: var(--layer-5); }
  .layer-6 { --layer: var(--layer-6); }
  .layer-7 { --layer: var(--layer-7); }
  .layer-none { --layer: var(--layer-none); }
  .layer-edits { --layer: var(--layer-edits); }
  [class*='layer-'] { --layer-fill: color-mix(in srgb, var(--layer) var(--layer-strength), transparent); }
  .layer-edits { --layer-fill: var(--layer-edits-fill); }
`;

/**
 * The same at the start of a sentence.
 *
 * @param {number} place as from placeOf
 * @returns {string}
 */
export function layerTitle(place) {
  const word = layerWord(place);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
