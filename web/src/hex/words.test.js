import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sameSource} from './places.js';
import {layerName, layerSpoken, offsetDigits, originOf, positionSentence, sourceAt} from './words.js';

/** @typedef {import('./types.js').Extent} Extent */

const disk = {disk: 1, file: 0, size: 2 ** 41, name: 'leaf.vhd', layers: [{name: 'snap/leaf.vhd'}, {name: 'base.vhd'}]};
const file = {disk: 0, file: 4, size: 4096, name: 'base.vhd', layers: [{name: 'base.vhd'}], layerIndex: 1};

/** @param {Partial<Extent>} more */
function extent(more) {
  return /** @type {Extent} */ ({offset: 0, length: 512, layer: 0, source: 0, state: 'data', problem: null, ...more});
}

test('offsets have eight digits or what the size takes', () => {
  assert.equal(offsetDigits(0), 8);
  assert.equal(offsetDigits(2 ** 32), 8);
  assert.equal(offsetDigits(2 ** 32 + 1), 9);
});

test('data, zeros and unreadable are said differently', () => {
  assert.equal(originOf(disk, extent({layer: 1})), 'from layer B base.vhd');
  assert.equal(originOf(disk, extent({layer: -1, state: 'zeros'})), 'no layer: zeros');
  const problem = {code: 'x', message: 'cut short', layer: 1, offset: 0, file: 'base.vhd'};
  assert.equal(originOf(disk, extent({state: 'unreadable', problem})), 'unreadable: cut short');
});

test('a layer is named by its letter and file, whatever is shown', () => {
  assert.equal(layerName(disk, 0), 'A leaf.vhd');
  assert.equal(layerName(file, 1), 'B base.vhd');
  assert.equal(layerName(disk, 9), 'layer J');
});

test('a byte lies as far into its file as into its extent', () => {
  assert.equal(sourceAt(extent({offset: 512, length: 2048, source: 0x5fcc00}), 1025), 0x5fcc00 + 513);
});

test('where one is, in a sentence', () => {
  assert.equal(positionSentence(disk, 0x1f0, {byte: 0x4f, extent: extent({layer: 1})}), 'offset 0x1F0, sector 0, byte 4F, from layer B base.vhd');
  assert.equal(positionSentence(disk, 0x1f0, {byte: 0, extent: extent({state: 'unreadable'})}), 'offset 0x1F0, sector 0, unreadable');
  assert.equal(positionSentence(disk, 2 ** 40, {}), 'offset 0x10000000000, sector 2,147,483,648, not loaded yet');
  assert.equal(positionSentence(disk, 0, {failed: true}), 'offset 0x0, sector 0, could not be loaded');
  assert.equal(positionSentence(file, 512, {byte: 1, extent: extent({})}), 'offset 0x200, sector 1, byte 01');
});

test('the same source again loses nothing; any change is another source', () => {
  assert.ok(sameSource(disk, structuredClone(disk)));
  assert.ok(!sameSource(disk, {...disk, layers: disk.layers.slice(1)}));
  assert.ok(!sameSource(disk, null));
});

test('with edits on top the files keep their letters, and the edits are spoken of as such', () => {
  const edited = {...disk, layers: [{name: 'Edits of leaf.vhd', edit: true}, ...disk.layers]};
  assert.equal(layerName(edited, 1), 'A leaf.vhd');
  assert.equal(layerName(edited, 0), '✎ Edits of leaf.vhd');
  assert.deepEqual([0, 1].map((layer) => layerSpoken(edited, layer)), ['your edits', 'layer A leaf.vhd']);
  assert.equal(originOf(edited, extent({layer: 0})), 'from your edits');
  assert.match(positionSentence(edited, 0, {byte: 7, extent: extent({}), changed: true}), /byte 07, changed, from your edits$/);
});
