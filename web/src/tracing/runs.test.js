import assert from 'node:assert/strict';
import {test} from 'node:test';
import {placeOf, runsOf} from './runs.js';

const extents = [
  {offset: 0, length: 1000, start: 9000, stored: 0},
  {offset: 1000, length: 500, start: -1, stored: 0},
  {offset: 1500, length: 1000, start: 8000, stored: 0},
  {offset: 2500, length: 4096, start: 512, stored: 700},
];

test('the runs of a file are in the order of the disk, those that touch as one', () => {
  assert.deepEqual(runsOf(extents), [{offset: 512, length: 700}, {offset: 8000, length: 2000}]);
  assert.deepEqual(runsOf([]), []);
});

test('a range of a file is found on the disk, as far as it is in one piece', () => {
  assert.deepEqual(placeOf(extents, {offset: 990, length: 100}), {offset: 9990, length: 10});
  assert.deepEqual(placeOf(extents, {offset: 1000, length: 600}), {offset: 8000, length: 100});
  assert.deepEqual(placeOf(extents, {offset: 1000, length: 500}), null);
  assert.deepEqual(placeOf(extents, {offset: 3000, length: 1}), {offset: 512, length: 700});
});
