import assert from 'node:assert/strict';
import {test} from 'node:test';
import {caretAfterKey, copyRangeOf, moveTo, rangeOf, selectRange} from './selection.js';

const shape = {size: 1000, width: 16, page: 10};

test('a range runs from the lower of anchor and caret, both included', () => {
  assert.deepEqual(rangeOf({caret: 5, anchor: null}), {offset: 5, length: 0});
  assert.deepEqual(rangeOf({caret: 5, anchor: 5}), {offset: 5, length: 1});
  assert.deepEqual(rangeOf({caret: 5, anchor: 9}), {offset: 5, length: 5});
  assert.deepEqual(rangeOf({caret: 9, anchor: 5}), {offset: 5, length: 5});
  assert.deepEqual(copyRangeOf({caret: 5, anchor: null}), {offset: 5, length: 1});
});

test('extending keeps the anchor; moving drops it', () => {
  assert.deepEqual(moveTo({caret: 5, anchor: null}, 9, true), {caret: 9, anchor: 5});
  assert.deepEqual(moveTo({caret: 9, anchor: 5}, 2, true), {caret: 2, anchor: 5});
  assert.deepEqual(moveTo({caret: 9, anchor: 5}, 2, false), {caret: 2, anchor: null});
});

test('a range to select is cut at the end', () => {
  assert.deepEqual(selectRange(10, 4, 1000), {caret: 10, anchor: 13});
  assert.deepEqual(selectRange(10, 1, 1000), {caret: 10, anchor: null});
  assert.deepEqual(selectRange(998, 50, 1000), {caret: 998, anchor: 999});
  assert.deepEqual(selectRange(5000, 2, 1000), {caret: 999, anchor: null});
});

for (const [key, control, from, to] of /** @type {[string, boolean, number, number | null][]} */ ([
  ['ArrowLeft', false, 0, 0],
  ['ArrowLeft', false, 16, 15],
  ['ArrowRight', false, 999, 999],
  ['ArrowRight', false, 15, 16],
  ['ArrowUp', false, 3, 3],
  ['ArrowUp', false, 19, 3],
  ['ArrowDown', false, 3, 19],
  ['ArrowDown', false, 980, 996],
  // The last row has eight bytes: a column further right ends at the last.
  ['ArrowDown', false, 991, 999],
  ['ArrowDown', false, 999, 999],
  ['ArrowUp', true, 700, 512],
  ['ArrowUp', true, 512, 0],
  ['ArrowUp', true, 0, 0],
  ['ArrowDown', true, 3, 512],
  ['ArrowDown', true, 600, 600],
  ['PageUp', false, 165, 5],
  ['PageUp', false, 37, 5],
  ['PageDown', false, 5, 165],
  ['PageDown', false, 900, 996],
  ['Home', false, 37, 32],
  ['End', false, 37, 47],
  ['End', false, 993, 999],
  ['Home', true, 500, 0],
  ['End', true, 500, 999],
  ['x', false, 5, null],
  ['Tab', false, 5, null],
])) {
  test(`${control ? 'Ctrl+' : ''}${key} at ${from} leads to ${to}`, () => {
    assert.equal(caretAfterKey(key, control, from, shape), to);
  });
}

test('keys count right just below 2^53', () => {
  const size = Number.MAX_SAFE_INTEGER;
  const huge = {size, width: 16, page: 10};
  assert.equal(caretAfterKey('End', true, 0, huge), size - 1);
  assert.equal(caretAfterKey('ArrowUp', false, size - 1, huge), size - 17);
  assert.equal(caretAfterKey('PageDown', false, size - 1, huge), size - 1);
});
