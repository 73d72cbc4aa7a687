import assert from 'node:assert/strict';
import test from 'node:test';
import {order, rank} from './sorting.js';

/**
 * @param {string[]} names those of folders end with '/'
 * @param {{key?: import('./sorting.js').Key | null, down?: boolean}} [by]
 */
function ordered(names, {key = null, down = false} = {}) {
  const rows = Uint32Array.from(names, (_, i) => i);
  order(rows, rank(names), (row) => names[row]?.endsWith('/') ?? false, key, down);
  return [...rows].map((row) => names[row]);
}

test('numbers in names count as numbers, and folders come first', () => {
  assert.deepEqual(ordered(['file 10', 'b/', 'File 2', 'a/', 'file 1']), ['a/', 'b/', 'file 1', 'File 2', 'file 10']);
});

test('from the last name to the first, folders still come first', () => {
  assert.deepEqual(ordered(['a', 'z/', 'b', 'y/'], {down: true}), ['z/', 'y/', 'b', 'a']);
});

test('names that compare as equal have an order all the same', () => {
  const names = ['e\u0301', '\u00e9', 'e\u0301'];
  const ranks = rank(names);
  assert.deepEqual([...ranks].sort(), [0, 1, 2]);
  assert.ok(/** @type {number} */ (ranks[0]) < /** @type {number} */ (ranks[2]));
});

test('equal values are ordered by name in either direction, and what has none comes last', () => {
  const names = ['d', 'c', 'b', 'a', 'e'];
  const sizes = [1, 1, NaN, 2, NaN];
  const key = (/** @type {number} */ row) => /** @type {number} */ (sizes[row]);
  assert.deepEqual(ordered(names, {key}), ['c', 'd', 'a', 'b', 'e']);
  assert.deepEqual(ordered(names, {key, down: true}), ['a', 'c', 'd', 'b', 'e']);
});

test('texts are values as well', () => {
  const names = ['a', 'b', 'c'];
  const key = (/** @type {number} */ row) => ['RH', '', 'A'][row] ?? '';
  assert.deepEqual(ordered(names, {key}), ['c', 'a', 'b']);
});
