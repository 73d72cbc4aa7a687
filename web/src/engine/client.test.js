import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Channel} from './channel.js';
import {Engine, EngineError} from './client.js';
import {FakeWorker} from './fake-worker.js';

/** @import {Request} from './protocol.js' */

/**
 * An engine over fake workers that know what is open.
 *
 * @param {(request: Request, worker: FakeWorker) => boolean} [special] answers instead, where it returns true
 */
function makeEngine(special = () => false) {
  /** @type {FakeWorker[]} */
  const workers = [];
  const engine = new Engine(() => {
    /** @type {Map<number, any>} */
    const open = new Map();
    const worker = new FakeWorker((request, self) => {
      if (special(request, self)) return;
      const {id, command, value} = request;
      if (command === 'open') for (const file of value.files) open.set(file.key, file);
      if (command === 'close') for (const key of value.files.length ? value.files : [...open.keys()]) open.delete(key);
      self.reply(id, 'result', {value: {files: [...open.values()], disks: []}});
    });
    workers.push(worker);
    return worker;
  }, Promise.resolve(/** @type {WebAssembly.Module} */ ({})));
  return {engine, workers};
}

/**
 * @param {Engine} engine
 * @param {string} type
 * @returns {Promise<any>} the detail of the next such event
 */
function next(engine, type) {
  return new Promise((resolve) => {
    engine.addEventListener(type, (event) => resolve(/** @type {CustomEvent} */ (event).detail), {once: true});
  });
}

/** @param {number[]} keys */
const files = (...keys) => ({files: keys.map((key) => ({key, name: `${key}.vhd`, modified: 0, file: /** @type {File} */ ({})}))});

test('an answer ends its request, and progress comes before', async () => {
  const {engine} = makeEngine(({id, command}, worker) => {
    if (command !== 'checkBatmap') return false;
    worker.reply(id, 'progress', {done: 1, total: 4});
    worker.reply(id, 'result', {value: {state: 'agrees'}});
    return true;
  });
  /** @type {number[][]} */
  const seen = [];
  const answer = await engine.request('checkBatmap', {file: 1}, {onProgress: (...progress) => seen.push(progress)});
  assert.equal(answer.state, 'agrees');
  assert.deepEqual(seen, [[1, 4]]);
});

test('a problem is an EngineError with its code', async () => {
  const problem = {code: 'past-end', message: 'Past the end.', layer: 1, offset: 7, file: 'a.vhd'};
  const {engine} = makeEngine(({id}, worker) => (worker.reply(id, 'error', {problem}), true));
  await assert.rejects(engine.request('read', {disk: 1, offset: 0, length: 1}),
    (error) => error instanceof EngineError && error.code === 'past-end' && error.problem.offset === 7);
});

test('an aborted request ends at once and is cancelled in the worker', async () => {
  const {engine, workers} = makeEngine(({command}) => command === 'view');
  const controller = new AbortController();
  const asked = engine.request('view', {disk: 1, file: 0, offset: 0, length: 512}, {signal: controller.signal});
  await engine.request('close', {files: []});
  controller.abort();
  await assert.rejects(asked, {name: 'AbortError'});
  const [view, , cancel] = workers[0]?.requests ?? [];
  assert.equal(cancel?.command, 'cancel');
  assert.deepEqual(cancel?.value, {target: view?.id});
  await assert.rejects(engine.request('view', {disk: 1, file: 0, offset: 0, length: 512}, {signal: controller.signal}), {name: 'AbortError'});
});

test('a lost worker ends what waited, and what was open is opened again', async () => {
  const {engine, workers} = makeEngine(({command}) => command === 'read');
  await engine.request('open', files(1, 2));
  await engine.request('open', files(3));
  await engine.request('choose', {child: 1, parent: 2});
  await engine.request('close', {files: [3]});
  const reading = engine.request('read', {disk: 1, offset: 0, length: 1});
  const reopened = next(engine, 'reopened');
  await new Promise((resolve) => setImmediate(resolve));
  workers[0]?.crash();
  await assert.rejects(reading, {code: 'crash'});
  const {forest, failed} = await reopened;
  assert.deepEqual(forest.files.map((/** @type {{key: number}} */ {key}) => key), [1, 2]);
  assert.deepEqual(failed, []);
  assert.deepEqual(workers[1]?.requests.map(({command}) => command), ['open', 'choose']);
  assert.ok(workers[0]?.terminated);
});

test('a request that comes while the engine restarts waits for it', async () => {
  const {engine, workers} = makeEngine();
  await engine.request('open', files(1));
  const lost = next(engine, 'lost');
  workers[0]?.crash();
  assert.deepEqual((await lost).restarting, true);
  const {files: open} = await engine.request('open', files(2));
  assert.deepEqual(open.map(({key}) => key), [1, 2]);
});

test('the file at which the engine fails is left out', async () => {
  let poisoned = false;
  const {engine, workers} = makeEngine(({command, value}, worker) => {
    if (!poisoned || command !== 'open' || !value.files.some((/** @type {{key: number}} */ {key}) => key === 2)) return false;
    worker.crash();
    return true;
  });
  await engine.request('open', files(1, 2, 3));
  poisoned = true;
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  const {forest, failed} = await reopened;
  assert.deepEqual(forest.files.map((/** @type {{key: number}} */ {key}) => key).sort(), [1, 3]);
  assert.deepEqual(failed.map((/** @type {{key: number}} */ {key}) => key), [2]);
});

test('a worker at whose request reopening fails without a crash is ended', async () => {
  let poisoned = false;
  const {engine, workers} = makeEngine(({id, command, value}, worker) => {
    if (!poisoned || command !== 'open' || !value.files.some((/** @type {{key: number}} */ {key}) => key === 2)) return false;
    worker.reply(id, 'error', {problem: {code: 'internal', message: 'No.', layer: -1, offset: -1, file: ''}});
    return true;
  });
  await engine.request('open', files(1, 2, 3));
  poisoned = true;
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  const {forest, failed} = await reopened;
  assert.deepEqual(forest.files.map((/** @type {{key: number}} */ {key}) => key), [1, 3]);
  assert.deepEqual(failed.map((/** @type {{key: number}} */ {key}) => key), [2]);
  assert.deepEqual(workers.filter(({terminated}) => !terminated), [workers.at(-1)]);
});

test('a closed channel ends its worker and what waits for it, and is not lost', async () => {
  const worker = new FakeWorker(() => {});
  const channel = new Channel(worker, /** @type {WebAssembly.Module} */ ({}));
  await channel.ready;
  const waiting = channel.request('read', {});
  channel.close();
  assert.ok(worker.terminated);
  await assert.rejects(waiting, {code: 'closed'});
  await assert.rejects(channel.request('read', {}), {code: 'closed'});
  assert.equal(await Promise.race([channel.lost, 'not lost']), 'not lost');
});

test('a choice that is refused at reopening is dropped and told, and the engine goes on', async () => {
  let poisoned = false;
  const {engine, workers} = makeEngine(({id, command, value}, worker) => {
    if (!poisoned || command !== 'choose' || value.child !== 1) return false;
    worker.reply(id, 'error', {problem: {code: 'bad-request', message: 'No.', layer: -1, offset: -1, file: ''}});
    return true;
  });
  await engine.request('open', files(1, 2, 3));
  await engine.request('choose', {child: 1, parent: 2});
  await engine.request('choose', {child: 2, parent: 3});
  poisoned = true;
  for (const [round, unchosen] of [[{child: 1, parent: 2}], []].entries()) {
    const reopened = next(engine, 'reopened');
    workers[round]?.crash();
    const detail = await reopened;
    assert.deepEqual(detail.unchosen, unchosen);
    assert.equal(detail.forest.files.length, 3);
  }
  assert.deepEqual(workers[2]?.requests.map(({command, value}) => [command, value.child]), [['open', undefined], ['choose', 2]]);
  assert.equal((await engine.request('close', {files: [3]})).files.length, 2);
});

test('a choice that needs another one is made after it', async () => {
  const {engine, workers} = makeEngine(({id, command, value}, worker) => {
    if (command !== 'choose' || worker !== workers[1] || value.child !== 1) return false;
    if (worker.requests.some((request) => request.command === 'choose' && request.value.child === 2)) return false;
    worker.reply(id, 'error', {problem: {code: 'bad-request', message: 'A cycle.', layer: -1, offset: -1, file: ''}});
    return true;
  });
  await engine.request('open', files(1, 2, 3));
  await engine.request('choose', {child: 1, parent: 2});
  await engine.request('choose', {child: 2, parent: 3});
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  assert.deepEqual((await reopened).unchosen, []);
  assert.deepEqual(workers[1]?.requests.map(({value}) => value.child), [undefined, 1, 2, 1]);
});

test('when a choice ends the worker, what was open is open without choices', async () => {
  let poisoned = false;
  const {engine, workers} = makeEngine(({command}, worker) => {
    if (!poisoned || command !== 'choose') return false;
    worker.crash();
    return true;
  });
  await engine.request('open', files(1, 2, 3));
  await engine.request('choose', {child: 1, parent: 2});
  await engine.request('choose', {child: 2, parent: 3});
  poisoned = true;
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  const {forest, failed, unchosen} = await reopened;
  assert.equal(forest.files.length, 3);
  assert.deepEqual(failed, []);
  assert.deepEqual(unchosen, [{child: 1, parent: 2}, {child: 2, parent: 3}]);
  assert.deepEqual(workers.filter(({terminated}) => !terminated), [workers[2]]);
  assert.equal((await engine.request('close', {files: [3]})).files.length, 2);
});

test('an engine that is lost again and again is given up, and says so to every request', async () => {
  const {engine, workers} = makeEngine();
  for (let round = 0; round < 3; round++) {
    await engine.request('open', files(1));
    const lost = next(engine, 'lost');
    workers.at(-1)?.crash();
    assert.equal((await lost).restarting, round < 2);
  }
  await assert.rejects(engine.request('open', files(1)), {code: 'crash'});
  assert.equal(workers.length, 3);
});

test('a module that cannot be compiled is told once, and ends every request', async () => {
  const engine = new Engine(() => assert.fail('no worker without a module'), Promise.reject(new Error('no network')));
  const {message, restarting} = await next(engine, 'lost');
  assert.match(message, /no network/);
  assert.equal(restarting, false);
  await assert.rejects(engine.request('open', files(1)), {code: 'no-engine'});
});

/** @param {number} key @param {string} store */
const edit = (key, store) => ({disk: 1, key, name: 'Edits', store});

/** Answers 'edit' as a worker does that takes every one. */
const takesEdits = (/** @type {Request} */ {id, command, value}, /** @type {FakeWorker} */ worker) => {
  if (command !== 'edit') return false;
  worker.reply(id, 'result', {value: {key: value.key, forest: {files: [{key: 1}, {key: value.key}], disks: []}, state: {}}});
  return true;
};

const otherModule = Promise.resolve(/** @type {WebAssembly.Module} */ ({}));

test('an upgrade goes on in a new worker with everything open, and what was under way ends in the old one', async () => {
  const {engine, workers} = makeEngine(({command}) => command === 'read');
  await engine.request('open', files(1, 2));
  await engine.request('choose', {child: 1, parent: 2});
  const reading = engine.request('read', {disk: 1, offset: 0, length: 1});
  await new Promise((resolve) => setImmediate(resolve));
  await engine.upgrade(otherModule);
  await engine.upgrade(otherModule);
  assert.equal(workers.length, 2);
  assert.deepEqual(workers[1]?.requests.map(({command}) => command), ['open', 'choose']);
  assert.equal((await engine.request('open', files(3))).files.length, 3);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(workers[0]?.terminated, false, 'a read is under way in it');
  const {id} = workers[0]?.requests.at(-1) ?? assert.fail();
  workers[0]?.reply(id, 'result', {value: {bytes: 7}});
  assert.deepEqual(await reading, {bytes: 7});
  assert.equal(workers[0]?.terminated, true);
  assert.equal(workers[1]?.terminated, false);
});

test('an upgrade that fails leaves the engine as it was', async () => {
  const {engine, workers} = makeEngine();
  await engine.request('open', files(1));
  await assert.rejects(engine.upgrade(Promise.reject(new Error('no network'))), /no network/);
  assert.equal((await engine.request('open', files(2))).files.length, 2);
  assert.equal(workers.length, 1);
});

test('an engine lost during an upgrade is replaced once', async () => {
  const {engine, workers} = makeEngine();
  await engine.request('open', files(1));
  const reopened = next(engine, 'reopened');
  const upgrading = engine.upgrade(otherModule);
  workers[0]?.crash();
  await reopened;
  await upgrading;
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(workers.filter(({terminated}) => !terminated).length, 1);
  assert.equal((await engine.request('open', files(2))).files.length, 2);
});

test('edits are laid on top again after a loss, but not those that were in memory', async () => {
  const {engine, workers} = makeEngine(takesEdits);
  await engine.request('open', files(1));
  await engine.request('edit', edit(8, 'edits/a.vhd'));
  await engine.request('edit', edit(9, ''));
  assert.deepEqual([engine.hasEdits(), engine.hasEdits([1]), engine.hasEdits([1, 9])], [true, false, true]);
  assert.deepEqual(engine.opened().files.map(({key}) => key), [1], 'edits are no files');
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  const {forest, edits, unedited} = await reopened;
  assert.deepEqual(forest.files.map((/** @type {{key: number}} */ {key}) => key), [1, 8]);
  assert.deepEqual([edits.map((/** @type {{key: number}} */ {key}) => key), unedited], [[8], [edit(9, '')]]);
  assert.deepEqual([engine.hasEdits([8]), engine.hasEdits([9])], [true, false]);
  await engine.request('close', {files: [1]});
  assert.equal(engine.hasEdits(), false, 'they go with what they lie on');
});

test('edits over which the worker is lost are left out, and the engine goes on', async () => {
  let poisoned = false;
  const {engine, workers} = makeEngine((request, worker) => {
    if (!poisoned || request.command !== 'edit') return takesEdits(request, worker);
    worker.crash();
    return true;
  });
  await engine.request('open', files(1));
  await engine.request('edit', edit(8, 'edits/a.vhd'));
  poisoned = true;
  const reopened = next(engine, 'reopened');
  workers[0]?.crash();
  const {forest, edits, unedited} = await reopened;
  assert.deepEqual([forest.files.length, edits, unedited.length], [1, [], 1]);
  assert.equal((await engine.request('open', files(2))).files.length, 2);
});
