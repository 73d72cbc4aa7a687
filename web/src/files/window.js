// Which rows of a long list are in sight, and where they stand. A browser
// takes elements up to some height; beyond it the list is scrolled in longer
// steps, and rows stand where they are looked for.

/** More px than this, Firefox does not draw. */
const tallest = 15_000_000;

/** Rows that are drawn beyond each edge. */
const beyond = 8;

/**
 * @param {number} count of rows
 * @param {number} height of each, px
 * @returns {number} how high the element is to be that scrolls
 */
export function heightOf(count, height) {
  return Math.min(count * height, tallest);
}

/**
 * How much of the list is above what is in sight.
 *
 * @param {number} top how far it is scrolled, px
 * @param {number} count
 * @param {number} height
 * @param {number} view height of what is in sight, px
 */
function passed(top, count, height, view) {
  const travel = heightOf(count, height) - view;
  return travel <= 0 ? 0 : top * ((count * height - view) / travel);
}

/**
 * @param {number} top
 * @param {number} count
 * @param {number} height
 * @param {number} view
 * @returns {{first: number, last: number, shift: number}} the rows to draw, last not included; shift is to be added to a row's place times its height
 */
export function windowAt(top, count, height, view) {
  const above = passed(top, count, height, view);
  return {
    first: Math.max(0, Math.floor(above / height) - beyond),
    last: Math.min(count, Math.ceil((above + view) / height) + beyond),
    shift: top - above,
  };
}

/**
 * The smallest move that brings a row wholly into sight.
 *
 * @param {number} top
 * @param {number} place of the row
 * @param {number} count
 * @param {number} height
 * @param {number} view
 * @returns {number} how far it is to be scrolled
 */
export function reveal(top, place, count, height, view) {
  const above = passed(top, count, height, view);
  const start = place * height;
  const wanted = start < above ? start : start + height > above + view ? start + height - view : above;
  if (wanted === above) return top;
  const travel = count * height - view;
  return travel <= 0 ? 0 : Math.max(0, wanted) * ((heightOf(count, height) - view) / travel);
}
