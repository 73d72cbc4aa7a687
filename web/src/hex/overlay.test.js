import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chunkSize} from './chunks.js';
import {Overlay} from './overlay.js';

/** @param {number} number */
const chunk = (number) => ({offset: number * chunkSize, bytes: new Uint8Array(chunkSize), extents: []});

test('what is typed shows at once, the last of two on the same byte, and a chunk without it stays what it is', () => {
  const overlay = new Overlay();
  const read = chunk(0);
  assert.equal(overlay.over(read, false), read);
  overlay.add(5, Uint8Array.of(1, 2));
  overlay.add(6, Uint8Array.of(9));
  assert.deepEqual([...overlay.over(read, false).bytes.subarray(4, 9)], [0, 1, 9, 0, 0]);
  assert.equal(overlay.over(read, false), overlay.over(read, false), 'a row is drawn again only when something changed');
  assert.deepEqual([...read.bytes.subarray(4, 9)], [0, 0, 0, 0, 0], 'what was read is not touched');
  const other = chunk(1);
  assert.equal(overlay.over(other, false), other);
});

test('a write that straddles two chunks shows in both', () => {
  const overlay = new Overlay();
  overlay.add(chunkSize - 1, Uint8Array.of(7, 8));
  assert.equal(overlay.over(chunk(0), false).bytes[chunkSize - 1], 7);
  assert.equal(overlay.over(chunk(1), false).bytes[0], 8);
});

test('what the engine has is shown over what was read before, and not over what is read after', () => {
  const overlay = new Overlay();
  const write = overlay.add(0, Uint8Array.of(1));
  overlay.settle(write);
  assert.equal(overlay.over(chunk(0), true).bytes[0], 1);
  assert.equal(overlay.over(chunk(0), false).bytes[0], 0);
  overlay.prune((number) => number === 0);
  assert.equal(overlay.over(chunk(0), true).bytes[0], 1, 'kept while it was not read again');
  overlay.prune((number) => number !== 0);
  assert.equal(overlay.over(chunk(0), true).bytes[0], 0);
});

test('what was not written is no longer shown', () => {
  const overlay = new Overlay();
  const kept = overlay.add(0, Uint8Array.of(1));
  const failed = overlay.add(0, Uint8Array.of(2));
  overlay.drop(failed);
  assert.equal(overlay.over(chunk(0), false).bytes[0], 1);
  overlay.prune(() => false);
  assert.equal(overlay.over(chunk(0), false).bytes[0], 1, 'what is on its way stays');
  overlay.drop(kept);
  assert.equal(overlay.over(chunk(0), false).bytes[0], 0);
});
