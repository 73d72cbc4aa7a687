import assert from 'node:assert/strict';
import {test} from 'node:test';
import {firstRun, layersThere, moveEnd, reachesBase} from './runs.js';

/** @import {DiskInfo} from '../engine/protocol.js' */

/**
 * @param {number[]} files
 * @param {boolean} [complete]
 * @returns {DiskInfo}
 */
const disk = (files, complete = true) => /** @type {any} */ ({complete, layers: files.map((file) => ({file}))});

test('only layers that are there can be merged', () => {
  assert.equal(layersThere(disk([1, 2, 3])), 3);
  assert.equal(layersThere(disk([1, 2, 0], false)), 2);
  assert.equal(layersThere(disk([1, 0], false)), 1);
});

test('the first run is the chosen layer and the one below it', () => {
  assert.deepEqual(firstRun(disk([1, 2, 3]), 0), {top: 0, bottom: 1});
  assert.deepEqual(firstRun(disk([1, 2, 3]), 1), {top: 1, bottom: 2});
  assert.deepEqual(firstRun(disk([1, 2, 3]), 2), {top: 1, bottom: 2});
  assert.deepEqual(firstRun(disk([1, 2, 0], false), 2), {top: 0, bottom: 1});
});

test('every move leaves a run of two layers or more within the chain', () => {
  const count = 5;
  for (let top = 0; top < count - 1; top++) {
    for (let bottom = top + 1; bottom < count; bottom++) {
      for (const end of /** @type {const} */ (['top', 'bottom'])) {
        for (let to = -1; to <= count; to++) {
          const run = moveEnd({top, bottom}, end, to, count);
          assert.ok(run.top >= 0 && run.top < run.bottom && run.bottom < count, `${end} of ${top}–${bottom} to ${to}`);
          const possible = end === 'top' ? to >= 0 && to < count - 1 : to > 0 && to < count;
          if (possible) assert.equal(run[end], to);
        }
      }
    }
  }
});

test('a run down to the base of a complete chain needs no parent', () => {
  assert.equal(reachesBase(disk([1, 2, 3]), {top: 0, bottom: 2}), true);
  assert.equal(reachesBase(disk([1, 2, 3]), {top: 0, bottom: 1}), false);
  assert.equal(reachesBase(disk([1, 2], false), {top: 0, bottom: 1}), false);
});
