import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../engine/store.js';
import {Recents} from './recents.js';

/** @import {Recent} from './recents.js' */

/** A page with a place for its list; disks are given by the names of their files, and a file that ends in - has no handle. */
function page(on = true) {
  /** @type {Recent[]} */
  let kept = [];
  let agreed = on;
  let saves = 0;
  /** @type {Promise<unknown>} */
  let work = Promise.resolve();
  const place = {
    possible: true,
    isOn: () => agreed,
    turn: (/** @type {boolean} */ now) => void (agreed = now),
    load: async () => kept,
    save: async (/** @type {Recent[]} */ list) => {
      kept = list;
      saves++;
    },
    alone: (/** @type {() => Promise<any>} */ change) => (work = work.then(change)),
  };
  const store = new Store();
  /** @type {Map<number, string>} */
  const names = new Map();
  const keyOf = (/** @type {string} */ name) => {
    const key = name.charCodeAt(0);
    names.set(key, name);
    return key;
  };
  const handleOf = (/** @type {number} */ key) => {
    const name = names.get(key) ?? '';
    const handle = {name, isSameEntry: async (/** @type {{name: string}} */ other) => other.name === name};
    return name.endsWith('-') ? undefined : handle;
  };
  const recents = new Recents(/** @type {any} */ ({store, opened: {handleOf}}), place);
  return {
    recents, store,
    saves: () => saves,
    /** @param {...string[]} disks */
    async show(...disks) {
      store.set({forest: /** @type {any} */ ({files: [], disks: disks.map((files) => ({
        complete: !files.includes('?'),
        layers: files.map((name) => ({file: name === '?' ? 0 : keyOf(name)})),
      }))})});
      await work;
      return store.state.recents?.map(({files}) => files.map(({name}) => name));
    },
    done: () => work,
  };
}

test('nothing is noted before the person agrees, and nothing is left after that is taken back', async () => {
  const {recents, store, show} = page(false);
  assert.deepEqual(await show(['a', 'b']), []);
  await recents.turn(true);
  assert.deepEqual(await show(['a', 'b']), [['a', 'b']]);
  await recents.turn(false);
  assert.deepEqual(store.state.recents, []);
});

test('disks come to the top, each once, and only as far as they have handles', async () => {
  const {show} = page();
  await show(['a', 'b']);
  assert.deepEqual(await show(['c'], ['d-', 'e'], ['f', 'g-']), [['f'], ['c'], ['a', 'b']]);
  assert.deepEqual(await show(['a', 'b']), [['a', 'b'], ['f'], ['c']]);
});

test('a disk that has become a parent is no entry of its own', async () => {
  const {show} = page();
  await show(['b']);
  assert.deepEqual(await show(['a', 'b']), [['a', 'b']]);
});

test('a chain that was whole stays so when a part of it is missing', async () => {
  const {show} = page();
  await show(['a', 'b', 'c']);
  assert.deepEqual(await show(['a', 'b', '?']), [['a', 'b', 'c']]);
  assert.deepEqual(await show(['a', 'b']), [['a', 'b']], 'it is another chain now');
});

test('only so many are kept, and what does not change is not written again', async () => {
  const {store, saves, show} = page();
  const list = await show(...[...'abcdefghijklmno'].map((name) => [name]));
  assert.equal(list?.length, 12);
  assert.deepEqual(list?.[0], ['o']);
  const before = saves();
  store.set({status: 'something else'});
  await show(...[...'abcdefghijklmno'].map((name) => [name]));
  assert.equal(saves(), before);
});
