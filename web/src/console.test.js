import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeConsole} from './console.js';
import {Store} from './engine/store.js';
import {Reach} from './remote/reach.js';
import {Tokens} from './remote/tokens.js';

/** @import {Workspace} from './workspace.js' */

/** A disk of three layers, the base of which is missing. */
const disk = {id: 4, name: 'leaf.vhd', size: 1, complete: false, missing: null, layers: [4, 2, 0].map((file) => ({
  file, name: `${file}.vhd`, state: 'resolved', chosen: false, evidence: [], edit: false,
}))};

const finding = {layer: 1, rule: 'bat-bounds', severity: 'error', message: 'It points nowhere.', offset: 1536, length: 4, got: '7', want: ''};

/** A layout of a gap, a volume that can be browsed, one that cannot, and another one that can. */
const parts = [
  {gap: true, type: '', start: 0, size: 512, browsable: false},
  {gap: false, type: 'Basic data', label: 'Partition', start: 512, size: 1024, problem: '', content: 'NTFS', contentLabel: 'Windows', browsable: true, contentProblem: ''},
  {gap: false, type: 'Linux swap', label: 'Swap', start: 1536, size: 512, problem: '', content: '', contentLabel: '', browsable: false, contentProblem: 'Not known.'},
  {gap: false, type: 'Linux', label: '', start: 2048, size: 512, problem: 'It ends behind the disk.', content: 'ext4', contentLabel: '', browsable: true, contentProblem: ''},
];

/** A folder of one entry of each kind, and one that was deleted. */
const listing = {
  count: 5,
  name: (/** @type {number} */ i) => `entry ${i}`,
  kind: (/** @type {number} */ i) => ['file', 'directory', 'link', 'other', 'directory'][i],
  deleted: (/** @type {number} */ i) => i === 4,
  size: (/** @type {number} */ i) => 10 * i,
  modified: (/** @type {number} */ i) => (i === 3 ? NaN : 1000 + i),
};

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
  const volumes = {
    scan: async () => ({parts}),
    /** @param {number} id @param {number} start @param {any} options */
    async open(id, start, options) {
      asked.push(['open', id, start, options]);
      /** @param {string} method @param {unknown} answer */
      const answers = (method, answer) => async (/** @type {any[]} */ ...given) => {
        asked.push([method, ...given]);
        return answer;
      };
      return {list: answers('list', listing), save: answers('save', {blob}), changes: answers('changes', {files: [{path: `/at ${start}`, from: '', change: 'added'}]})};
    },
  };
  const reach = new Reach({base: 'https://vhd.example/', library: '', connect: [], single: false});
  const tokens = new Tokens();
  const remote = {
    reach, tokens,
    /** @param {string[]} urls */
    pinAll: async (urls) => ({
      files: urls.filter((url) => !url.includes('gone')).map((url) => ({name: 'x.vhd', url, size: 1, etag: '', lastModified: 0, authorization: tokens.for(url)})),
      unread: urls.filter((url) => url.includes('gone')).map((url) => ({url, code: 'not-found', why: 'There is nothing.'})),
    }),
  };
  /** @param {unknown} given */
  const open = async (given) => void asked.push(['open', given]);
  const workspace = /** @type {Workspace} */ (/** @type {unknown} */ ({engine, store, jobs, volumes, remote, open}));
  return {script: makeConsole(workspace), asked, blob, store};
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

test('volumes are all but the gaps, by what is in them', async () => {
  const {script} = makeScript();
  assert.deepEqual(await script.volumes(4), [
    {index: 0, type: 'NTFS', label: 'Windows', start: 512, size: 1024, browsable: true, problem: ''},
    {index: 1, type: 'Linux swap', label: 'Swap', start: 1536, size: 512, browsable: false, problem: 'Not known.'},
    {index: 2, type: 'ext4', label: '', start: 2048, size: 512, browsable: true, problem: 'It ends behind the disk.'},
  ]);
});

test('list gives what is there and what was deleted', async () => {
  const {script, asked} = makeScript();
  const {signal} = new AbortController();
  assert.deepEqual(await script.list(4, 2, '/a', {signal}), [
    {name: 'entry 0', kind: 'file', size: 0, modified: 1000},
    {name: 'entry 1', kind: 'directory', size: 10, modified: 1001},
    {name: 'entry 2', kind: 'link', size: 20, modified: 1002},
    {name: 'entry 3', kind: 'other', size: 30, modified: null},
    {name: 'entry 4', kind: 'deleted', size: 40, modified: 1004},
  ]);
  assert.deepEqual(asked, [['open', 4, 2048, {signal}], ['list', '/a', {deleted: true, signal}]]);
});

test('file gives the Blob of one file', async () => {
  const {script, asked, blob} = makeScript();
  assert.equal(await script.file(4, 0, '/a.txt'), blob);
  assert.deepEqual(asked, [['open', 4, 512, {signal: undefined}], ['save', ['/a.txt'], {to}, {signal: undefined}]]);
});

test('changes asks every volume that can be browsed, for a layer that is counted without edits', async () => {
  const {script, asked, store} = makeScript();
  const found = [0, 2].map((volume) => ({volume, path: `/at ${[512, 0, 2048][volume]}`, change: 'added'}));
  assert.deepEqual(await script.changes(4, 1), found);
  store.set({edits: new Map([[4, /** @type {any} */ ({key: 4})]])});
  assert.deepEqual(await script.changes(4, 1), found);
  assert.deepEqual(asked.filter(([method]) => method === 'changes').map(([, place]) => place), [1, 1, 0, 0]);
  await assert.rejects(script.changes(4, 0), /no layer 0/);
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
  ['volumes', ['4'], /argument id .* of the type string\.$/],
  ['volumes', [5], /no disk 5/],
  ['list', [4, 3, '/'], /no volume 3/],
  ['list', [4, '0', '/'], /argument volume .* of the type string\.$/],
  ['list', [4, 0, 'a'], /argument path must be a string that begins with '\/', but it is 'a'\.$/],
  ['list', [4, 0, '/', {signal: 1}], /option signal .* 1\.$/],
  ['file', [4, 0], /argument path .* undefined\.$/],
  ['file', [5, 0, '/a'], /no disk 5/],
  ['changes', [4, 2], /no layer 2/],
  ['changes', [4], /argument layer .* undefined\.$/],
];

for (const [method, args, message] of wrongJobs) {
  test(`${method} of ${JSON.stringify(args)} is refused`, async () => {
    const {script, asked} = makeScript();
    const call = /** @type {(...args: unknown[]) => Promise<unknown>} */ (/** @type {any} */ (script)[method]);
    await assert.rejects(call(...args), {message});
    assert.deepEqual(asked, []);
  });
}

test('files and addresses are opened together, each token with its own server', async () => {
  const {script, asked} = makeScript();
  const file = new File([], 'a.vhd');
  await script.open([file, 'images/b.vhd', {url: '/c.vhd', token: 'secret'}]);
  const [[, given]] = /** @type {[[string, any[]]]} */ (asked);
  assert.equal(given[0].file, file);
  assert.deepEqual(given.slice(1).map(({file: {url}, direct}) => [url, direct]), [['https://vhd.example/images/b.vhd', true], ['https://vhd.example/c.vhd', true]]);
  assert.equal(given[2].file.authorization, 'Bearer secret');
});

test('an address that may not, or cannot, be read opens nothing', async () => {
  const {script, asked} = makeScript();
  await assert.rejects(script.open(['https://other.example/a.vhd']), {name: 'TypeError', message: /other\.example\/a\.vhd: The host of this site/});
  await assert.rejects(script.open([new File([], 'a.vhd'), 'gone.vhd']), {message: 'https://vhd.example/gone.vhd: There is nothing.'});
  await assert.rejects(script.open([{url: 'a.vhd', token: 'two words'}]), {name: 'TypeError', message: /no spaces/});
  assert.deepEqual(asked, []);
});
