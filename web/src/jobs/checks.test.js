import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../engine/store.js';
import {Checks, isStale, keyOf} from './checks.js';

/** @import {CheckReport} from '../engine/jobs-protocol.js' */

function makeChecks() {
  const store = new Store();
  const disk = /** @type {any} */ ({id: 1, layers: [{file: 1}, {file: 2}, {file: 0}]});
  store.set({forest: {files: /** @type {any} */ ([{key: 1}, {key: 2}]), disks: [disk]}});
  /** @type {{value: any, options: any, resolve: (value: any) => void, reject: (error: unknown) => void}[]} */
  const asked = [];
  const checks = new Checks(/** @type {any} */ ({
    run: (/** @type {string} */ _, /** @type {any} */ value, /** @type {any} */ options) => new Promise((resolve, reject) => {
      asked.push({value, options, resolve, reject});
    }),
  }), store);
  return {store, checks, asked, of: () => store.state.checks.get(keyOf(target))};
}

const target = {disk: 1, file: 0};

/** @param {number[]} files @returns {CheckReport} */
const report = (files) => ({name: 'a', data: false, findings: [], layers: files.map((file) => ({file, name: '', size: 0, edit: false}))});

test('a report stays while the next check runs, and after one that failed or was cancelled', async () => {
  const {checks, asked, of} = makeChecks();
  const first = checks.start(target, false);
  assert.deepEqual(asked[0]?.options.files, [1, 2]);
  assert.equal(of()?.running, true);
  asked[0]?.resolve(report([1, 2]));
  await first;
  assert.deepEqual([of()?.running, of()?.report], [false, report([1, 2])]);

  const second = checks.start(target, true);
  assert.equal(asked[1]?.value.data, true);
  asked[1]?.reject(new Error('It broke.'));
  await second;
  assert.deepEqual([of()?.error, of()?.report], ['It broke.', report([1, 2])]);

  const third = checks.start(target, true);
  checks.cancel(target);
  assert.equal(asked[2]?.options.signal.aborted, true);
  asked[2]?.resolve(report([9]));
  await third;
  assert.deepEqual([of()?.running, of()?.error, of()?.report], [false, '', report([1, 2])]);
});

test('what is closed is no longer checked, and its report forgotten', () => {
  const {store, checks, asked} = makeChecks();
  void checks.start(target, false);
  void checks.start({disk: 0, file: 2}, false);
  store.set({forest: {files: /** @type {any} */ ([{key: 2}]), disks: []}});
  assert.deepEqual([...store.state.checks.keys()], ['file 2']);
  assert.deepEqual(asked.map(({options}) => options.signal.aborted), [true, false]);
});

test('a report is stale once its chain is made of other files', () => {
  const disk = (/** @type {number[]} */ files) => /** @type {any} */ ({layers: files.map((file) => ({file}))});
  assert.equal(isStale(report([1, 2]), disk([1, 2])), false);
  assert.equal(isStale(report([1, 2]), disk([1, 2, 0])), false);
  assert.equal(isStale(report([1, 2]), disk([1, 2, 3])), true);
  assert.equal(isStale(report([1, 2]), disk([1, 3])), true);
  assert.equal(isStale(report([7]), undefined), false);
});
