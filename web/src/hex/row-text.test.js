import assert from 'node:assert/strict';
import {test} from 'node:test';
import {digitsAt, rowText, unreadableText} from './row-text.js';

/** @typedef {import('./types.js').Extent} Extent */

/** @param {Partial<Extent>[]} extents */
function chunk(extents) {
  const bytes = Uint8Array.from({length: 64}, (_, i) => 0x40 + i);
  return {offset: 1024, bytes, extents: /** @type {Extent[]} */ (extents)};
}

test('bytes and text of a row', () => {
  const data = chunk([{offset: 1024, length: 64, state: 'data', layer: 2}]);
  const row = rowText(data, 1040, 16);
  assert.equal(row.hex, '50 51 52 53 54 55 56 57  58 59 5A 5B 5C 5D 5E 5F');
  assert.equal(row.text, 'PQRSTUVWXYZ[\\]^_');
  assert.equal(row.extent, data.extents[0]);
  assert.equal(row.mixed, false);
  assert.equal(rowText(data, 1072, 3).hex, '70 71 72');
  assert.equal(rowText(data, 1084, 4).text, '|}~·');
  for (const index of [0, 7, 8, 15]) assert.equal(row.hex.slice(digitsAt(index), digitsAt(index) + 2), (0x50 + index).toString(16).toUpperCase());
});

test('what cannot be read is never shown as a value', () => {
  const mixed = chunk([
    {offset: 1024, length: 4, state: 'data', layer: 0},
    {offset: 1028, length: 2, state: 'unreadable', layer: 1},
    {offset: 1030, length: 58, state: 'data', layer: 1},
  ]);
  const row = rowText(mixed, 1024, 8);
  assert.equal(row.hex, '40 41 42 43 ?? ?? 46 47');
  assert.equal(row.text, '@ABC  FG');
  assert.equal(row.mixed, true);
});

test('bytes that no extent covers are not made up', () => {
  assert.equal(rowText(chunk([]), 1024, 2).hex, '?? ??');
  assert.equal(rowText(chunk([{offset: 1024, length: 1, state: 'data'}]), 1024, 2).hex, '40 ??');
});

test('a row of which nothing is known to be readable', () => {
  assert.equal(unreadableText(2), '?? ??');
  assert.equal(unreadableText(16).length, digitsAt(15) + 2);
});
