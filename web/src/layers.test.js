import assert from 'node:assert/strict';
import {test} from 'node:test';
import {layerClass, layerLabel} from './layers.js';

test('layers are lettered like columns', () => {
  assert.deepEqual([-1, 0, 1, 25, 26, 27, 51, 52, 701, 702].map(layerLabel),
    ['–', 'A', 'B', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
});

test('hues repeat after eight', () => {
  assert.equal(layerClass(0), layerClass(8));
  assert.notEqual(layerClass(0), layerClass(7));
  assert.equal(layerClass(-1), 'layer-none');
});
