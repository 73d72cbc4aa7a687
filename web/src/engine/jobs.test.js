import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Engine} from './client.js';
import {FakeWorker} from './fake-worker.js';
import {Jobs} from './jobs.js';

/** @import {Request} from './protocol.js' */
/** @import {Stage} from './stage.js' */

/** @param {number} key */
const file = (key) => ({key, name: `${key}.vhd`, modified: 0, file: /** @type {File} */ ({})});

const module = /** @type {WebAssembly.Module} */ ({});
const nothing = {files: [], disks: []};
const check = {disk: 1, file: 0, data: false};
const save = {disk: 1, first: 0, last: 0, as: 'raw', blockSize: 0, parent: 0, salvage: false};

/**
 * Jobs over fake workers, with files 1 to 3 open and 2 chosen as the parent
 * of 1.
 *
 * @param {(request: Request, worker: FakeWorker) => void} answer to everything but open and choose
 * @param {() => Promise<WebAssembly.Module>} [load]
 */
async function makeJobs(answer, load = () => Promise.resolve(module)) {
  const engine = new Engine(() => new FakeWorker(({id}, worker) => worker.reply(id, 'result', {value: nothing})), Promise.resolve(module));
  await engine.request('open', {files: [file(1), file(2), file(3)]});
  await engine.request('choose', {child: 1, parent: 2});
  /** @type {FakeWorker[]} */
  const workers = [];
  /** @type {string[]} */
  const discarded = [];
  let paths = 0;
  const stage = /** @type {Stage} */ (/** @type {unknown} */ ({
    newPath: async () => `staged/page/${++paths}`,
    discard: async (/** @type {string} */ path) => void discarded.push(path),
  }));
  const jobs = new Jobs(() => {
    const worker = new FakeWorker((request, self) => {
      if (request.command === 'open' || request.command === 'choose') self.reply(request.id, 'result', {value: nothing});
      else answer(request, self);
    });
    workers.push(worker);
    return worker;
  }, load, engine, stage);
  return {jobs, engine, workers, discarded};
}

/** What a worker was asked. @param {FakeWorker | undefined} worker */
const asked = (worker) => worker?.requests.map(({command, value}) => [command, value]);

test('a job has its own worker, with what is open and chosen, and ends it', async () => {
  const {jobs, workers} = await makeJobs(({id}, worker) => {
    worker.reply(id, 'progress', {done: 3, total: 4});
    worker.reply(id, 'result', {value: {findings: []}});
  });
  /** @type {number[][]} */
  const seen = [];
  const report = await jobs.run('check', check, {onProgress: (...progress) => seen.push(progress)});
  assert.deepEqual(report, {findings: []});
  assert.deepEqual(seen, [[3, 4]]);
  assert.deepEqual(asked(workers[0]), [
    ['open', {files: [file(1), file(2), file(3)]}], ['choose', {child: 1, parent: 2}], ['check', check],
  ]);
  assert.ok(workers[0]?.terminated);
});

test('only the files that are asked for are opened, and the choices between them made', async () => {
  const {jobs, workers} = await makeJobs(({id}, worker) => worker.reply(id, 'result', {value: null}));
  await jobs.run('check', check, {files: [3, 1]});
  await jobs.run('check', check, {files: []});
  assert.deepEqual(asked(workers[0]), [['open', {files: [file(1), file(3)]}], ['check', check]]);
  assert.deepEqual(asked(workers[1]), [['check', check]]);
});

test('the program is fetched when it is first asked for, once', async () => {
  let loads = 0;
  const {jobs} = await makeJobs(({id}, worker) => worker.reply(id, 'result'), async () => (loads++, module));
  assert.equal(loads, 0);
  await Promise.all([jobs.run('check', check), jobs.run('check', check)]);
  await jobs.run('check', check);
  assert.equal(loads, 1);
});

test('a program that cannot be had is told, and asked for anew by the next job', async () => {
  let loads = 0;
  const {jobs} = await makeJobs(({id}, worker) => worker.reply(id, 'result'), async () => {
    if (loads++ === 0) throw new Error('no network');
    return module;
  });
  await assert.rejects(jobs.run('check', check), {code: 'no-engine', message: /no network/});
  await jobs.run('check', check);
  assert.equal(loads, 2);
});

test("a worker that is lost is its job's error, and the engine's worker lives on", async () => {
  const {jobs, engine, workers} = await makeJobs((_, worker) => worker.crash());
  engine.addEventListener('lost', () => assert.fail('the engine was lost'));
  await assert.rejects(jobs.run('check', check), {code: 'crash'});
  assert.ok(workers[0]?.terminated);
  assert.deepEqual(await engine.request('close', {files: []}), nothing);
});

test('a problem of a job is its error, and ends its worker', async () => {
  const problem = {code: 'no-room', message: 'There is no room.', layer: -1, offset: -1, file: ''};
  const {jobs, workers, discarded} = await makeJobs(({id}, worker) => worker.reply(id, 'error', {problem}));
  await assert.rejects(jobs.run('save', {...save, to: {name: 'x.img', handle: null}}), {code: 'no-room'});
  assert.ok(workers[0]?.terminated);
  assert.deepEqual(discarded, ['staged/page/1']);
});

for (const code of ['changed', 'network', 'unauthorized']) test(`a job whose file cannot be had any more (${code}) fails with its name`, async () => {
  const {engine} = await makeJobs(() => {});
  const problem = {code, message: '"2.vhd" cannot be read.', layer: -1, offset: 0, file: '2.vhd'};
  const worker = new FakeWorker(({id, command}, self) => {
    if (command !== 'open') assert.fail(`${command} was asked`);
    self.reply(id, 'result', {value: {files: [{problem: null}, {problem: {...problem, code: 'cookie'}}, {problem}], disks: []}});
  });
  const jobs = new Jobs(() => worker, () => Promise.resolve(module), engine, /** @type {any} */ ({}));
  await assert.rejects(jobs.run('check', check), {code, message: problem.message});
  assert.ok(worker.terminated);
});

test('a new file has a path to be staged at, or a handle', async () => {
  const {jobs, workers, discarded} = await makeJobs(({id}, worker) => worker.reply(id, 'result'));
  const handle = /** @type {FileSystemFileHandle} */ ({});
  await jobs.run('save', {...save, to: {name: 'x.img', handle: null}}, {files: []});
  await jobs.run('save', {...save, to: {name: 'y.img', handle}}, {files: []});
  assert.deepEqual(workers.map((worker) => worker.requests[0]?.value.to), [
    {name: 'x.img', handle: null, stage: 'staged/page/1'}, {name: 'y.img', handle, stage: ''},
  ]);
  assert.deepEqual(discarded, []);
});

test('a cancelled job ends when its worker has cleaned up, with the reason', async () => {
  const controller = new AbortController();
  /** @type {FakeWorker | undefined} */
  let working;
  const {jobs, workers} = await makeJobs(({command}, worker) => {
    if (command === 'save') queueMicrotask(() => controller.abort('enough'));
    else working = worker;
  });
  const job = jobs.run('save', {...save, to: {name: 'x.img', handle: null}}, {signal: controller.signal});
  const early = await Promise.race([job.catch(() => 'ended'), new Promise((resolve) => setImmediate(resolve))]);
  assert.equal(early, undefined);
  const [saving, cancelling] = workers[0]?.requests.slice(-2) ?? [];
  assert.deepEqual([cancelling?.command, cancelling?.value], ['cancel', {target: saving?.id}]);
  assert.equal(workers[0]?.terminated, false);
  working?.reply(saving?.id ?? 0, 'cancelled');
  await assert.rejects(job, (reason) => reason === 'enough');
  assert.ok(workers[0]?.terminated);
});

test('a job that was finished before it was told to stop leaves nothing either', async () => {
  const controller = new AbortController();
  const {jobs, discarded} = await makeJobs(({id, command}, worker) => {
    if (command !== 'save') return;
    controller.abort('enough');
    worker.reply(id, 'result', {value: {blob: new Blob(['four']), way: 'staged'}});
  });
  const to = {name: 'x.vhd', handle: null};
  await assert.rejects(jobs.run('save', {...save, to}, {signal: controller.signal}), (reason) => reason === 'enough');
  assert.deepEqual(discarded, ['staged/page/1']);
});

test('a worker that does not end its cancelled job is ended', async (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const controller = new AbortController();
  const {jobs, workers} = await makeJobs(({command}) => {
    if (command === 'save') controller.abort('enough');
    else queueMicrotask(() => t.mock.timers.tick(60_000));
  });
  await assert.rejects(jobs.run('save', {...save, to: {name: 'x.img', handle: null}}, {signal: controller.signal}), (reason) => reason === 'enough');
  assert.ok(workers[0]?.terminated);
});

test('a job that is cancelled before it begins starts no worker', async () => {
  const {jobs, workers} = await makeJobs(() => assert.fail('nothing is to be asked'));
  await assert.rejects(jobs.run('check', check, {signal: AbortSignal.abort('enough')}), (reason) => reason === 'enough');
  assert.equal(workers.length, 0);
});

test('a staged file is given up when nobody reads it any more', async () => {
  const blob = new Blob(['four']);
  const {jobs, discarded} = await makeJobs(({id, command}, worker) => {
    const made = {blob, way: command === 'save' ? 'memory' : 'staged'};
    worker.reply(id, 'result', {value: command === 'repair' ? {saved: made, left: []} : made});
  });
  const to = {name: 'x.vhd', handle: null};
  await jobs.release(await jobs.run('save', {...save, to}));
  assert.deepEqual(discarded, []);
  await jobs.release((await jobs.run('repair', {file: 1, data: false, to})).saved);
  assert.deepEqual(discarded, ['staged/page/2']);
});
