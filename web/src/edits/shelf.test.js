import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Shelf} from './shelf.js';

/** A browser with files, locks and notes, which all of its pages share. */
function browser() {
  /** @type {Set<string>} */
  const files = new Set();
  /** @type {Set<string>} */
  const held = new Set();
  /** @type {Map<string, string>} */
  const notes = new Map();
  const folder = {
    async *keys() {
      yield* [...files];
    },
    /** @param {string} name */
    async removeEntry(name) {
      if (!files.delete(name)) throw new DOMException('none', 'NotFoundError');
    },
  };
  const storage = {getDirectory: async () => ({getDirectoryHandle: async () => folder})};
  const locks = {
    query: async () => ({held: [...held].map((name) => ({name}))}),
    /** @param {string} name @param {unknown} _ @param {(lock: object | null) => unknown} use */
    async request(name, _, use) {
      if (held.has(name)) return use(null);
      held.add(name);
      try {
        return await use({name});
      } finally {
        held.delete(name);
      }
    },
  };
  const place = {
    storage, locks,
    notes: {
      get length() {
        return notes.size;
      },
      key: (/** @type {number} */ i) => [...notes.keys()][i] ?? null,
      getItem: (/** @type {string} */ key) => notes.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => void notes.set(key, value),
      removeItem: (/** @type {string} */ key) => void notes.delete(key),
    },
  };
  return {files, notes, held, page: () => new Shelf(/** @type {any} */ (place))};
}

/** @param {string} id @param {number} [changed] */
const kept = (id, changed = 0) => ({id, name: 'leaf.vhd', uuid: 'u', size: 1, modified: 2, url: '', etag: '', changed, sectors: 3, saved: false});

test('what is noted is listed, the latest first, and nothing else is', () => {
  const {notes, page} = browser();
  const shelf = page();
  notes.set('vhdscope.theme', 'dark');
  notes.set('vhdscope.edits.x', 'no JSON');
  notes.set('vhdscope.edits.y', '{"id": 7}');
  shelf.note(kept('a', 1));
  shelf.note(kept('b', 2));
  assert.deepEqual(shelf.list(), [kept('b', 2), kept('a', 1)]);
});

test('edits are used by one page at a time', async () => {
  const {page} = browser();
  const [one, other] = [page(), page()];
  assert.equal(await one.hold('a'), true);
  assert.equal(await one.hold('a'), true);
  assert.deepEqual([await one.usedElsewhere('a'), await other.usedElsewhere('a')], [false, true]);
  assert.equal(await other.hold('a'), false);
  one.letGo('a');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await other.hold('a'), true);
});

test('a sweep removes what has no note or no file, and leaves what another page has just begun', async () => {
  const {files, notes, page} = browser();
  const [one, other] = [page(), page()];
  for (const id of ['whole', 'lonely', 'begun']) files.add(`${id}.vhd`);
  for (const id of ['whole', 'lost', 'beginning']) one.note(kept(id));
  await other.hold('begun');
  await other.hold('beginning');
  await one.sweep();
  assert.deepEqual([...files], ['whole.vhd', 'begun.vhd']);
  assert.deepEqual([...notes.keys()], ['vhdscope.edits.whole', 'vhdscope.edits.beginning']);
});

test('removed edits leave nothing, and are let go of', async () => {
  const {files, notes, held, page} = browser();
  const shelf = page();
  files.add('a.vhd');
  shelf.note(kept('a'));
  await shelf.hold('a');
  await shelf.remove('a');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([files.size, notes.size, held.size], [0, 0, 0]);
});

test('a browser without a place for files keeps none', async () => {
  assert.equal(await new Shelf({}).usable(), false);
  const denied = {storage: /** @type {any} */ ({getDirectory: async () => Promise.reject(new DOMException('no', 'SecurityError'))})};
  assert.equal(await new Shelf({...denied, locks: /** @type {any} */ ({}), notes: /** @type {any} */ ({})}).usable(), false);
  assert.deepEqual(new Shelf({}).list(), []);
});
