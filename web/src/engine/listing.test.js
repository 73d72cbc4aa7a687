import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Listing} from './listing.js';

/** Numbers as a worker writes them. @param {...number} values */
function floats(...values) {
  const bytes = new Uint8Array(8 * values.length);
  values.forEach((value, i) => new DataView(bytes.buffer).setFloat64(8 * i, value, true));
  return bytes;
}

/** @param {Partial<import('./volumes-protocol.js').Listing>} [changes] */
const columns = (changes) => ({
  count: 3,
  names: new TextEncoder().encode('\uFEFFmark\0文件-😀\0gone\0'),
  kinds: new TextEncoder().encode('dfL'),
  sizes: floats(0, 2 ** 40 + 1, 7),
  modified: floats(NaN, 1_700_000_000_123, -1000),
  created: floats(1, NaN, 3),
  attribute: new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
  attributes: ['r', 'rwx'],
  local: true,
  notes: ['One name is lost.'],
  ...changes,
});

test('an entry is what stands in its place in every column', () => {
  const listing = new Listing(columns());
  assert.equal(listing.count, 3);
  const entries = [0, 1, 2].map((i) => [listing.name(i), listing.kind(i), listing.deleted(i), listing.size(i),
    listing.modified(i), listing.created(i), listing.attributes(i)]);
  assert.deepEqual(entries, [
    ['\uFEFFmark', 'directory', false, 0, NaN, 1, 'rwx'],
    ['文件-😀', 'file', false, 2 ** 40 + 1, 1_700_000_000_123, NaN, 'r'],
    ['gone', 'link', true, 7, -1000, 3, 'rwx'],
  ]);
  assert.deepEqual([listing.local, listing.notes], [true, ['One name is lost.']]);
});

test('columns may lie anywhere in their buffers', () => {
  const sizes = new Uint8Array(29);
  sizes.set(floats(0, 5, 0), 5);
  assert.equal(new Listing(columns({sizes: sizes.subarray(5)})).size(1), 5);
});

test('columns of different lengths are refused', () => {
  for (const changes of [{kinds: new Uint8Array(2)}, {sizes: floats(1)}, {attribute: new Uint8Array(7)}]) {
    assert.throws(() => new Listing(columns(changes)), {code: 'internal'});
  }
});

test('a folder without entries has none', () => {
  const none = new Uint8Array();
  assert.equal(new Listing(columns({count: 0, names: none, kinds: none, sizes: none, modified: none, created: none, attribute: none})).count, 0);
});
