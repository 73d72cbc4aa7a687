import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeConsole} from './console.js';
import {Store} from './engine/store.js';

/** @import {Workspace} from './workspace.js' */

/** A disk of three layers, the base of which is missing. */
const disk = {id: 4, name: 'leaf.vhd', size: 1, complete: false, missing: null, layers: [4, 2, 0].map((file) => ({
  file, name: `${file}.vhd`, state: 'resolved', chosen: false, evidence: [], edit: false,
}))};

const finding = {layer: 1, rule: 'bat-bounds', severity: 'error', message: 'It points nowhere.', offset: 1536, length: 4, got: '7', want: ''};

/** A console over an engine, and jobs, that note what they are asked. */
function makeScript() {
  /** @type {any[][]} */
  const asked = [];
  const engine = {
    /** @param {any[]} given */
    async request(...given) {
      asked.push(given);
      return given[0] === 'read' ? {bytes: new Uint8Array(given[1].length)} : {extents: []};
    },
  };
  const blob = new Blob();
  const jobs = {
    /** @param {any[]} given */
    async run(...given) {
      asked.push(given);
      return given[0] === 'check' ? {name: 'leaf.vhd', data: false, layers: [], findings: [{...finding, file: 2}]} : {blob};
    },
  };
  const store = new Store();
  store.set({forest: {files: [], disks: [disk]}});
  const workspace = /** @type {Workspace} */ (/** @type {unknown} */ ({engine, store, jobs}));
  return {script: makeConsole(workspace), asked, blob};
}

/** @type {[string, unknown[], RegExp][]} */
const wrong = [
  ['id', ['1', 0, 1], /argument id .* but it is of the type string\.$/],
  ['id', [undefined, 0, 1], /argument id .* undefined\.$/],
  ['offset', [1, -1, 1], /argument offset .* -1\.$/],
  ['offset', [1, 2 ** 53, 1], /argument offset .* 9007199254740992\.$/],
  ['offset', [1, NaN, 1], /argument offset .* NaN\.$/],
  ['offset', [1, 5n, 1], /argument offset .* of the type bigint\.$/],
  ['length', [1, 0, 1.5], /argument length .* 1\.5\.$/],
  ['length', [1, 0, null], /argument length .* null\.$/],
  ['signal', [1, 0, 1, {signal: {}}], /option signal .* of the type object\.$/],
];

for (const method of /** @type {const} */ (['read', 'extents'])) {
  for (const [name, args, message] of wrong) {
    test(`${method} refuses a wrong ${name}: ${message.source}`, async () => {
      const {script, asked} = makeScript();
      const call = /** @type {(...args: unknown[]) => Promise<unknown>} */ (/** @type {unknown} */ (script[method]));
      await assert.rejects(call(...args), {name: 'TypeError', message});
      assert.deepEqual(asked, []);
    });
  }

  test(`${method} hands the signal on, and does without one`, async () => {
    const {script, asked} = makeScript();
    const {signal} = new AbortController();
    await script[method](1, 0, 2, {signal});
    await script[method](1, Number.MAX_SAFE_INTEGER, 0);
    assert.deepEqual(asked.map(([command, value]) => [command, value]), [
      [method, {disk: 1, offset: 0, length: 2}], [method, {disk: 1, offset: Number.MAX_SAFE_INTEGER, length: 0}],
    ]);
    assert.equal(asked[0]?.[2].signal, signal);
    assert.equal(asked[1]?.[2].signal, undefined);
  });
}

const to = {name: '', handle: null};

test('check asks for the disk over its files, and gives findings without the page’s keys', async () => {
  const {script, asked} = makeScript();
  const {signal} = new AbortController();
  assert.deepEqual(await script.check(4, {signal}), [finding]);
  assert.deepEqual(asked, [['check', {disk: 4, file: 0, data: false}, {files: [4, 2], signal}]]);
});

test('save asks for the whole chain, and gives its Blob', async () => {
  const {script, asked, blob} = makeScript();
  assert.equal(await script.save(4, {as: 'fixed'}), blob);
  assert.deepEqual(asked, [['save', {
    disk: 4, first: 0, last: 1, as: 'fixed', blockSize: 0, parent: 0, salvage: false, to,
  }, {files: [4, 2], signal: undefined}]]);
});

test('relink asks for a layer and the one below, and gives its Blob', async () => {
  const {script, asked, blob} = makeScript();
  assert.equal(await script.relink(4, 0, {names: {relative: '../b.vhd'}}), blob);
  assert.deepEqual(asked, [['relink', {
    file: 4, parent: 2, relative: '../b.vhd', absolute: '', keepIdentity: false, to,
  }, {files: [4, 2], signal: undefined}]]);
});

test('relink of a layer with nothing below it asks for the names only', async () => {
  const {script, asked} = makeScript();
  await script.relink(4, 1, {names: {absolute: 'C:\\b.vhd'}});
  assert.deepEqual(asked, [['relink', {
    file: 2, parent: 0, relative: '', absolute: 'C:\\b.vhd', keepIdentity: false, to,
  }, {files: [2], signal: undefined}]]);
});

/** @type {[string, unknown[], RegExp][]} */
const wrongJobs = [
  ['check', ['4'], /argument id .* of the type string\.$/],
  ['check', [4, {signal: 1}], /option signal .* 1\.$/],
  ['check', [5], /no disk 5/],
  ['save', [4], /option as must be 'raw' or 'fixed' or 'dynamic', but it is undefined\.$/],
  ['save', [4, {as: 'vhdx'}], /but it is 'vhdx'\.$/],
  ['save', [5, {as: 'raw'}], /no disk 5/],
  ['save', [-1, {as: 'raw'}], /argument id .* -1\.$/],
  ['relink', [4, 2, {names: {}}], /no layer 2/],
  ['relink', [4, 0.5, {names: {}}], /argument layer .* 0\.5\.$/],
  ['relink', [4, 0], /option names must be an object, but it is undefined\.$/],
  ['relink', [4, 0, {names: {relative: 5}}], /name relative must be a string, but it is 5\.$/],
];

for (const [method, args, message] of wrongJobs) {
  test(`${method} of ${JSON.stringify(args)} is refused`, async () => {
    const {script, asked} = makeScript();
    const call = /** @type {(...args: unknown[]) => Promise<unknown>} */ (/** @type {any} */ (script)[method]);
    await assert.rejects(call(...args), {message});
    assert.deepEqual(asked, []);
  });
}
