import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Direction} from './direction.js';

test('two moves the same way make a direction; a turn or a jump ends it', () => {
  const direction = new Direction();
  const after = (/** @type {number} */ lines) => {
    direction.note(lines, 30);
    return direction.now;
  };
  assert.deepEqual([3, 1, 0, 40].map(after), [0, 1, 1, 1]);
  assert.deepEqual([-2, -2].map(after), [0, -1]);
  assert.deepEqual([-1000, -1000, -2, -2].map(after), [0, 0, 0, -1]);
  direction.reset();
  assert.equal(direction.now, 0);
  assert.equal(after(-1), 0);
});
