// The order of a folder's rows: folders before files, then by a column, then
// by name. Names are ordered as a person would: 'file 2' before 'file 10'.

/** @typedef {'name' | 'size' | 'modified' | 'created' | 'attributes' | 'layers'} Column */

/** @typedef {{by: Column, down: boolean}} Sort */

/** What is sorted by, a row each. @typedef {(row: number) => number | string} Key */

const names = new Intl.Collator(undefined, {numeric: true});

/**
 * @param {readonly string[]} list
 * @returns {Uint32Array} the place of each name among them
 */
export function rank(list) {
  const order = Uint32Array.from(list, (_, i) => i);
  // Names that only differ in ways that do not count are told apart by their code.
  order.sort((a, b) => {
    const x = /** @type {string} */ (list[a]);
    const y = /** @type {string} */ (list[b]);
    return names.compare(x, y) || (x < y ? -1 : x > y ? 1 : a - b);
  });
  const ranks = new Uint32Array(list.length);
  order.forEach((row, place) => {
    ranks[row] = place;
  });
  return ranks;
}

/**
 * Orders rows, in place. What has no value (NaN, '') comes last, whatever the
 * direction.
 *
 * @param {Uint32Array} rows
 * @param {Uint32Array} ranks of the names
 * @param {(row: number) => boolean} isFolder
 * @param {Key | null} key null for the names alone
 * @param {boolean} down the greatest first
 */
export function order(rows, ranks, isFolder, key, down) {
  const sign = down ? -1 : 1;
  const folders = new Uint8Array(ranks.length);
  /** @type {(number | string)[]} */
  const keys = [];
  // Once a row, not once a comparison.
  for (const row of rows) {
    if (isFolder(row)) folders[row] = 1;
    if (key) keys[row] = key(row);
  }
  rows.sort((a, b) => {
    const first = /** @type {number} */ (folders[b]) - /** @type {number} */ (folders[a]);
    if (first !== 0) return first;
    const byName = /** @type {number} */ (ranks[a]) - /** @type {number} */ (ranks[b]);
    if (!key) return sign * byName;
    const x = /** @type {number | string} */ (keys[a]);
    const y = /** @type {number | string} */ (keys[b]);
    const lacks = Number(isNone(x)) - Number(isNone(y));
    if (lacks !== 0) return lacks;
    return x < y ? -sign : x > y ? sign : byName;
  });
}

/** @param {number | string} value */
function isNone(value) {
  return value === '' || Number.isNaN(value);
}
