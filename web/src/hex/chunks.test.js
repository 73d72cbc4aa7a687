import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bytesOf, ChunkCache, chunkSize, chunksOf, extentAt, missingRun, mostChunks} from './chunks.js';

/** @typedef {import('./types.js').Extent} Extent */

/**
 * @param {number} offset
 * @param {number} length
 * @param {Partial<Extent>} [more]
 * @returns {Extent}
 */
function extent(offset, length, more) {
  return /** @type {Extent} */ ({offset, length, layer: 0, source: offset + 100, state: 'data', problem: null, ...more});
}

/** A view whose bytes tell their offsets. @param {number} offset @param {number} length @param {Extent[]} [extents] */
function view(offset, length, extents = [extent(offset, length)]) {
  return {offset, bytes: Uint8Array.from({length}, (_, i) => ((offset + i) / 512) & 255), extents};
}

test('a view is kept as chunks, its extents cut and their sources moved along', () => {
  const cache = new ChunkCache();
  const zeros = extent(20000, 1000, {layer: -1, source: -1, state: 'zeros'});
  cache.put(view(chunkSize, 2 * chunkSize, [extent(chunkSize, 20000 - chunkSize), zeros, extent(21000, 3 * chunkSize - 21000)]), 2 ** 40);
  assert.deepEqual([cache.has(0), cache.has(1), cache.has(2), cache.has(3)], [false, true, true, false]);
  const [first, second] = [cache.get(1), cache.get(2)];
  assert.ok(first && second);
  assert.equal(second.offset, 2 * chunkSize);
  assert.equal(second.bytes.length, chunkSize);
  assert.equal(second.bytes[512], 65);
  assert.deepEqual(first.extents.map((e) => [e.offset, e.length, e.source]), [
    [chunkSize, 20000 - chunkSize, chunkSize + 100], [20000, 1000, -1], [21000, 2 * chunkSize - 21000, 21100],
  ]);
  assert.deepEqual(second.extents.map((e) => [e.offset, e.length, e.source]), [[2 * chunkSize, chunkSize, 2 * chunkSize + 100]]);
});

test('a short piece is kept at the end of the source and nowhere else', () => {
  const cache = new ChunkCache();
  cache.put(view(0, chunkSize + 10), chunkSize + 10);
  assert.equal(cache.get(1)?.bytes.length, 10);
  cache.clear();
  cache.put(view(0, chunkSize + 10), 2 ** 40);
  assert.deepEqual([cache.has(0), cache.has(1)], [true, false]);
});

test('the longest unused chunk is forgotten first', () => {
  const cache = new ChunkCache(2);
  cache.put(view(0, chunkSize), 2 ** 40);
  cache.put(view(chunkSize, chunkSize), 2 ** 40);
  cache.get(0);
  cache.put(view(2 * chunkSize, chunkSize), 2 ** 40);
  assert.deepEqual([cache.has(0), cache.has(1), cache.has(2)], [true, false, true]);
  assert.equal(cache.size, 2);
});

test('chunks of a range, also far out and at the end', () => {
  assert.deepEqual(chunksOf(0, 1, 100), {first: 0, last: 0});
  assert.deepEqual(chunksOf(chunkSize - 1, 2, 2 ** 40), {first: 0, last: 1});
  assert.deepEqual(chunksOf(chunkSize, chunkSize, 2 ** 40), {first: 1, last: 1});
  assert.deepEqual(chunksOf(2 ** 53 - 600, 4096, 2 ** 53 - 1), {first: 2 ** 39 - 1, last: 2 ** 39 - 1});
});

test('what is missing is one run, without what is there at its ends', () => {
  const there = new Set([3, 5, 8]);
  const has = (/** @type {number} */ number) => there.has(number);
  assert.deepEqual(missingRun(3, 8, has), {first: 4, last: 7});
  assert.deepEqual(missingRun(0, 1, has), {first: 0, last: 1});
  assert.equal(missingRun(3, 3, has), null);
  assert.deepEqual(missingRun(10, 1000, has), {first: 10, last: 10 + mostChunks - 1});
});

test('a run is bytes up to the end of the source', () => {
  assert.deepEqual(bytesOf({first: 1, last: 2}, 2 ** 40), {offset: chunkSize, length: 2 * chunkSize});
  assert.deepEqual(bytesOf({first: 1, last: 2}, chunkSize + 7), {offset: chunkSize, length: 7});
});

test('the extent of a byte is found, and none is made up', () => {
  const extents = [extent(512, 512), extent(1024, 16), extent(1040, 1000)];
  const chunk = {offset: 0, bytes: new Uint8Array(0), extents};
  assert.equal(extentAt(chunk, 511), undefined);
  assert.equal(extentAt(chunk, 512), extents[0]);
  assert.equal(extentAt(chunk, 1023), extents[0]);
  assert.equal(extentAt(chunk, 1024), extents[1]);
  assert.equal(extentAt(chunk, 1040), extents[2]);
  assert.equal(extentAt(chunk, 2040), undefined);
});
