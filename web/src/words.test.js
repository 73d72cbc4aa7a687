import assert from 'node:assert/strict';
import {test} from 'node:test';
import {layerSign, verdict} from './words.js';

/** @import {DiskInfo, LayerInfo} from './engine/protocol.js' */

/**
 * @param {Partial<LayerInfo>} [differs]
 * @returns {LayerInfo}
 */
const layer = (differs) => ({file: 1, name: 'a.vhd', state: 'resolved', chosen: false, evidence: [], edit: false, ...differs});

/**
 * @param {LayerInfo[]} layers
 * @param {Partial<DiskInfo>} [differs]
 * @returns {DiskInfo}
 */
const disk = (layers, differs) => ({id: 1, name: 'a.vhd', size: 512, complete: true, missing: null, layers, ...differs});

test('a verdict is good only where nothing is chosen, damaged or missing', () => {
  assert.equal(verdict(disk([layer()])).tone, 'good');
  assert.equal(verdict(disk([layer(), layer()])).word, 'Complete: 2 files, down to the base.');
  assert.equal(verdict(disk([layer(), layer({state: 'damaged'})])).tone, 'warning');
  assert.match(verdict(disk([layer(), layer({state: 'mismatch', chosen: true})])).word, /you chose/);
  const missing = {child: 1, reason: 'mismatch', message: '', uuid: '', names: [], refused: []};
  assert.equal(verdict(disk([layer()], {complete: false, missing})).word, 'Incomplete: the parent that was found is not the right one.');
  assert.equal(verdict(disk([layer()], {complete: false, missing: {...missing, reason: 'other'}})).tone, 'bad');
});

test('a state that is not known is said to be so', () => {
  assert.equal(layerSign(layer({state: 'melted'})).word, 'Unknown');
  assert.match(layerSign(layer({state: 'mismatch', chosen: true})).word, /you/);
});
