// The console API: what the page can do, for people who script. It is the
// same engine and the same open files as the page shows.

import {fromList} from './opening/collect.js';

/** @import {Workspace} from './workspace.js' */

/**
 * @typedef {object} ScriptDisk
 * @property {number} id
 * @property {string} name the leaf's
 * @property {number} size bytes
 * @property {boolean} complete whether the chain reaches its base
 * @property {{name: string, state: string}[]} layers leaf first; states: resolved, missing, mismatch, damaged
 */

/**
 * @typedef {object} ScriptExtent
 * @property {number} offset byte offset on the disk
 * @property {number} length bytes
 * @property {number} layer index into the disk's layers; -1 where no layer has it: zeros
 * @property {number} source byte offset in that layer's file; -1 where there is none
 * @property {string} [problem] why it cannot be read; only where it cannot
 */

/**
 * @typedef {object} ScriptOptions
 * @property {AbortSignal} [signal] ends the request early; it then rejects with the signal's reason
 */

/**
 * Numbers that are not safe integers from 0 on are a TypeError that names the
 * argument.
 *
 * @typedef {object} Console
 * @property {(files: Iterable<File>) => Promise<void>} open
 *   Adds files to what is open, in any order; done when the chains stand.
 * @property {() => ScriptDisk[]} disks
 *   The disks: one for every leaf, an image that is no other's parent.
 * @property {(id: number, offset: number, length: number, options?: ScriptOptions) => Promise<Uint8Array<ArrayBuffer>>} read
 *   Bytes of a disk as a virtual machine reads them: all of them, or an error.
 * @property {(id: number, offset: number, length: number, options?: ScriptOptions) => Promise<ScriptExtent[]>} extents
 *   Which layer supplies which bytes of a range, in order and without gaps.
 * @property {() => Promise<void>} close
 *   Drops everything that is open.
 */

/**
 * @param {Workspace} workspace
 * @returns {Readonly<Console>}
 */
export function makeConsole(workspace) {
  const {engine, store} = workspace;
  return Object.freeze({
    async open(files) {
      await workspace.open(fromList(files).map((given) => ({...given, direct: true})));
    },

    disks() {
      return store.state.forest.disks.map(({id, name, size, complete, layers}) => ({
        id, name, size, complete, layers: layers.map((layer) => ({name: layer.name, state: layer.state})),
      }));
    },

    async read(id, offset, length, options) {
      checkIntegers({id, offset, length});
      const {bytes} = await engine.request('read', {disk: id, offset, length}, {signal: signalOf(options)});
      if (bytes.length !== length) {
        throw new RangeError(`The disk gave ${bytes.length} of ${length} bytes at ${offset}.`);
      }
      return bytes;
    },

    async extents(id, offset, length, options) {
      checkIntegers({id, offset, length});
      const {extents} = await engine.request('extents', {disk: id, offset, length}, {signal: signalOf(options)});
      return extents.map((extent) => {
        /** @type {ScriptExtent} */
        const plain = {offset: extent.offset, length: extent.length, layer: extent.layer, source: extent.source};
        if (extent.state === 'unreadable') plain.problem = extent.problem?.message ?? 'unreadable';
        return plain;
      });
    },

    close: () => workspace.closeAll(),
  });
}

/** @param {Record<string, unknown>} given arguments, by name */
function checkIntegers(given) {
  for (const [name, value] of Object.entries(given)) {
    if (Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0) continue;
    throw new TypeError(`The argument ${name} must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}, but it is ${describe(value)}.`);
  }
}

/**
 * @param {ScriptOptions} [options]
 * @returns {AbortSignal | undefined}
 */
function signalOf(options) {
  const signal = options?.signal;
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new TypeError(`The option signal must be an AbortSignal, but it is ${describe(signal)}.`);
}

/** @param {unknown} value */
function describe(value) {
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  return `of the type ${typeof value}`;
}
