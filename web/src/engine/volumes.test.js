import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Engine} from './client.js';
import {FakeWorker} from './fake-worker.js';
import {Store} from './store.js';
import {Volumes} from './volumes.js';

/** @import {DiskInfo, Request} from './protocol.js' */
/** @import {Stage} from './stage.js' */
/** @import {Volume} from './volume.js' */

const module = /** @type {WebAssembly.Module} */ ({});

/** @param {number} key */
const file = (key) => ({key, name: `${key}.vhd`, modified: 0, file: /** @type {File} */ ({})});

/**
 * @param {number[]} keys of the layers' files, 0 for a missing one, -1 for edits
 * @returns {DiskInfo}
 */
const disk = (...keys) => /** @type {DiskInfo} */ (/** @type {unknown} */ ({
  id: keys[0] === -1 ? 100 : keys[0], layers: keys.map((key) => ({file: key === -1 ? 100 : key, edit: key === -1})),
}));

const parts = [
  {gap: true, start: 0, size: 512, browsable: false},
  {gap: false, start: 512, size: 4096, browsable: true},
  {gap: false, start: 4608, size: 512, browsable: true},
];

/** Lets everything happen that waits for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Volumes over fake workers that know the layout above, of disks over files 1
 * to 3.
 *
 * @param {(request: Request, worker: FakeWorker) => boolean | void} [special] answers instead, where it returns true
 * @param {() => Promise<WebAssembly.Module>} [load]
 */
async function makeVolumes(special = () => false, load = async () => module) {
  const engine = new Engine(() => new FakeWorker(({id}, worker) => worker.reply(id, 'result', {value: {files: [], disks: []}})), Promise.resolve(module));
  await engine.request('open', {files: [file(1), file(2), file(3)]});
  const store = new Store();
  const open = (/** @type {DiskInfo[]} */ ...disks) => store.set({forest: {files: [], disks}});
  open(disk(3, 1));
  /** @type {FakeWorker[]} */
  const workers = [];
  /** @type {string[]} */
  const discarded = [];
  const stage = /** @type {Stage} */ (/** @type {unknown} */ ({
    newPath: async () => 'staged/page/1',
    discard: async (/** @type {string} */ path) => void discarded.push(path),
  }));
  const volumes = new Volumes(() => {
    const worker = new FakeWorker((request, self) => {
      if (special(request, self)) return;
      const {id, command} = request;
      const value = command === 'scan' ? {parts} : command === 'mount' ? {type: 'NTFS'} : {};
      self.reply(id, 'result', {value});
    });
    workers.push(worker);
    return worker;
  }, load, engine, stage, store);
  return {volumes, engine, store, open, workers, discarded};
}

/** What a worker was asked. @param {FakeWorker | undefined} worker */
const asked = (worker) => worker?.requests.map(({command, value}) => [command, value]);

/**
 * @param {Promise<unknown>} promise
 * @returns {Promise<string>} the code or message with which it rejects
 */
const failure = (promise) => promise.then(() => 'none', (error) => error.code ?? error.message ?? error);

test('a disk is scanned once, in a worker that has the chain and is ended', async () => {
  const {volumes, workers} = await makeVolumes();
  const [layout, again] = await Promise.all([volumes.scan(3), volumes.scan(3)]);
  assert.equal(layout, again);
  assert.equal(await volumes.scan(3), layout);
  assert.equal(workers.length, 1);
  assert.deepEqual(asked(workers[0]), [['chain', {files: [file(3), file(1)]}], ['scan', {first: 0}]]);
  assert.ok(workers[0]?.terminated);
});

test('of a chain go the files down to the first that is missing, and no edits', async () => {
  const {volumes, workers, open} = await makeVolumes();
  open(disk(-1, 3, 2, 0, 1));
  await volumes.scan(100);
  assert.deepEqual(asked(workers[0])?.[0], ['chain', {files: [file(3), file(2)]}]);
});

test('every volume has a worker, and whoever opens it at once or again has the same', async () => {
  const {volumes, workers} = await makeVolumes();
  const [one, same, other] = await Promise.all([volumes.open(3, 512), volumes.open(3, 512), volumes.open(3, 4608)]);
  assert.equal(one, same);
  assert.equal(await volumes.open(3, 512), one);
  assert.notEqual(one, other);
  assert.deepEqual([one.part, one.mounted.type, one.disk], [parts[1], 'NTFS', 3]);
  assert.deepEqual(workers.slice(1).map((worker) => asked(worker)?.[1]),
    [['mount', {start: 512, size: 4096, codePage: ''}], ['mount', {start: 4608, size: 512, codePage: ''}]]);
});

test('what a layer supplies of parts of a disk is asked of one worker, which is ended', async () => {
  const {volumes, workers} = await makeVolumes(({id, command, value}, worker) => {
    if (command !== 'touched') return false;
    worker.reply(id, 'result', {value: {bytes: value.length, runs: [], more: false}});
    return true;
  });
  const touched = await volumes.touched(3, 1, [{offset: 0, length: 512}, {offset: 4608, length: 1}]);
  assert.deepEqual(touched.map(({bytes}) => bytes), [512, 1]);
  assert.deepEqual(asked(workers[0])?.slice(1), [
    ['touched', {layer: 1, start: 0, length: 512}], ['touched', {layer: 1, start: 4608, length: 1}],
  ]);
  assert.deepEqual([workers.length, workers[0]?.terminated], [1, true]);
});

test('what is no volume is not opened', async () => {
  const {volumes} = await makeVolumes();
  assert.equal(await failure(volumes.open(3, 0)), 'bad-request');
  assert.match(await failure(volumes.open(4, 512)), /no disk 4/);
});

test('the program is fetched when it is first needed, and anew where it could not be had', async () => {
  let loads = 0;
  const {volumes} = await makeVolumes(undefined, async () => {
    if (loads++ === 0) throw new Error('no network');
    return module;
  });
  assert.equal(loads, 0);
  assert.equal(await failure(volumes.open(3, 512)), 'no-engine');
  await volumes.open(3, 512);
  assert.equal(loads, 2);
});

test('a volume that cannot be mounted is told, its worker ended, and it can be tried again', async () => {
  const problem = {code: 'damaged', message: 'No.', layer: -1, offset: -1, file: ''};
  let broken = true;
  const {volumes, workers} = await makeVolumes(({id, command}, worker) => command === 'mount' && broken && (worker.reply(id, 'error', {problem}), true));
  assert.equal(await failure(volumes.open(3, 512)), 'damaged');
  assert.ok(workers.every(({terminated}) => terminated));
  broken = false;
  assert.equal((await volumes.open(3, 512)).mounted.type, 'NTFS');
});

/** How a worker is lost. @type {[string, (worker: FakeWorker) => void][]} */
const losses = [
  ['crash', (worker) => worker.crash()],
  ['memory', (worker) => worker.reply(0, 'crash', {problem: {code: 'memory', message: 'Too much.', layer: -1, offset: -1, file: ''}})],
];

for (const [code, lose] of losses) {
  test(`a worker that is lost (${code}) ends what was asked of its volume, and nothing else`, async () => {
    let stuck = true;
    const {volumes, workers} = await makeVolumes(({command, value}) => (command === 'stat' && value.path === '/slow') && stuck);
    const [one, other] = await Promise.all([volumes.open(3, 512), volumes.open(3, 4608)]);
    /** @type {any[]} */
    const told = [];
    one.addEventListener('lost', (event) => told.push(/** @type {CustomEvent} */ (event).detail.code));
    const waiting = [one.stat('/slow'), one.stat('/slow')].map(failure);
    const elsewhere = other.stat('/slow');
    await settle();
    lose(/** @type {FakeWorker} */ (workers[1]));
    assert.deepEqual(await Promise.all(waiting), [code, code]);
    assert.ok(workers[1]?.terminated);
    assert.equal(workers[2]?.terminated, false);
    await settle();
    assert.deepEqual(told, [code]);
    stuck = false;
    const {id} = workers[2]?.requests.at(-1) ?? {id: 0};
    workers[2]?.reply(id, 'result', {value: {name: 'slow'}});
    assert.deepEqual(await elsewhere, {name: 'slow'});
    await one.stat('/');
    assert.deepEqual(asked(workers[3])?.map(([command]) => command), ['chain', 'mount', 'stat'], 'the next request starts anew');
  });
}

test('a worker that says nothing for ten seconds while it is asked something is ended', async (t) => {
  t.mock.timers.enable({apis: ['setInterval']});
  const {volumes, workers} = await makeVolumes(({command}) => command === 'changes');
  const volume = await volumes.open(3, 512);
  t.mock.timers.tick(60_000); // nothing was asked
  const changes = failure(volume.changes(0));
  await settle();
  const {id} = workers[1]?.requests.at(-1) ?? {id: 0};
  for (let turn = 0; turn < 3; turn++) {
    t.mock.timers.tick(9000);
    workers[1]?.reply(id, 'progress', {done: turn, total: 9});
    await settle();
  }
  t.mock.timers.tick(9999);
  assert.equal(workers[1]?.terminated, false);
  t.mock.timers.tick(1000);
  assert.equal(await changes, 'hang');
  assert.ok(workers[1]?.terminated);
});

test('a new file that is written may take its time to be kept, unless it was given up', async (t) => {
  t.mock.timers.enable({apis: ['setInterval']});
  const {volumes, workers} = await makeVolumes(({command}) => command === 'save');
  const volume = await volumes.open(3, 512);
  const giveUp = new AbortController();
  const saving = volume.save(['/a'], {to: {name: 'a', handle: null}}, {signal: giveUp.signal});
  const ended = saving.then(() => 'made', (error) => error.name);
  await settle();
  const {id} = /** @type {Request} */ (workers[1]?.requests.at(-1));
  workers[1]?.reply(id, 'progress', {done: 100, total: 100});
  await settle();
  t.mock.timers.tick(60_000);
  await settle();
  assert.equal(workers[1]?.terminated, false);
  giveUp.abort();
  t.mock.timers.tick(20_000);
  assert.equal(workers[1]?.terminated, true);
  assert.equal(await ended, 'AbortError');
});

test('a chain, a scan and a mount that hang are ended, too', async (t) => {
  for (const command of ['chain', 'scan', 'mount']) {
    t.mock.timers.enable({apis: ['setInterval']});
    let stuck = true;
    const {volumes} = await makeVolumes((request) => request.command === command && stuck);
    const opening = failure(volumes.open(3, 512));
    await settle();
    t.mock.timers.tick(11_000);
    assert.equal(await opening, 'hang', command);
    stuck = false;
    assert.equal((await volumes.open(3, 512)).mounted.type, 'NTFS');
    t.mock.timers.reset();
  }
});

test('closing a disk ends its workers, and all that is asked of its volumes', async () => {
  const {volumes, workers, open} = await makeVolumes(({command}) => command === 'stat');
  open(disk(3, 1), disk(2));
  const [gone, kept] = await Promise.all([volumes.open(3, 512), volumes.open(2, 512)]);
  const waiting = failure(gone.stat('/'));
  await settle();
  open(disk(2));
  assert.equal(await waiting, 'closed');
  assert.equal(await failure(gone.list('/')), 'closed');
  assert.equal(gone.disk, 0);
  assert.deepEqual(workers.slice(2).map(({terminated}) => terminated), [true, false]);
  assert.equal(await volumes.open(2, 512), kept);
  assert.match(await failure(volumes.open(3, 512)), /no disk 3/);
});

test('closing a disk ends a scan and an opening that are under way', async () => {
  for (const command of ['chain', 'scan', 'mount']) {
    const {volumes, workers, open} = await makeVolumes((request) => request.command === command);
    const opening = failure(volumes.open(3, 512));
    await settle();
    open();
    assert.equal(await opening, 'closed', command);
    await settle();
    assert.ok(workers.every(({terminated}) => terminated), command);
  }
});

test('a chain of other files is another disk; edits on top make none', async () => {
  const {volumes, open} = await makeVolumes();
  const volume = await volumes.open(3, 512);
  open(disk(-1, 3, 1));
  assert.equal(await volumes.open(100, 512), volume);
  assert.equal(volume.disk, 100);
  open(disk(3, 2, 1));
  assert.equal(await failure(volume.stat('/')), 'closed');
  assert.notEqual(await volumes.open(3, 512), volume);
});

test('a signal ends a wait, and the others go on', async () => {
  let stuck = true;
  const {volumes, workers} = await makeVolumes(({command}) => command === 'mount' && stuck);
  const controller = new AbortController();
  const given = failure(volumes.open(3, 512, {signal: controller.signal}));
  const other = volumes.open(3, 512);
  await settle();
  controller.abort('enough');
  assert.equal(await given, 'enough');
  stuck = false;
  workers[1]?.reply(workers[1].requests.at(-1)?.id ?? 0, 'result', {value: {type: 'NTFS'}});
  const volume = await other;
  assert.equal(await failure(volume.stat('/', {signal: AbortSignal.abort('enough')})), 'enough');
});

/** @type {[string, (volume: Volume) => Promise<unknown>, unknown][]} */
const requests = [
  ['stat', (volume) => volume.stat('/a'), {path: '/a'}],
  ['layers', (volume) => volume.layers(['/a']), {paths: ['/a']}],
  ['map', (volume) => volume.map('/a'), {path: '/a'}],
  ['look', (volume) => volume.looker('/a').request('view', {offset: 5, length: 6}), {path: '/a', offset: 5, length: 6}],
  ['hash', (volume) => volume.hash(['/a', '/b']), {paths: ['/a', '/b']}],
  ['owner', (volume) => volume.owner(7), {offset: 7}],
  ['changes', (volume) => volume.changes(1), {layer: 1}],
  ['touched', (volume) => volume.touched(1, 2, 3), {layer: 1, start: 2, length: 3}],
];

for (const [command, ask, value] of requests) {
  test(`${command} is asked for as it is given`, async () => {
    const {volumes, workers} = await makeVolumes();
    await ask(await volumes.open(3, 512));
    assert.deepEqual(asked(workers[1])?.at(-1), [command, value]);
  });
}

test('a folder is listed, with what was deleted where that is asked for', async () => {
  const none = new Uint8Array();
  const columns = {count: 0, names: none, kinds: none, sizes: none, modified: none, created: none, attribute: none, attributes: [], local: false, notes: []};
  const {volumes, workers} = await makeVolumes(({id, command}, worker) => command === 'list' && (worker.reply(id, 'result', {value: columns}), true));
  const volume = await volumes.open(3, 512);
  assert.equal((await volume.list('/')).count, 0);
  await volume.list('/a', {deleted: true});
  assert.deepEqual(asked(workers[1])?.slice(-2), [['list', {path: '/', deleted: false}], ['list', {path: '/a', deleted: true}]]);
});

test('a search goes on with its cursor, and ends with its worker', async () => {
  const {volumes, workers} = await makeVolumes(({id, command, value}, worker) => {
    if (command !== 'search') return false;
    worker.reply(id, 'result', {value: {cursor: value.cursor + 1, done: value.cursor === 2, entries: []}});
    return true;
  });
  const volume = await volumes.open(3, 512);
  let batches = 0;
  for await (const {done} of volume.search('*.txt', {matchCase: true, path: '/a'})) assert.equal(done, ++batches === 3);
  assert.deepEqual(asked(workers[1])?.slice(2).map(([, value]) => value),
    [0, 1, 2].map((cursor) => ({pattern: '*.txt', case: true, deleted: false, path: '/a', cursor})));
  const search = volume.search('x');
  await search.next();
  workers[1]?.crash();
  await settle();
  assert.equal(await failure(search.next()), 'crash', 'another worker does not know the cursor');
});

test('a new file has a place to be staged at, and leaves nothing there when it fails', async () => {
  const problem = {code: 'damaged', message: 'No.', layer: -1, offset: -1, file: ''};
  const {volumes, workers, discarded} = await makeVolumes(({id, command, value}, worker) => {
    if (command === 'save' && value.zip) worker.reply(id, 'error', {problem});
    return command === 'save' && value.zip;
  });
  const volume = await volumes.open(3, 512);
  const to = {name: 'a.txt', handle: null};
  await volume.save(['/a.txt'], {to});
  assert.deepEqual(discarded, []);
  assert.equal(await failure(volume.save(['/a'], {to, zip: true, base: '/b'})), 'damaged');
  assert.deepEqual(discarded, ['staged/page/1']);
  assert.deepEqual(asked(workers[1])?.slice(-2).map(([, value]) => value), [
    {paths: ['/a.txt'], zip: false, base: '/', to: {...to, stage: 'staged/page/1'}},
    {paths: ['/a'], zip: true, base: '/b', to: {...to, stage: 'staged/page/1'}},
  ]);
});

test('a cancelled save is over when its worker has ended it', async () => {
  const {volumes, workers} = await makeVolumes(({command}) => command === 'save');
  const controller = new AbortController();
  const volume = await volumes.open(3, 512);
  let over = false;
  const saving = failure(volume.save(['/a'], {to: {name: 'a', handle: null}}, {signal: controller.signal})).finally(() => (over = true));
  await settle();
  const {id} = workers[1]?.requests.at(-1) ?? {id: 0};
  controller.abort('enough');
  await settle();
  assert.equal(over, false);
  workers[1]?.reply(id, 'cancelled');
  assert.equal(await saving, 'enough');
  assert.equal(workers[1]?.terminated, false, 'the volume is still in use');
});
