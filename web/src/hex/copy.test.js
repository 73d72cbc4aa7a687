import assert from 'node:assert/strict';
import {test} from 'node:test';
import {copyLimit, CopyRefusal, gather} from './copy.js';

/** @typedef {import('./copy.js').Range} Range */

/** @param {Range[]} asked @param {number} [most] bytes that an answer has at most */
function disk(asked, most = 2 ** 20) {
  return async (/** @type {Range} */ range) => {
    asked.push(range);
    const length = Math.min(range.length, most);
    const bytes = Uint8Array.from({length}, (_, i) => (range.offset + i) % 251);
    return {offset: range.offset, bytes, extents: /** @type {any} */ ([{...range, length, state: 'data'}])};
  };
}

test('a long range is read in pieces and put together', async () => {
  /** @type {Range[]} */
  const asked = [];
  /** @type {number[]} */
  const progress = [];
  const length = 2 * 2 ** 20 + 5;
  const bytes = await gather(disk(asked), {offset: 7, length}, (done) => progress.push(done));
  assert.deepEqual(asked.map((range) => range.length), [2 ** 20, 2 ** 20, 5]);
  assert.deepEqual(progress, [2 ** 20, 2 ** 21, length]);
  assert.ok(bytes.every((byte, i) => byte === (7 + i) % 251));
});

test('short answers are gone on from', async () => {
  const bytes = await gather(disk([], 1000), {offset: 0, length: 2500});
  assert.ok(bytes.every((byte, i) => byte === i % 251));
});

test('more than 16 MiB are refused before anything is read', async () => {
  /** @type {Range[]} */
  const asked = [];
  await assert.rejects(gather(disk(asked), {offset: 0, length: copyLimit + 1}), /at most 16 MiB/);
  assert.deepEqual(asked, []);
});

test('bytes that cannot be read are named, and nothing is copied', async () => {
  const ask = async (/** @type {Range} */ range) => ({
    offset: range.offset,
    bytes: new Uint8Array(range.length),
    extents: /** @type {any} */ ([
      {offset: 0x1000, length: 0x200, state: 'data'},
      {offset: 0x1200, length: 0x400, state: 'unreadable', problem: {message: 'cut short'}},
    ]),
  });
  await assert.rejects(gather(ask, {offset: 0x1000, length: 0x300}), (error) => {
    assert.ok(error instanceof CopyRefusal);
    assert.equal(error.message, 'Nothing was copied: bytes 0x1200 to 0x12FF cannot be read (cut short).');
    return true;
  });
});

test('an engine that gives nothing is no endless loop', async () => {
  const ask = async (/** @type {Range} */ range) => ({offset: range.offset, bytes: new Uint8Array(0), extents: []});
  await assert.rejects(gather(ask, {offset: 0, length: 10}), CopyRefusal);
});
