import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store, chosenDisk} from '../engine/store.js';
import {Editing} from './editing.js';
import {leafOf} from './offers.js';

/** @typedef {import('../engine/protocol.js').DiskInfo} DiskInfo */

/** A workspace with two disks, of the files 1 and 2, whose engine counts steps. */
function setUp({usable = true, confirms = true, given = /** @type {object} */ ({lastModified: 5})} = {}) {
  const store = new Store();
  const files = [1, 2].map((key) => ({key, name: `${key}.vhd`, uuid: `u${key}`, size: 100, allocated: 0, kind: 'vhd'}));
  const disk = (/** @type {number[]} */ ...layers) => ({id: layers[0], name: '', layers: layers.map((file) => ({file, edit: file > 2}))});
  /** @type {[string, any][]} */
  const asked = [];
  /** @type {string[]} */
  const questions = [];
  /** @type {Map<string, any>} */
  const shelf = new Map();
  const elsewhere = new Set();
  let undo = 0;
  let lastKey = 2;
  const state = (/** @type {number} */ length) => ({offset: 0, length, undo, redo: 0, forgotten: 0, sectors: undo, file: {key: lastKey, size: 0, allocated: 0}});
  const workspace = {
    store,
    engine: {
      request: async (/** @type {string} */ command, /** @type {any} */ value) => {
        asked.push([command, value]);
        if (command === 'write') undo++;
        return state(1);
      },
    },
    opened: {given: () => given},
    prepareEdits: async () => {},
    notify: (/** @type {string} */ kind, /** @type {string} */ title, /** @type {string} */ text, /** @type {any} */ actions) => {
      store.set({notices: [...store.state.notices, {id: store.state.notices.length + 1, kind: /** @type {any} */ (kind), title, text, actions}]});
      return store.state.notices.length;
    },
    dismiss: () => {},
    looking: {selectTab: () => {}, selectLayer: () => {}},
    layEdits: async (/** @type {number} */ leaf, /** @type {string} */ name, /** @type {string} */ place) => {
      asked.push(['lay', {leaf, name, place}]);
      const key = ++lastKey;
      const forest = {files: [...files, {key}], disks: [disk(key, leaf), disk(3 - leaf)]};
      store.set({forest: /** @type {any} */ (forest), disk: key});
      return {key, state: state(0)};
    },
    close: async (/** @type {number[]} */ keys) => {
      if (!await editing.mayClose(keys)) return;
      const closed = [...store.state.edits.values()].filter(({key}) => keys.includes(key));
      await editing.putAside(closed);
      store.set({edits: new Map(), disk: 1, forest: /** @type {any} */ ({files, disks: [disk(1), disk(2)]})});
    },
  };
  const editing = new Editing(/** @type {any} */ (workspace), /** @type {any} */ ({
    usable: async () => usable,
    pathOf: (/** @type {string} */ id) => `edits/${id}.vhd`,
    list: () => [...shelf.values()],
    note: (/** @type {any} */ kept) => shelf.set(kept.id, kept),
    hold: async () => true,
    letGo: () => {},
    usedElsewhere: async (/** @type {string} */ id) => elsewhere.has(id),
    remove: async (/** @type {string} */ id) => void shelf.delete(id),
  }), async ({title}) => {
    questions.push(title);
    return confirms;
  });
  const open = () => store.set({forest: /** @type {any} */ ({files, disks: [disk(1), disk(2)]}), disk: 1});
  const chosen = () => /** @type {DiskInfo} */ (chosenDisk(store.state));
  const info = () => [...store.state.edits.values()][0] ?? assert.fail('no edits');
  const titles = () => store.state.notices.map(({title}) => title);
  return {store, editing, asked, questions, shelf, elsewhere, open, chosen, info, titles};
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a layer is made with the first byte, once, and later steps are its', async () => {
  const {editing, asked, open, chosen, info, shelf} = setUp();
  open();
  const disk = chosen();
  const edits = editing.of(disk);
  assert.equal((await edits.undo()).length, 0, 'nothing is made to undo nothing');
  const written = Promise.all([edits.write(7, Uint8Array.of(1)), edits.write(8, Uint8Array.of(2))]);
  assert.equal(editing.unsaved, true, 'what is being written is not kept yet');
  await written;
  assert.deepEqual(asked.map(([command, {disk: key}]) => [command, key]), [['lay', undefined], ['write', 3], ['write', 3]]);
  assert.deepEqual([info().undo, info().changes, info().saved, leafOf(chosen())], [2, 2, false, 1]);
  assert.equal(editing.of(chosen()), edits, 'it is still the same disk');
  const [kept] = [...shelf.values()];
  assert.deepEqual([kept.name, kept.uuid, kept.size, kept.modified, kept.sectors], ['1.vhd', 'u1', 100, 5, 2]);
  assert.equal(editing.unsaved, true);
});

test('whoever goes on to another disk does not edit that', async () => {
  const {editing, store, open} = setUp();
  open();
  await editing.turn(true);
  assert.equal(store.state.editing, true);
  store.set({status: 'something else'});
  assert.equal(store.state.editing, true);
  store.set({disk: 2});
  assert.equal(store.state.editing, false);
});

test('the first byte does not end editing, though the disk has another key then', async () => {
  const {editing, store, open, chosen} = setUp();
  open();
  await editing.turn(true);
  await editing.of(chosen()).write(0, Uint8Array.of(1));
  assert.deepEqual([store.state.editing, store.state.disk], [true, 3]);
});

test('kept edits are offered when their disk comes, and not begun anew', async () => {
  const {editing, store, shelf, open, titles, asked} = setUp();
  shelf.set('a', {id: 'a', name: '1.vhd', uuid: 'u1', size: 100, modified: 5, url: '', etag: '', changed: 0, sectors: 2, saved: false});
  open();
  await settled();
  assert.deepEqual(titles(), ['There are edits of 1.vhd']);
  store.set({status: 'once'});
  await settled();
  assert.equal(titles().length, 1);
  await editing.turn(true);
  assert.deepEqual([store.state.editing, titles().length, asked.length], [false, 2, 0]);
  await store.state.notices[1]?.actions?.[0]?.act();
  assert.deepEqual(asked, [['lay', {leaf: 1, name: 'Edits of 1.vhd', place: 'edits/a.vhd'}]]);
  assert.equal(store.state.editing, true);
});

test('kept edits that were not saved are not discarded unasked', async () => {
  for (const [saved, confirms, asks, kept] of /** @type {const} */ ([[true, false, 0, 0], [false, true, 1, 0], [false, false, 1, 1]])) {
    const {store, shelf, open, titles, questions} = setUp({confirms});
    shelf.set('a', {id: 'a', name: '1.vhd', uuid: 'u1', size: 100, modified: 5, url: '', etag: '', changed: 0, sectors: 2, saved});
    open();
    await settled();
    await store.state.notices[0]?.actions?.[1]?.act();
    assert.deepEqual([questions.length, shelf.size], [asks, kept]);
    assert.equal(titles().length, 1 + kept, 'they are offered again where they stay');
  }
});

test('edits of an image on a network are kept by its address, without what may be a secret, and by its ETag', async () => {
  const url = 'https://x.example/1.vhd';
  const remote = {name: '1.vhd', url: `${url}?key=secret`, size: 100, etag: '"1"', lastModified: 5, authorization: 'Bearer secret'};
  const {editing, open, chosen, shelf} = setUp({given: remote});
  open();
  await editing.turn(true);
  await editing.of(chosen()).write(0, new Uint8Array([1]));
  const [kept] = shelf.values();
  assert.deepEqual([kept.url, kept.etag, kept.modified], [`${url}?…`, '"1"', 5]);
  assert.doesNotMatch(JSON.stringify(kept), /secret/);
  for (const [given, kind] of /** @type {[object, string][]} */ ([
    [{...remote, lastModified: 6}, 'info'],
    [{...remote, etag: '"2"'}, 'warning'],
    [{...remote, url: 'https://y.example/1.vhd'}, 'warning'],
    [{lastModified: 5}, 'warning'],
  ])) {
    const again = setUp({given});
    again.shelf.set(kept.id, {...kept, sectors: 2});
    again.open();
    await settled();
    assert.deepEqual(again.store.state.notices.map((notice) => notice.kind), [kind], JSON.stringify(given));
  }
});

test('of several kept edits, those of the very place are offered', async () => {
  const {open, shelf, store} = setUp({given: {url: 'https://x.example/1.vhd', etag: '"1"', lastModified: 5}});
  const kept = {name: '1.vhd', uuid: 'u1', size: 100, modified: 5, changed: 0, saved: false};
  shelf.set('a', {...kept, id: 'a', url: 'https://y.example/1.vhd', etag: '"1"', sectors: 1});
  shelf.set('b', {...kept, id: 'b', url: 'https://x.example/1.vhd', etag: '"1"', sectors: 2});
  open();
  await settled();
  assert.match(store.state.notices[0]?.text ?? '', /^2 sectors/);
});

test('kept edits of a file that was changed since come with a warning', async () => {
  const {store, shelf, open} = setUp();
  shelf.set('a', {id: 'a', name: '1.vhd', uuid: 'u1', size: 99, modified: 5, url: '', etag: '', changed: 0, sectors: 2, saved: false});
  open();
  await settled();
  assert.equal(store.state.notices[0]?.kind, 'warning');
  assert.match(store.state.notices[0]?.text ?? '', /was changed since/);
});

test('edits that another tab uses are neither offered nor begun anew', async () => {
  const {editing, store, shelf, elsewhere, open, titles} = setUp();
  shelf.set('a', {id: 'a', name: '1.vhd', uuid: 'u1', size: 100, modified: 5, url: '', etag: '', changed: 0, sectors: 2, saved: false});
  elsewhere.add('a');
  open();
  await settled();
  await editing.turn(true);
  assert.deepEqual(titles(), ['1.vhd is being edited in another tab', 'This disk is being edited in another tab']);
  assert.deepEqual([store.state.editing, store.state.notices.some(({actions}) => actions)], [false, false]);
});

test('discarded edits are not kept, and not offered again', async () => {
  const {editing, open, chosen, info, shelf, questions, titles} = setUp();
  open();
  await editing.of(chosen()).write(0, Uint8Array.of(1));
  await editing.discard(info().key);
  await settled();
  assert.deepEqual([questions, shelf.size, titles()], [['Discard the edits of 1.vhd?'], 0, []]);
});

test('files are not closed before what was typed is kept', async () => {
  const {editing, open, chosen, info} = setUp();
  open();
  const edits = editing.of(chosen());
  const typed = edits.write(0, Uint8Array.of(1)).then(() => edits.write(1, Uint8Array.of(2)));
  assert.equal(await editing.mayClose([1]), true);
  assert.equal(info().sectors, 2);
  await typed;
});

test('edits that cannot be kept are not closed unasked', async () => {
  const {editing, open, chosen, info, questions, store} = setUp({usable: false, confirms: false});
  open();
  await editing.of(chosen()).write(0, Uint8Array.of(1));
  assert.equal(info().id, '');
  assert.equal(await editing.mayClose([1]), false);
  assert.equal(await editing.mayClose([2]), true, 'they are not on that file');
  assert.equal(await editing.mayClose([]), false);
  assert.deepEqual(questions, ['Close without saving the edits?', 'Close without saving the edits?']);
  editing.reopened([], [{key: info().key, name: 'Edits of 1.vhd'}]);
  assert.deepEqual([store.state.edits.size, store.state.notices.at(-1)?.title], [0, 'Edits were lost with the engine']);
});
