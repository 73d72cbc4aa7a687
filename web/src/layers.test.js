import assert from 'node:assert/strict';
import {test} from 'node:test';
import {editsPlace, layerClass, layerLabel, layerTitle, placeOf} from './layers.js';

test('layers are lettered like columns', () => {
  assert.deepEqual([-1, 0, 1, 25, 26, 27, 51, 52, 701, 702].map(layerLabel),
    ['–', 'A', 'B', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('hues repeat after eight', () => {
  assert.equal(layerClass(0), layerClass(8));
  assert.notEqual(layerClass(0), layerClass(7));
  assert.equal(layerClass(-1), 'layer-none');
});

test('a file is called the same with edits on top and without', () => {
  const files = [{}, {}];
  assert.deepEqual([-1, 0, 1, 2].map((index) => placeOf(files, index)), [-1, 0, 1, 2]);
  assert.deepEqual([-1, 0, 1, 2].map((index) => placeOf([{edit: true}, ...files], index)), [-1, editsPlace, 0, 1]);
  assert.deepEqual([editsPlace, -1, 0].map(layerLabel), ['✎', '–', 'A']);
  assert.deepEqual([editsPlace, 1].map(layerTitle), ['Your edits', 'Layer B']);
  assert.equal(layerClass(editsPlace), 'layer-edits');
});
