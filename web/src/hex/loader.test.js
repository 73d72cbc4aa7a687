import assert from 'node:assert/strict';
import {test} from 'node:test';
import {chunkSize} from './chunks.js';
import {Loader} from './loader.js';

const source = {disk: 1, file: 0, size: 2 ** 41, name: 'd', layers: []};

/** A loader whose answers and clock the test gives. */
function setUp() {
  /** @type {{range: {offset: number, length: number}, signal: AbortSignal, answer: (extents?: any[]) => Promise<void>, fail: (why: string) => Promise<void>}[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const later = [];
  const clock = {time: 0, now: () => clock.time, later: (/** @type {() => void} */ run) => later.push(run)};
  let changes = 0;
  const loader = new Loader((range, signal) => new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    const extents = /** @type {any} */ ([{...range, layer: 0, source: 0, state: 'data', problem: null}]);
    asked.push({
      range, signal,
      answer: (given = extents) => settled(resolve({offset: range.offset, bytes: new Uint8Array(range.length), extents: given})),
      fail: (why) => settled(reject(new Error(why))),
    });
  }), () => changes++, clock);
  loader.reset(source);
  return {loader, asked, clock, later, changes: () => changes, last: () => /** @type {typeof asked[number]} */ (asked.at(-1))};
}

/** @param {void} _ waits until promises that are settled have been heard */
function settled(_) {
  return new Promise((resolve) => setImmediate(resolve, undefined)).then(() => undefined);
}

test('a far jump is one request of whole chunks that covers the window', async () => {
  const {loader, asked, changes, last} = setUp();
  const at = 2 ** 40 + 3 * chunkSize - 100;
  loader.want(at, 700, 0);
  assert.deepEqual(asked.map(({range}) => range), [{offset: 2 ** 40 + 2 * chunkSize, length: 2 * chunkSize}]);
  loader.want(at, 700, 0);
  assert.equal(asked.length, 1, 'what is on its way is not asked again');
  await last().answer();
  assert.equal(changes(), 1);
  loader.want(at, 700, 0);
  assert.equal(asked.length, 1, 'what is there is not asked again');
  assert.ok(loader.cache.has(2 ** 26 + 3));
});

test('what is no longer in sight is aborted, and requests that overtake each other wait', async () => {
  const {loader, asked, clock, later} = setUp();
  loader.want(0, 700, 0);
  clock.time = 10;
  loader.want(2 ** 30, 700, 0);
  assert.ok(asked[0]?.signal.aborted);
  assert.equal(asked.length, 1);
  loader.want(2 ** 31, 700, 0);
  assert.equal(later.length, 1);
  clock.time = 60;
  later[0]?.();
  loader.want(2 ** 31, 700, 0);
  assert.deepEqual(asked.map(({range}) => range.offset), [0, 2 ** 31]);
});

test('an abort is no failure', async () => {
  const {loader} = setUp();
  loader.want(0, 700, 0);
  loader.want(2 ** 30, 700, 0);
  await settled();
  loader.want(0, 700, 0);
  assert.equal(loader.failure(0), undefined);
});

test('a steady scroll is read ahead, either way, and not twice', async () => {
  const {loader, asked, last} = setUp();
  loader.want(100 * chunkSize, 700, 0);
  await last().answer();
  loader.want(100 * chunkSize, 700, 1);
  assert.deepEqual(last().range, {offset: 101 * chunkSize, length: 4 * chunkSize});
  loader.want(100 * chunkSize + 500, 700, 1);
  assert.equal(asked.length, 2);
  await last().answer();
  loader.want(102 * chunkSize, 700, 1);
  assert.equal(asked.length, 2, 'enough lies ahead');
  loader.want(103 * chunkSize, 700, 1);
  assert.deepEqual(last().range, {offset: 105 * chunkSize, length: 3 * chunkSize});
  await last().answer();
  loader.want(100 * chunkSize, 700, -1);
  assert.deepEqual(last().range, {offset: 96 * chunkSize, length: 4 * chunkSize});
});

test('nothing is read ahead beyond the ends', async () => {
  const {loader, asked, last} = setUp();
  loader.want(0, 700, -1);
  await last().answer();
  loader.want(0, 700, -1);
  assert.equal(asked.length, 1);
  loader.want(source.size - 700, 700, 1);
  await last().answer();
  loader.want(source.size - 700, 700, 1);
  assert.equal(asked.length, 2);
});

test('a failure stays until it is asked for again, and keeps the rest', async () => {
  const {loader, asked, last} = setUp();
  loader.want(0, 700, 0);
  await last().answer();
  loader.want(chunkSize, 700, 0);
  await last().fail('the file changed');
  assert.equal(loader.failure(1)?.message, 'the file changed');
  assert.equal(loader.failureIn(chunkSize - 1, 2), 'the file changed');
  assert.equal(loader.failureIn(0, chunkSize), undefined);
  assert.ok(loader.cache.has(0));
  loader.want(chunkSize, 700, 0);
  assert.equal(asked.length, 2);
  loader.retry();
  loader.want(chunkSize, 700, 0);
  assert.equal(asked.length, 3);
  await last().answer();
  assert.equal(loader.failure(1), undefined);
  assert.ok(loader.cache.has(1));
});

test('a short answer is a failure, not zeros', async () => {
  const loader = new Loader(async ({offset}) => ({offset, bytes: new Uint8Array(5), extents: []}), () => {});
  loader.reset(source);
  loader.want(0, 700, 0);
  await settled();
  assert.match(loader.failure(0)?.message ?? '', /shorter/);
});

test('answers for an earlier source are not taken', async () => {
  const {loader, last} = setUp();
  loader.want(0, 700, 0);
  const early = last();
  loader.reset({...source, disk: 2});
  await early.answer();
  assert.equal(loader.cache.size, 0);
});

test('what a network did not give is shown as lost, and asked for again when the person says so', async () => {
  const {loader, asked, last} = setUp();
  const problem = {code: 'network', message: 'The server does not answer.', layer: 0, offset: 0, file: 'base.vhd'};
  loader.want(0, 700, 0);
  await last().answer([
    {offset: 0, length: 512, layer: 0, source: 0, state: 'data', problem: null},
    {offset: 512, length: 2 * chunkSize, layer: 0, source: -1, state: 'unreadable', problem},
  ]);
  assert.equal(loader.failureIn(0, 700), problem.message);
  assert.equal(loader.failureIn(3 * chunkSize, 700), undefined);
  loader.want(0, 700, 0);
  assert.equal(asked.length, 1, 'not by itself');
  loader.retry();
  assert.ok(loader.cache.get(0), 'it is shown until an answer comes');
  loader.want(0, 700, 0);
  assert.equal(asked.length, 2);
  await last().answer();
  assert.equal(loader.failureIn(0, 700), undefined);
});

test('what is damaged is no failure that may pass', () => {
  const {loader} = setUp();
  loader.cache.put({offset: 0, bytes: new Uint8Array(chunkSize), changed: [], extents: [
    {offset: 0, length: chunkSize, layer: 0, source: -1, state: 'unreadable', problem: {code: 'block-bounds', message: 'It lies outside.', layer: 0, offset: 0, file: ''}},
  ]}, source.size);
  assert.equal(loader.failureIn(0, 700), undefined);
  loader.retry();
  assert.ok(loader.cache.has(0));
});
