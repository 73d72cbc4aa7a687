import assert from 'node:assert/strict';
import {test} from 'node:test';
import {seek} from './seek.js';

/** @import {FileInfo, Forest, OpenFile} from './protocol.js' */

/**
 * A file of a library, as its bytes tell.
 *
 * @typedef {object} Model
 * @property {string} name
 * @property {string} uuid '' of a raw disk
 * @property {string | null} parent UUID; '' a raw disk, null of a base
 * @property {string[]} [names] by which it knows its parent
 * @property {string} [problem] code
 */

/**
 * A library, and an engine that tells which images its files are.
 *
 * @param {Model[]} models
 */
function library(models) {
  /** @type {OpenFile[]} */
  const files = models.map(({name}, i) => ({key: i + 1, name, modified: 0, file: new File([], name)}));
  /** @type {number[]} */
  const looked = [];
  let under = 0;
  let most = 0;
  const engine = {
    /** @param {string} command @param {any} value @param {any} options */
    request: async (command, {files: [{key}]}, {signal, onProgress}) => {
      assert.equal(command, 'identify');
      looked.push(key);
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      signal?.throwIfAborted();
      const {name, uuid, problem} = /** @type {Model} */ (models[key - 1]);
      onProgress(512, 512);
      const code = problem ?? (uuid === '' ? 'cookie' : '');
      const kind = problem ? 'refused' : uuid === '' ? 'raw' : 'vhd';
      return {files: [{key, name, uuid, kind, problem: code ? {code, message: code, file: name} : null}], disks: []};
    },
  };
  return {files, looked, engine: /** @type {any} */ (engine), most: () => most, models};
}

/** What was asked is answered, and what follows from that asked too. */
async function settled() {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** @param {string} path */
const base = (path) => (path.split(/[/\\]/).at(-1) ?? '').toLowerCase();

/**
 * What resolving makes of open files: the chain of the first, and what it lacks.
 *
 * @param {Model[]} models
 * @param {number[]} keys
 * @returns {{chain: number[], forest: Forest}}
 */
function resolve(models, keys) {
  const of = (/** @type {number} */ key) => /** @type {Model} */ (models[key - 1]);
  const chain = [keys[0] ?? 0];
  for (;;) {
    const child = of(chain.at(-1) ?? 0);
    const known = (child.names ?? []).map(base);
    const named = (/** @type {number} */ key) => known.includes(base(of(key).name));
    const fit = keys.filter((key) => !chain.includes(key) && of(key).uuid === child.parent && (child.parent !== '' || named(key)));
    const best = fit.some(named) ? fit.filter(named) : fit;
    if (child.parent === null || best.length !== 1) {
      const missing = child.parent === null ? null : {uuid: child.parent, names: (child.names ?? []).map((text) => ({origin: '', text}))};
      return {chain, forest: /** @type {any} */ ({
        files: keys.map((key) => ({key, uuid: of(key).uuid})),
        disks: [{layers: chain.map((file) => ({file})), missing}],
      })};
    }
    chain.push(best[0] ?? 0);
  }
}

/**
 * Seeks, opening what is found, until no more is.
 *
 * @param {ReturnType<typeof library>} lib
 * @param {number[]} [opened]
 */
async function seekAll({engine, files, models}, opened = [1]) {
  const open = [...opened];
  for (;;) {
    const {forest} = resolve(models, open);
    const {keys} = await seek(engine, forest, files.filter(({key}) => !open.includes(key)));
    if (keys.length === 0) return {open, ...resolve(models, open)};
    open.push(...keys);
  }
}

test('a chain is found by names, and nothing else is looked at', async () => {
  const lib = library([
    {name: 'leaf.avhd', uuid: 'a', parent: 'b', names: ['.\\mid.avhd', 'C:\\vm\\mid.avhd']},
    {name: 'else.vhd', uuid: 'x', parent: null},
    {name: 'images/vm/BASE 1.vhd', uuid: 'c', parent: null},
    {name: 'images/vm/Mid.AVHD', uuid: 'b', parent: 'c', names: ['file://./vm/base%201.vhd']},
  ]);
  const {chain} = await seekAll(lib);
  assert.deepEqual(chain, [1, 4, 3]);
  assert.deepEqual(lib.looked, [4, 3]);
});

test('a parent that was renamed is found among all, each looked at once, a few at once', async () => {
  const lib = library([
    {name: 'leaf.vhd', uuid: 'a', parent: 'b', names: ['mid.vhd']},
    {name: 'mid.vhd', uuid: 'other', parent: null},
    ...Array.from({length: 40}, (_, i) => ({name: `${i}.vhd`, uuid: `${i}`, parent: null})),
    {name: 'moved.vhd', uuid: 'b', parent: 'c', names: ['base.vhd']},
    {name: 'also moved.vhd', uuid: 'c', parent: null},
  ]);
  const {chain} = await seekAll(lib);
  assert.deepEqual(chain, [1, 43, 44]);
  assert.equal(lib.looked[0], 2);
  assert.deepEqual([...lib.looked].sort((a, b) => a - b), lib.files.map(({key}) => key).slice(1));
  assert.equal(lib.most(), 8);
});

test('a raw disk is told by its name alone', async () => {
  const lib = library([
    {name: 'leaf.vhd', uuid: 'a', parent: '', names: ['disk.raw']},
    {name: 'x/disk.raw', uuid: '', parent: null},
    {name: 'other.raw', uuid: '', parent: null},
  ]);
  const {chain} = await seekAll(lib);
  assert.deepEqual(chain, [1, 2]);
  assert.deepEqual(lib.looked, [2]);
  const {keys} = await seek(lib.engine, resolve(lib.models, [1]).forest, lib.files.slice(2));
  assert.deepEqual([keys, lib.looked], [[], [2]]);
});

test('a file of the wanted name that may be a copy of the child is not taken for its parent', async () => {
  const lib = library([
    {name: 'leaf.vhd', uuid: 'twin', parent: 'twin', names: ['base.vhd']},
    {name: 'base.vhd', uuid: 'twin', parent: 'twin', names: ['base.vhd']},
    {name: 'renamed.vhd', uuid: 'twin', parent: null},
  ]);
  const {keys} = await seek(lib.engine, resolve(lib.models, [1]).forest, lib.files.slice(1));
  assert.deepEqual(keys, [2, 3]);
});

test('what cannot be looked at is told and does not end the search; what is no VHD is not a problem', async () => {
  const lib = library([
    {name: 'leaf.vhd', uuid: 'a', parent: 'b', names: []},
    {name: 'bad.vhd', uuid: 'q', parent: null, problem: 'network'},
    {name: 'raw.img', uuid: '', parent: null},
    {name: 'zip.vhd', uuid: 'z', parent: null, problem: 'other-format'},
    {name: 'b.vhd', uuid: 'b', parent: null},
  ]);
  /** @type {string[]} */
  const told = [];
  const {keys, looked, bytes, problems} = await seek(lib.engine, resolve(lib.models, [1]).forest, lib.files.slice(1),
    {onProgress: (done, total) => told.push(`${done}/${total}`)});
  assert.deepEqual([keys, looked, bytes], [[5], 4, 2048]);
  assert.deepEqual(problems.map(({file}) => file), ['bad.vhd']);
  assert.deepEqual(told, ['1/4', '2/4', '3/4', '4/4']);
});

test('a search that is given up, or whose engine is lost, asks no more', async () => {
  const models = [{name: 'leaf.vhd', uuid: 'a', parent: 'b'}, ...Array.from({length: 50}, (_, i) => ({name: `${i}`, uuid: `${i}`, parent: null}))];
  const lib = library(models);
  const reason = new Error('enough');
  const abort = new AbortController();
  const {forest} = resolve(models, [1]);
  await assert.rejects(seek(lib.engine, forest, lib.files.slice(1), {
    signal: abort.signal,
    onProgress: (done) => { if (done === 10) abort.abort(reason); },
  }), reason);
  await settled();
  assert.ok(lib.looked.length <= 18, `${lib.looked.length} were looked at`);
  let asked = 0;
  const lost = library(models);
  const {request} = lost.engine;
  lost.engine.request = (/** @type {[string, any, any]} */ ...args) => {
    if (++asked === 10) throw reason;
    return request(...args);
  };
  await assert.rejects(seek(lost.engine, forest, lost.files.slice(1)), reason);
  await settled();
  assert.ok(asked <= 18, `${asked} were asked for`);
});

test('what is found makes the same chain as all that there is', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = (/** @type {number} */ n) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7FFFFFFF;
    return (state >> 8) % n;
  };
  const names = ['a.vhd', 'd/A.vhd', 'b.vhd', 'd/b.vhd', 'c.vhd', 'd/e/c.VHD'];
  const pick = () => names[random(names.length)] ?? '';
  for (let round = 0; round < 1000; round++) {
    const models = Array.from({length: 2 + random(8)}, (_, i) => ({
      name: pick(), uuid: random(10) === 0 && i > 0 ? '' : `${random(5)}`,
      parent: i > 0 && random(3) === 0 ? null : random(6) === 0 ? '' : `${random(5)}`, names: [pick(), pick()].slice(random(3)),
    }));
    for (const model of models) if (model.uuid === '') model.parent = null;
    const all = models.map((_, i) => i + 1);
    const {chain, open} = await seekAll(library(models));
    assert.deepEqual(chain, resolve(models, all).chain, `seed ${seed}, round ${round}: ${JSON.stringify({models, open})}`);
  }
});

test('a server that gives nothing is not asked for a whole library', async () => {
  const models = Array.from({length: 200}, (_, i) => ({name: `${i}.vhd`, uuid: 'u', parent: null, problem: i === 5 ? 'not-found' : 'network'}));
  const {files, looked, engine} = library(models);
  const forest = /** @type {any} */ ({files: [], disks: [{missing: {uuid: 'wanted', names: []}, layers: []}]});
  await assert.rejects(seek(engine, forest, files), {code: 'network'});
  await settled();
  assert.ok(looked.length >= 16 && looked.length < 40, `${looked.length} were asked for`);
});
