import assert from 'node:assert/strict';
import {test} from 'node:test';
import {begin, extend, textStep} from './content.js';

/** @param {Uint8Array} bytes @param {number} [lostFrom] */
function lookerOf(bytes, lostFrom = Infinity) {
  /** @type {{offset: number, length: number}[]} */
  const asked = [];
  return {
    asked,
    async request(/** @type {'view'} */ _, /** @type {{offset: number, length: number}} */ range) {
      asked.push(range);
      const {offset, length} = range;
      const state = offset + length > lostFrom ? 'unreadable' : 'data';
      return {bytes: bytes.slice(offset, offset + length), extents: [{offset, length, state, problem: {message: 'sector 7 is gone'}}]};
    },
  };
}

const {signal} = new AbortController();
const letters = (/** @type {number} */ size) => new Uint8Array(size).map((_, i) => 97 + (i % 26));

test('only the start of a large file is read, and more when it is asked for', async () => {
  const bytes = letters(3 << 20);
  const looker = lookerOf(bytes);
  const content = await begin(looker, bytes.length, signal);
  assert.deepEqual(looker.asked, [{offset: 0, length: textStep}]);
  assert.equal(content.mode, 'text');
  const whole = await extend(looker, content, Infinity, signal);
  assert.deepEqual(whole.bytes, bytes);
  assert.ok(looker.asked.every(({length}) => length <= 1 << 20));
});

test('a file that cannot be read is an error, and not zeros', async () => {
  await assert.rejects(begin(lookerOf(letters(1000), 500), 1000, signal), /sector 7 is gone/);
  await assert.rejects(begin(lookerOf(letters(400)), 1000, signal), /ended before/);
});

test('an empty file is an empty text', async () => {
  const looker = lookerOf(new Uint8Array());
  const {mode, bytes} = await begin(looker, 0, signal);
  assert.deepEqual([mode, bytes.length, looker.asked.length], ['text', 0, 0]);
});
