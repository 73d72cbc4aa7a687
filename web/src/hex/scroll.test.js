import assert from 'node:assert/strict';
import {test} from 'node:test';
import {lineAt, lineCount, lineOfByte} from './lines.js';
import {atStart, clampTop, dragThumb, endOf, fractionOf, reveal, scrollByLines, scrollByPixels, thumbOf} from './scroll.js';

const largest = Number.MAX_SAFE_INTEGER;
/** All the lines of 2^53 − 1 bytes, in a window of 30¼ lines. */
const huge = {lines: lineCount(largest, 16), height: 605, lineHeight: 20};
const small = {lines: 100, height: 200, lineHeight: 20};

test('lines and bytes answer each other, at the start and just below 2^53', () => {
  for (const width of [8, 16]) {
    for (const offset of [0, 1, 15, 16, 511, 512, 2 ** 32, 2 ** 41 - 1, largest - 512, largest - 1]) {
      const row = offset - (offset % width);
      assert.deepEqual(lineAt(lineOfByte(offset, width), width), {offset: row, head: false});
      const head = lineOfByte(offset - (offset % 512), width) - 1;
      assert.deepEqual(lineAt(head, width), {offset: offset - (offset % 512), head: true});
    }
    assert.equal(lineCount(largest, width), lineOfByte(largest - 1, width) + 1);
  }
});

test('lines of short sources', () => {
  assert.equal(lineCount(0, 16), 0);
  assert.equal(lineCount(1, 16), 2);
  assert.equal(lineCount(17, 16), 3);
  assert.equal(lineCount(512, 16), 33);
  assert.equal(lineCount(513, 8), 67);
});

test('the end shows the last line at the lower edge', () => {
  assert.deepEqual(endOf(small), {line: 90, cut: 0});
  assert.deepEqual(endOf({...small, height: 205}), {line: 89, cut: 15});
  assert.deepEqual(endOf({...small, lines: 10}), atStart);
  assert.deepEqual(endOf({...small, lines: 3}), atStart);
  assert.deepEqual(endOf({...small, lines: 11, height: 205}), {line: 0, cut: 15});
  assert.deepEqual(endOf({...small, lines: 0}), atStart);
});

test('pixels add up to lines without drift, far out too', () => {
  let top = {line: huge.lines - 1000, cut: 0};
  for (let i = 0; i < 400; i++) top = scrollByPixels(top, 7, huge);
  assert.deepEqual(top, {line: huge.lines - 1000 + 140, cut: 0});
  for (let i = 0; i < 400; i++) top = scrollByPixels(top, -7, huge);
  assert.deepEqual(top, {line: huge.lines - 1000, cut: 0});
});

test('nothing moves beyond the ends', () => {
  assert.deepEqual(scrollByPixels({line: 0, cut: 5}, -100, small), atStart);
  assert.deepEqual(scrollByPixels({line: 89, cut: 0}, 1e6, small), {line: 90, cut: 0});
  assert.deepEqual(scrollByLines({line: 5, cut: 3}, 1000, small), {line: 90, cut: 0});
  assert.deepEqual(clampTop({line: 90, cut: 1}, small), {line: 90, cut: 0});
});

test('revealing moves as little as it can, and gives a far line its surroundings', () => {
  const top = {line: 40, cut: 5};
  assert.deepEqual(reveal(top, 41, small), top);
  assert.deepEqual(reveal(top, 40, small), {line: 40, cut: 0});
  assert.deepEqual(reveal(top, 38, small), {line: 38, cut: 0});
  assert.deepEqual(reveal(top, 49, small), top);
  assert.deepEqual(reveal(top, 50, small), {line: 41, cut: 0});
  assert.deepEqual(reveal(top, 80, small), {line: 77, cut: 0});
  assert.deepEqual(reveal(top, 2, small), atStart);
  assert.deepEqual(reveal({line: 0, cut: 0}, huge.lines - 1, huge), endOf(huge));
});

test('the thumb can be grasped, and stands at the ends when the lines do', () => {
  assert.deepEqual(thumbOf(atStart, huge, 600, 28), {start: 0, length: 28});
  assert.deepEqual(thumbOf(endOf(huge), huge, 600, 28), {start: 572, length: 28});
  assert.deepEqual(thumbOf(atStart, small, 600, 28), {start: 0, length: 60});
  assert.equal(thumbOf(atStart, {...small, lines: 4}, 600, 28).length, 600);
  assert.equal(thumbOf(atStart, {...small, lines: 0}, 600, 28).length, 600);
});

test('a drag counts from where it began: back is back, and the ends are reached', () => {
  const from = {line: 123456789012345, cut: 7};
  assert.deepEqual(dragThumb(from, 0, huge, 572), from);
  assert.deepEqual(dragThumb(from, -1000, huge, 572), atStart);
  assert.deepEqual(dragThumb(from, 1000, huge, 572), endOf(huge));
  const there = dragThumb(from, 100, huge, 572);
  const moved = fractionOf(there, huge) - fractionOf(from, huge);
  assert.ok(Math.abs(moved * 572 - 100) < 1e-6);
  assert.ok(Number.isSafeInteger(there.line));
});

test('a drag in a short source moves by less than lines', () => {
  const {line, cut} = dragThumb(atStart, 1, small, 540);
  assert.equal(line, 0);
  assert.ok(Math.abs(cut - 90 / 540 * 20) < 1e-9);
});
