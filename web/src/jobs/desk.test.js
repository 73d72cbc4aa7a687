import assert from 'node:assert/strict';
import {test} from 'node:test';
import {EngineError} from '../engine/client.js';
import {Store} from '../engine/store.js';
import {Desk, underWay} from './desk.js';

/** @import {Task} from './desk.js' */

/** @type {Task} */
const task = {
  title: 'Save as raw disk', source: 'leaf.vhd', name: 'leaf.img', command: 'save',
  value: {disk: 1, salvage: false}, files: [1, 2],
};

/**
 * A desk whose jobs end as a test says, and whose person picks what it says.
 *
 * @param {any} picked what the picker gives, or a function that tells
 */
function makeDesk(picked) {
  const store = new Store();
  /** @type {{command: string, value: any, options: any, resolve: (value: any) => void, reject: (error: unknown) => void}[]} */
  const asked = [];
  /** @type {[Blob, string][]} */
  const downloads = [];
  /** @type {{remains: '' | 'before' | 'unfit', lost: boolean, open: boolean}} */
  const place = {remains: '', lost: false, open: false};
  /** @type {unknown[]} */
  const released = [];
  const desk = new Desk(/** @type {any} */ ({
    run: (/** @type {string} */ command, /** @type {any} */ value, /** @type {any} */ options) => new Promise((resolve, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
      asked.push({command, value, options, resolve, reject});
    }),
    release: async (/** @type {unknown} */ made) => void released.push(made),
  }), store, async () => place.open, {
    pickPlace: async () => (typeof picked === 'function' ? picked() : picked),
    download: (blob, name) => downloads.push([blob, name]),
    writeTo: async (blob, handle, {signal, onProgress}) => {
      onProgress(blob.size, blob.size);
      signal.throwIfAborted();
      if (place.lost) throw new DOMException('The disk is full.', 'QuotaExceededError');
    },
    fileAt: async () => new File([], 'x'),
    clear: async () => place.remains,
  });
  return {desk, store, asked, downloads, released, place};
}

/** Lets everything happen that waits for nothing else. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

const saved = (/** @type {Blob | null} */ blob) => ({blob, name: 'leaf.img', size: 4, way: blob ? 'memory' : 'stream', lost: [], changes: []});

test('whoever changes their mind in the picker starts nothing', async () => {
  const {desk, store, asked} = makeDesk(undefined);
  await desk.start(task);
  assert.deepEqual([asked.length, store.state.jobs.length], [0, 0]);
});

test('a job is given its files and its place, and is done when the engine says so', async () => {
  const handle = {name: 'mine.img'};
  const {desk, store, asked, downloads} = makeDesk(handle);
  const over = desk.start(task);
  await settle();
  assert.deepEqual(asked[0]?.value, {disk: 1, salvage: false, to: {name: 'mine.img', handle}});
  assert.deepEqual(asked[0]?.options.files, [1, 2]);
  assert.equal(underWay(store.state.jobs), true);
  asked[0]?.resolve(saved(null));
  await over;
  assert.deepEqual(store.state.jobs.map(({state, placed, name}) => [state, placed, name]), [['done', true, 'mine.img']]);
  assert.equal(underWay(store.state.jobs), false);
  assert.deepEqual(downloads, []);
});

test('without a picker the file goes to the downloads, and again when asked', async () => {
  const {desk, store, asked, downloads} = makeDesk(null);
  const over = desk.start(task);
  await settle();
  asked[0]?.resolve(saved(new Blob(['four'])));
  await over;
  desk.downloadAgain(store.state.jobs[0]?.id ?? 0);
  assert.deepEqual(downloads.map(([, name]) => name), ['leaf.img', 'leaf.img']);
  assert.equal(await (await desk.result(store.state.jobs[0]?.id ?? 0)).text(), 'four');
});

test('a file that is open is not written to', async () => {
  const {desk, store, asked, place} = makeDesk({name: 'leaf.vhd'});
  place.open = true;
  place.remains = 'before';
  assert.equal(await desk.start(task), false);
  assert.equal(asked.length, 0);
  assert.deepEqual(store.state.jobs.map(({state, problem, remains, salvageable}) => [state, problem?.code, remains, salvageable]), [['failed', 'open', 'before', false]]);
});

test('a file that is made in a way of its own is given its place, and offers no salvage', async () => {
  const {desk, store, asked, downloads} = makeDesk(null);
  /** @type {unknown[]} */
  const given = [];
  assert.equal(await desk.make(task, async (handle, {onProgress}) => {
    given.push(handle);
    onProgress(2, 4);
    return saved(new Blob(['four']));
  }), true);
  assert.equal(await desk.make(task, async () => {
    throw EngineError.of('damaged', 'Its clusters lie outside.');
  }), false);
  assert.deepEqual([given, asked], [[null], []]);
  assert.deepEqual(downloads.map(([, name]) => name), ['leaf.img']);
  assert.deepEqual(store.state.jobs.map(({state, salvageable}) => [state, salvageable]), [['failed', false], ['done', false]]);
});

test('files that could not be read are told of when the rest is saved', async () => {
  const {desk, store} = makeDesk(null);
  for (const [unreadCount, end] of /** @type {[number, RegExp][]} */ ([[0, /saved, 4 bytes\.$/], [1200, /saved, 4 bytes\. 1,200 files could not be read\.$/]])) {
    await desk.make(task, async () => ({...saved(new Blob(['four'])), count: 3, unread: [], unreadCount, renamed: [], renamedCount: 0}));
    assert.match(store.state.status, end);
  }
});

test('what a job made is one and the same file however often it is asked for', async () => {
  const {desk, store, asked} = makeDesk(null);
  const over = desk.start(task);
  await settle();
  asked[0]?.resolve(saved(new Blob(['four'])));
  await over;
  const id = store.state.jobs[0]?.id ?? 0;
  assert.equal(await desk.result(id), await desk.result(id));
});

test('a cancelled job is over only when it has ended, and says what is in its place', async () => {
  for (const remains of /** @type {const} */ (['', 'before', 'unfit'])) {
    const {desk, store, place} = makeDesk({name: 'x.img'});
    place.remains = remains;
    const over = desk.start(task);
    await settle();
    desk.cancel(store.state.jobs[0]?.id ?? 0);
    assert.equal(store.state.jobs[0]?.state, 'stopping');
    await over;
    assert.deepEqual(store.state.jobs.map((job) => [job.state, job.remains]), [['cancelled', remains]]);
  }
});

test('unreadable bytes offer a salvage, which is another job and takes the place of the first', async () => {
  const {desk, store, asked} = makeDesk(null);
  const over = desk.start(task);
  await settle();
  asked[0]?.reject(EngineError.of('block-outside', 'Block 3 lies outside.'));
  await over;
  assert.equal(store.state.jobs[0]?.salvageable, true);
  void desk.salvage(store.state.jobs[0]?.id ?? 0);
  await settle();
  assert.equal(asked[1]?.value.salvage, true);
  assert.deepEqual(store.state.jobs.map(({state}) => state), ['running']);
  asked[1]?.reject(EngineError.of('block-outside', 'Block 3 lies outside.'));
  await settle();
  assert.equal(store.state.jobs[0]?.salvageable, false, 'a salvage is not offered twice');
});

test('a failure names the file of the chain that it is in, once', async () => {
  for (const [message, told] of [['Block 3 lies outside.', 'base.vhd: Block 3 lies outside.'], ['cannot read "base.vhd"', 'cannot read "base.vhd"']]) {
    const {desk, store, asked} = makeDesk(null);
    const over = desk.start(task);
    await settle();
    asked[0]?.reject(new EngineError({code: 'block-outside', message: message ?? '', layer: 1, offset: 0, file: 'disks/base.vhd'}));
    await over;
    assert.equal(store.state.jobs[0]?.problem?.message, told);
  }
});

test('what is no fault of the data offers no salvage', async () => {
  for (const error of [EngineError.of('no-room', 'Too large.'), EngineError.of('changed', 'It changed.'), EngineError.of('network', 'Nothing came.'), new DOMException('Denied.', 'NotAllowedError')]) {
    const {desk, store, asked} = makeDesk(null);
    const over = desk.start(task);
    await settle();
    asked[0]?.reject(error);
    await over;
    assert.deepEqual(store.state.jobs.map(({state, salvageable}) => [state, salvageable]), [['failed', false]]);
    assert.ok(store.state.jobs[0]?.problem?.message);
  }
});

test('whoever changes their mind about a salvage keeps the job that failed', async () => {
  let picked = /** @type {null | undefined} */ (null);
  const {desk, store, asked} = makeDesk(() => picked);
  const over = desk.start(task);
  await settle();
  asked[0]?.reject(EngineError.of('block-outside', 'Block 3 lies outside.'));
  await over;
  picked = undefined;
  await desk.salvage(store.state.jobs[0]?.id ?? 0);
  assert.deepEqual(store.state.jobs.map(({state, salvageable}) => [state, salvageable]), [['failed', true]]);
});

test('what is made already is needed for as long as the downloads may read it', async () => {
  for (const [picked, needed] of /** @type {const} */ ([[null, true], [undefined, false], [{name: 'x.vhd'}, false]])) {
    const {desk, released} = makeDesk(picked);
    const made = saved(new Blob(['four']));
    await desk.keep(task, made);
    assert.deepEqual(released, needed ? [] : [made]);
  }
});

test('what is made already is written to the place, and a failure is told', async () => {
  const {desk, store, place} = makeDesk({name: 'x.vhd'});
  const made = {...saved(null), blob: new Blob(['four'])};
  await desk.keep(task, made);
  assert.deepEqual(store.state.jobs.map(({state}) => state), ['done']);
  place.lost = true;
  await desk.keep(task, made);
  assert.deepEqual(store.state.jobs.map(({state, problem}) => [state, problem?.message]), [['failed', 'The disk is full.'], ['done', undefined]]);
});

test('progress is told in quarters, each once', async () => {
  const {desk, store, asked} = makeDesk(null);
  void desk.start(task);
  await settle();
  /** @type {Set<string>} */
  const told = new Set();
  store.subscribe(() => told.add(store.state.status));
  const now = performance.now.bind(performance);
  let clock = now();
  performance.now = () => (clock += 1000);
  try {
    for (let done = 0; done <= 1000; done += 10) asked[0]?.options.onProgress(done, 1000);
  } finally {
    performance.now = now;
  }
  assert.deepEqual([...told].filter((text) => text.includes('%')), ['leaf.img: 25 %.', 'leaf.img: 50 %.', 'leaf.img: 75 %.']);
});
