import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeConsole} from './console.js';
import {Store} from './engine/store.js';

/** @import {Workspace} from './workspace.js' */

/** A console over an engine that notes what it is asked. */
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
  const workspace = /** @type {Workspace} */ (/** @type {unknown} */ ({engine, store: new Store()}));
  return {script: makeConsole(workspace), asked};
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
