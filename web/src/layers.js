// How a layer of a chain is told from the others, everywhere on the page: by
// a letter, and by one of eight hues that repeat. The letter is what counts;
// the hue helps the eye. The hues themselves are custom properties of the
// page (styles/theme.js): --layer-0 … --layer-7, one set for each theme.

import {css} from 'lit';

/** How many hues there are. */
export const layerHues = 8;

/**
 * The letter of a layer: A for the leaf, then B … Z, AA, AB … as a
 * spreadsheet names its columns. No layer (-1) is '–'.
 *
 * @param {number} index index into the chain, leaf first
 * @returns {string}
 */
export function layerLabel(index) {
  if (index < 0) return '–';
  let label = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    label = String.fromCharCode(65 + ((n - 1) % 26)) + label;
  }
  return label;
}

/**
 * The class that sets --layer (the layer's hue, readable as text) and
 * --layer-fill (a quiet background of it) for an element and what is in it.
 * Views that use it adopt layerStyles.
 *
 * @param {number} index index into the chain; -1 where no layer has the bytes
 * @returns {string}
 */
export function layerClass(index) {
  return index < 0 ? 'layer-none' : `layer-${index % layerHues}`;
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
  [class*='layer-'] { --layer-fill: color-mix(in srgb, var(--layer) var(--layer-strength), transparent); }
`;
