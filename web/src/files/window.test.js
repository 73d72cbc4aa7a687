import assert from 'node:assert/strict';
import test from 'node:test';
import {heightOf, reveal, windowAt} from './window.js';

const height = 26;
const view = 500;

test('the rows in sight are drawn, and some around them', () => {
  const {first, last, shift} = windowAt(26_000, 100_000, height, view);
  assert.ok(first <= 1000 && first > 980);
  assert.ok(last >= 1020 && last < 1040);
  assert.equal(shift, 0);
  assert.deepEqual(windowAt(0, 3, height, view), {first: 0, last: 3, shift: 0});
});

test('a row that is in sight does not move, and another one moves to the nearer edge', () => {
  assert.equal(reveal(0, 5, 1000, height, view), 0);
  assert.equal(reveal(5000, 10, 1000, height, view), 10 * height);
  assert.equal(reveal(0, 100, 1000, height, view), 101 * height - view);
});

test('the first and the last row of a list of any length can be reached', () => {
  for (const count of [1, 10, 1000, 600_000, 2 ** 20]) {
    const all = heightOf(count, height);
    const end = Math.max(0, all - view);
    const last = windowAt(end, count, height, view);
    assert.equal(last.last, count);
    // It stands within what is in sight.
    const place = (count - 1) * height + last.shift;
    assert.ok(place >= end && place + height <= end + view + 0.01, `${count}: ${place} in ${end}`);
    assert.ok(Math.abs(reveal(0, count - 1, count, height, view) - end) < 1);
    assert.equal(reveal(end, 0, count, height, view), 0);
  }
});

test('a row beyond what a browser draws is brought into sight where it is looked for', () => {
  const count = 2 ** 20;
  for (const row of [0, 123_456, 600_001, count - 1]) {
    const top = reveal(7_000_000, row, count, height, view);
    const {first, last, shift} = windowAt(top, count, height, view);
    const place = row * height + shift;
    assert.ok(row >= first && row < last);
    assert.ok(place >= top - 0.01 && place + height <= top + view + 0.01, `${row}: ${place} in ${top}`);
  }
});
