import assert from 'node:assert/strict';
import {test} from 'node:test';
import {EngineError} from '../engine/channel.js';
import {Store} from '../engine/store.js';
import {Comparisons, keyOf} from './comparisons.js';

/** @param {object} given */
const part = (given) => ({gap: false, index: 1, label: '', contentLabel: '', content: 'NTFS', type: '', start: 512, size: 4096, browsable: true, ...given});
const added = {change: 'added', path: '/a'};
const nothing = {files: [], elsewhere: [], notes: []};

/**
 * @param {object} given
 * @param {object[]} [given.parts]
 * @param {(start: number, options: any) => Promise<unknown>} [given.changes]
 * @param {number} [given.touched]
 */
function make({parts = [part({})], changes = async () => ({...nothing, files: [added]}), touched = 0} = {}) {
  const store = new Store();
  const disk = /** @type {any} */ ({id: 7, layers: [{file: 1, name: 'leaf.vhd'}, {file: 2, name: 'base.vhd'}]});
  store.set({forest: {files: [], disks: [disk]}});
  const volumes = /** @type {any} */ ({
    scan: async () => ({parts}),
    open: async (/** @type {number} */ _, /** @type {number} */ start) => ({changes: (/** @type {number} */ __, /** @type {any} */ options) => changes(start, options)}),
    touched: async (/** @type {number} */ _, /** @type {number} */ __, /** @type {object[]} */ spans) => spans.map(() => ({bytes: touched, runs: touched ? [{offset: 9, length: touched}] : [], more: false})),
  });
  const comparisons = new Comparisons(volumes, store);
  return {store, disk, comparisons, of: () => store.state.comparisons.get(keyOf(disk, 0))};
}

test('every volume is compared, and what lies outside of them counted', async () => {
  const {disk, comparisons, of} = make({parts: [part({gap: true, index: 0, browsable: false, start: 0, size: 512}), part({})], touched: 512});
  await comparisons.start(disk, 0);
  assert.deepEqual(of()?.report?.volumes.map(({title, files, elsewhere}) => [title, files.length, elsewhere.map(({bytes}) => bytes)]), [
    ['Volume 1 (NTFS)', 1, []], ['Not in any volume', 0, [512]],
  ]);
  assert.deepEqual([of()?.report?.name, of()?.report?.below, of()?.running], ['leaf.vhd', 'base.vhd', false]);
});

test('a volume that cannot be compared says why, and the others are', async () => {
  const {disk, comparisons, of} = make({
    parts: [part({start: 0}), part({index: 2})],
    changes: async (start) => {
      if (start === 0) throw EngineError.of('hang', 'It did not answer.');
      return {...nothing, files: [added]};
    },
  });
  await comparisons.start(disk, 0);
  assert.deepEqual(of()?.report?.volumes.map(({problem, files}) => [problem, files.length]), [['It did not answer.', 0], ['', 1]]);
});

test('a comparison that is cancelled says nothing more', async () => {
  const {disk, comparisons, of} = make({
    changes: (_, {signal}) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const running = comparisons.start(disk, 0);
  await new Promise((resolve) => setImmediate(resolve));
  comparisons.cancel(disk, 0);
  await running;
  assert.deepEqual([of()?.running, of()?.error, of()?.report], [false, '', null]);
});

test('what is known of a chain is forgotten when it is closed', async () => {
  const {disk, comparisons, store} = make();
  await comparisons.start(disk, 0);
  assert.equal(store.state.comparisons.size, 1);
  store.set({forest: {files: [], disks: []}});
  assert.equal(store.state.comparisons.size, 0);
});
