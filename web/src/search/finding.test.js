import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../engine/store.js';
import {Finding, mostFound} from './finding.js';

/** @param {number} start @param {object} [given] */
const part = (start, given) => ({gap: false, browsable: true, start, index: 1, label: '', contentLabel: '', content: 'NTFS', type: '', ...given});
/** @param {string[]} paths */
const batch = (paths) => ({entries: paths.map((path) => ({path, kind: 'file', deleted: false, size: 0, modified: 0})), looked: paths.length * 10, problems: 0});

/** @param {Record<number, () => AsyncGenerator<any>>} searches by where volumes start */
function make(searches) {
  const store = new Store();
  store.set({forest: {files: [], disks: [/** @type {any} */ ({id: 7})]}});
  const finding = new Finding(/** @type {any} */ ({
    scan: async () => ({parts: [part(0, {gap: true}), ...Object.keys(searches).map((start) => part(Number(start))), part(9e9, {browsable: false})]}),
    open: async (/** @type {number} */ _, /** @type {number} */ start) => ({search: () => searches[start]?.()}),
  }), store);
  return {store, finding};
}

test('all volumes are looked through, and what is found is shown as it comes', async () => {
  /** @type {number[]} */
  const seen = [];
  const {store, finding} = make({
    1: async function* () { yield batch(['/a']); yield batch(['/b', '/c']); },
    2: async function* () { yield batch(['/d']); },
  });
  store.subscribe(() => seen.push(store.state.found?.volumes.flatMap(({entries}) => entries).length ?? -1));
  await finding.start(7, '*', false);
  assert.deepEqual(store.state.found?.volumes.map(({entries}) => entries.map(({path}) => path)), [['/a', '/b', '/c'], ['/d']]);
  assert.equal(store.state.found?.running, false);
  assert.ok(seen.includes(1) && seen.includes(3));
});

test('a volume that fails says why, and the next is looked through', async () => {
  const {store, finding} = make({
    1: async function* () { yield batch(['/a']); throw new Error('it hangs'); },
    2: async function* () { yield batch(['/d']); },
  });
  await finding.start(7, '*', false);
  assert.deepEqual(store.state.found?.volumes.map(({problem, entries}) => [problem, entries.length]), [['it hangs', 1], ['', 1]]);
});

test('a search ends where too much is found, and says so', async () => {
  const many = Array.from({length: 4000}, (_, i) => `/${i}`);
  const {store, finding} = make({
    1: async function* () { for (;;) yield batch(many); },
    2: async function* () { assert.fail('looked on'); },
  });
  await finding.start(7, '*', false);
  assert.equal(store.state.found?.more, true);
  assert.ok((store.state.found?.volumes[0]?.entries.length ?? 0) >= mostFound);
});

test('a search that is stopped keeps what it found; a disk that is closed takes it along', async () => {
  const {store, finding} = make({
    1: async function* () { yield batch(['/a']); finding.stop(); yield batch(['/b']); },
  });
  await finding.start(7, '*', false);
  assert.deepEqual(store.state.found?.volumes[0]?.entries.length, 1);
  assert.equal(store.state.found?.running, false);
  store.set({forest: {files: [], disks: []}});
  assert.equal(store.state.found, null);
});
