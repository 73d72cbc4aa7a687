import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Shelf} from './edits/shelf.js';
import {EngineError} from './engine/client.js';
import {Store} from './engine/store.js';
import {unnamedLimit} from './opening/filter.js';
import {Reach} from './remote/reach.js';
import {Workspace} from './workspace.js';

/** @import {Engine} from './engine/client.js' */
/** @import {Jobs} from './engine/jobs.js' */
/** @import {Forest} from './engine/protocol.js' */
/** @import {Volumes} from './engine/volumes.js' */

/** An engine that answers as a test says, and notes what it was asked. */
class FakeEngine extends EventTarget {
  /** @type {[string, any][]} */
  asked = [];
  /** @type {(command: string, value: any) => unknown} */
  answer = () => ({files: [], disks: []});

  /**
   * @param {string} command
   * @param {any} value
   */
  async request(command, value) {
    this.asked.push([command, value]);
    return this.answer(command, value);
  }
}

/** Nothing here has one made. @type {Jobs} */
const noJobs = /** @type {any} */ (undefined);

/** Nor is any looked into. @type {Volumes} */
const noVolumes = /** @type {any} */ (undefined);

function makeWorkspace() {
  const engine = new FakeEngine();
  const store = new Store();
  const workspace = new Workspace(/** @type {Engine} */ (/** @type {unknown} */ (engine)), store, noJobs, noVolumes, new Shelf({}), async () => true,
    new Reach({base: 'http://site.example/', library: 'images', connect: [], single: false}));
  return {engine, store, workspace};
}

/**
 * A forest of disks, each given as the files of its layers.
 *
 * @param {...number[]} disks
 * @returns {Forest}
 */
function forest(...disks) {
  return /** @type {Forest} */ (/** @type {unknown} */ ({
    files: [...new Set(disks.flat())].map((key) => ({key, name: `${key}.vhd`, kind: 'vhd'})),
    disks: disks.map((files) => ({id: files[0], complete: true, layers: files.map((file) => ({file}))})),
  }));
}

for (const [restarting, ending] of /** @type {const} */ ([[true, 'What was open'], [false, 'Reload']])) {
  for (const message of ['Out of memory', 'Out of memory.']) {
    test(`after '${message}' comes '${ending}' as a sentence of its own`, () => {
      const {engine, store} = makeWorkspace();
      engine.dispatchEvent(new CustomEvent('lost', {detail: {message, restarting}}));
      assert.ok(store.state.notices[0]?.text?.startsWith(`Out of memory. ${ending}`), store.state.notices[0]?.text);
    });
  }
}

test('choices that were not taken again are told by the names of their files', () => {
  const {engine, store} = makeWorkspace();
  const detail = {forest: forest([1], [2]), failed: [], unchosen: [{child: 1, parent: 2}], edits: [], unedited: []};
  engine.dispatchEvent(new CustomEvent('reopened', {detail}));
  assert.deepEqual(store.state.notices.map(({kind, text}) => [kind, text]), [['warning', '2.vhd, for 1.vhd']]);
});

test('files beyond the limit are told apart from files that are no images', async () => {
  const {engine, store, workspace} = makeWorkspace();
  engine.answer = (command, value) => (command === 'open'
    ? forest(...value.files.map((/** @type {{key: number}} */ {key}) => [key])) : assert.fail(command));
  const file = (/** @type {number} */ i, /** @type {number} */ size) => ({
    file: new File([new Uint8Array(size)], `${i}`, {lastModified: i}), path: `d/${i}`, direct: false,
  });
  await workspace.open([...Array.from({length: unnamedLimit + 3}, (_, i) => file(i, 1024)), file(9000, 10), file(9001, 10)]);
  assert.equal(store.state.status, '2,000 files opened; 2 files passed over: not images by name, size or content; ' +
    '3 files not looked at: of those not named like images, only 2,000 at a time are.');
});

test('closing no files closes nothing, and closing all closes all', async () => {
  const {engine, workspace} = makeWorkspace();
  await workspace.close([]);
  assert.deepEqual(engine.asked, []);
  await workspace.closeAll();
  assert.deepEqual(engine.asked, [['close', {files: []}]]);
});

test('a chosen parent is said to be used where it is', async () => {
  const {engine, store, workspace} = makeWorkspace();
  engine.answer = () => forest([1, 2]);
  await workspace.choose(1, 2);
  assert.equal(store.state.status, 'The chosen file is used as the parent.');
  assert.deepEqual(store.state.notices, []);
});

test('a choice without effect is not called a success', async () => {
  const {engine, store, workspace} = makeWorkspace();
  engine.answer = () => forest([1], [2]);
  await workspace.choose(1, 2);
  assert.equal(store.state.status, '');
  assert.deepEqual(store.state.notices.map(({kind}) => kind), ['warning']);
});

test('a refused choice is told, and nothing claims success', async () => {
  const {engine, store, workspace} = makeWorkspace();
  engine.answer = () => forest([1, 2]);
  await workspace.choose(1, 2);
  engine.answer = () => {
    throw EngineError.of('bad-request', '1.vhd stands on 2.vhd already.');
  };
  await assert.rejects(workspace.choose(2, 1), {code: 'bad-request'});
  assert.equal(store.state.status, '');
  assert.equal(store.state.busy, '');
  assert.deepEqual(store.state.notices.map(({kind, text}) => [kind, text]), [['error', '1.vhd stands on 2.vhd already.']]);
  assert.deepEqual(store.state.forest, forest([1, 2]));
});
