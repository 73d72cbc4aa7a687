import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Store} from '../engine/store.js';
import {inWords, Tracing} from './tracing.js';

const part = {gap: false, start: 1000, size: 5000, browsable: true, contentProblem: ''};

/** @import {Owner} from '../engine/volumes-protocol.js' */

/** @param {Partial<Owner>} given @returns {Owner} */
const ownerOf = (given) => ({files: [], structure: '', known: true, more: 0, notes: [], ...given});
/** @param {string} path */
const fileAt = (path) => ({path, offset: 3, packed: 0, links: 1});

function make({owner = ownerOf({files: [fileAt('/a/b.txt')]}), extents = [{offset: 0, length: 10, start: 2000, stored: 0}]} = {}) {
  const store = new Store();
  store.set({forest: {files: [], disks: [/** @type {any} */ ({id: 7})]}});
  /** @type {unknown[][]} */
  const shown = [];
  /** @type {string[]} */
  const told = [];
  const tracing = new Tracing(/** @type {any} */ ({
    store,
    volumes: {
      scan: async () => ({parts: [{gap: true, start: 0, size: 1000}, part, {...part, start: 6000, browsable: false, contentProblem: 'It is encrypted.'}]}),
      open: async () => ({owner: async () => owner, map: async () => ({extents, more: false})}),
    },
    looking: {showSectors: (/** @type {unknown[]} */ ...where) => shown.push(where)},
    notify: (/** @type {string} */ _, /** @type {string} */ title) => told.push(title),
  }));
  return {store, tracing, shown, told};
}

test('a sector is asked for its file', async () => {
  const {store, tracing} = make();
  await tracing.ask(7, 2003);
  const {running, path, start} = store.state.traced ?? {};
  assert.deepEqual({running, path, start}, {running: false, path: '/a/b.txt', start: 1000});
});

test('a sector outside of volumes, or in one that is closed to us, says so', async () => {
  const {store, tracing} = make();
  await tracing.ask(7, 5);
  assert.match(store.state.traced?.answer ?? '', /outside of all volumes/);
  await tracing.ask(7, 6001);
  assert.match(store.state.traced?.answer ?? '', /encrypted/);
});

test('a file is outlined, and the view goes to it or to a range of it', async () => {
  const {store, tracing, shown} = make();
  await tracing.outline({disk: 7, start: 1000}, '/a/b.txt');
  await tracing.outline({disk: 7, start: 1000}, '/a/b.txt', {offset: 4, length: 2});
  assert.deepEqual(shown, [[7, 2000, 1], [7, 2004, 2]]);
  assert.deepEqual(store.state.outline?.runs, [{offset: 2000, length: 10}]);
  store.set({forest: {files: [], disks: []}});
  assert.equal(store.state.outline, null);
});

test('a file without sectors says so', async () => {
  const {store, tracing, told, shown} = make({extents: []});
  await tracing.outline({disk: 7, start: 1000}, '/empty');
  assert.deepEqual([told.length, shown.length, store.state.outline], [1, 0, null]);
});

test('what a sector belongs to is told in words', () => {
  assert.equal(inWords(ownerOf({structure: 'FAT 1'})), 'It belongs to no file: FAT 1.');
  assert.equal(inWords(ownerOf({files: [fileAt('/x')], more: 1})), '2 files share it. It is byte 0x3 of');
  assert.match(inWords(ownerOf({known: false})), /not known/);
});
