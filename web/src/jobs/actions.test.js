import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chainActions, layerActions} from './actions.js';

/**
 * A state with one chain: a file's kind and type for each layer, null where
 * it is missing.
 *
 * @param {({kind: string, parent: boolean} | null)[]} layers
 */
function chain(...layers) {
  const files = layers.map((layer, i) => layer && {
    key: i + 1, name: `${i}.vhd`, kind: layer.kind, parentUuid: layer.parent ? 'u' : '', parentNames: [],
  });
  const disk = {id: 1, size: 1 << 20, complete: !layers.includes(null), layers: files.map((file) => ({file: file?.key ?? 0}))};
  return {state: /** @type {any} */ ({edits: new Map(), forest: {files: files.filter(Boolean), disks: [disk]}}), disk: /** @type {any} */ (disk)};
}

const child = {kind: 'vhd', parent: true};
const base = {kind: 'vhd', parent: false};

/** @param {import('./actions.js').ActionGroup[]} groups */
const possible = (groups) => groups.filter((group) => !group.why).flatMap(({items}) => items).filter(({why}) => why === '').map(({value}) => value);

test('everything can be done with the leaf of a complete chain', () => {
  const {state, disk} = chain(child, base);
  assert.deepEqual(possible(chainActions(state, disk, 0)),
    ['save-raw', 'save-fixed', 'save-dynamic', 'merge', 'check', 'child', 'relink', 'repair']);
});

test('a base cannot be relinked, a raw one not repaired either', () => {
  const {state, disk} = chain(child, base);
  assert.deepEqual(possible(layerActions(state, disk, 1)), ['child', 'repair']);
  const raw = chain(child, {kind: 'raw', parent: false});
  assert.deepEqual(possible(layerActions(raw.state, raw.disk, 1)), ['child']);
});

test('the disk of an incomplete chain cannot be saved, what is there can be mended', () => {
  const {state, disk} = chain(child, null);
  assert.deepEqual(possible(chainActions(state, disk, 0)), ['check', 'child', 'relink', 'repair']);
  assert.deepEqual(possible(chainActions(state, disk, 1)), ['check']);
  const longer = chain(child, child, null);
  assert.ok(possible(chainActions(longer.state, longer.disk, 0)).includes('merge'));
});

test('whatever cannot be done says why', () => {
  const {state, disk} = chain(base);
  for (const {value, why} of chainActions(state, disk, 0).flatMap(({items}) => items)) {
    assert.ok(why === '' || /^[A-Z].*\.$/.test(why), `${value}: ${why}`);
  }
});
