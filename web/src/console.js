// The console API: what the page can do, for people who script. It is the
// same engine and the same open files as the page shows.

import {checkIntegers, checkOneOf, checkPath, checkPaths, signalOf} from './arguments.js';
import {fromList} from './opening/collect.js';
import {tellUnread} from './remote/problems.js';
import {asGiven} from './remote/remote-file.js';

/** @import {Remote} from './remote/remote.js' */
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
 * @typedef {object} ScriptFinding
 * @property {number} layer index into the disk's layers
 * @property {string} rule
 * @property {string} severity error, warning or note
 * @property {string} message
 * @property {number} offset byte offset in the layer's file; -1 where no place is meant
 * @property {number} length bytes
 * @property {string} got
 * @property {string} want
 */

/**
 * The paths by which a file is to know its parent.
 *
 * @typedef {object} ParentPaths
 * @property {string} [relative] from the folder of the child; the parent's file name where it is missing
 * @property {string} [absolute] none where it is missing
 */

/**
 * @typedef {object} ScriptVolume
 * @property {number} index its place in the list, by which the other calls know it
 * @property {string} type of the file system where it is known, else of the partition: 'NTFS', 'ext4', 'Linux swap'
 * @property {string} label
 * @property {number} start byte offset on the disk
 * @property {number} size bytes
 * @property {boolean} browsable whether its files can be listed
 * @property {string} problem why they cannot, or what is wrong; '' for nothing
 */

/**
 * @typedef {object} ScriptEntry
 * @property {string} name
 * @property {'file' | 'directory' | 'link' | 'deleted' | 'other'} kind
 * @property {number} size bytes
 * @property {number | null} modified Unix ms, as if of UTC where the file system keeps no zone; null where it is not kept
 */

/**
 * @typedef {object} ScriptChange
 * @property {number} volume its index
 * @property {string} path as of the disk with the layer; of what was removed, as of the disk without it
 * @property {'added' | 'removed' | 'renamed' | 'content' | 'metadata'} change
 */

/**
 * An image on a network. The token is sent to its server only, with this and
 * all later requests.
 *
 * @typedef {{url: string, token?: string}} ScriptAddress
 */

/**
 * Numbers that are not safe integers from 0 on are a TypeError that names the
 * argument.
 *
 * @typedef {object} Console
 * @property {(files: Iterable<File | string | ScriptAddress>, options?: ScriptOptions) => Promise<void>} open
 *   Adds files to what is open, in any order; done when the chains stand. A
 *   string, or an object with a url, is the address of an image that is read
 *   over the network: all of them can be, or nothing is opened.
 * @property {() => ScriptDisk[]} disks
 *   The disks: one for every leaf, an image that is no other's parent.
 * @property {(id: number, offset: number, length: number, options?: ScriptOptions) => Promise<Uint8Array<ArrayBuffer>>} read
 *   Bytes of a disk as a virtual machine reads them: all of them, or an error.
 * @property {(id: number, offset: number, length: number, options?: ScriptOptions) => Promise<ScriptExtent[]>} extents
 *   Which layer supplies which bytes of a range, in order and without gaps.
 * @property {(id: number, options?: ScriptOptions) => Promise<ScriptFinding[]>} check
 *   What is wrong with a disk's files and between them, the worst first.
 * @property {(id: number, options: ScriptOptions & {as: 'raw' | 'fixed' | 'dynamic'}) => Promise<Blob>} save
 *   A disk as one new file: all of it, or an error.
 * @property {(id: number, layer: number, options: ScriptOptions & {names: ParentPaths}) => Promise<Blob>} relink
 *   A copy of a layer's file that finds its parent, the layer below, under
 *   other names; where the parent is missing, of that only the names change.
 * @property {(id: number, options?: ScriptOptions) => Promise<ScriptVolume[]>} volumes
 *   What volumes lie on a disk, by their start.
 * @property {(id: number, volume: number, path: string, options?: ScriptOptions) => Promise<ScriptEntry[]>} list
 *   A folder of a volume, with what is still known of deleted files. Paths
 *   begin with '/', which alone is the root.
 * @property {(id: number, volume: number, path: string, options?: ScriptOptions) => Promise<Blob>} file
 *   A file of a volume: all of it, or an error.
 * @property {(id: number, layer: number, options?: ScriptOptions) => Promise<ScriptChange[]>} changes
 *   What a layer changed in the files of all volumes that can be browsed.
 * @property {() => Promise<void>} close
 *   Drops everything that is open.
 */

/**
 * @param {Workspace} workspace
 * @returns {Readonly<Console>}
 */
export function makeConsole(workspace) {
  const {engine, store, jobs, volumes} = workspace;

  /**
   * The keys of a disk's files, leaf first.
   *
   * @param {number} id
   */
  const filesOf = (id) => {
    const disk = store.state.forest.disks.find((one) => one.id === id);
    if (!disk) throw new RangeError(`There is no disk ${id}.`);
    return disk.layers.map(({file}) => file).filter((key) => key !== 0);
  };

  /**
   * @param {number} id
   * @param {AbortSignal} [signal]
   */
  const partsOf = async (id, signal) => {
    filesOf(id);
    const {parts} = await volumes.scan(id, {signal});
    return parts.filter(({gap}) => !gap);
  };

  /**
   * @param {number} id
   * @param {number} index of the volume
   * @param {string} path
   * @param {AbortSignal} [signal]
   */
  const volumeOf = async (id, index, path, signal) => {
    checkIntegers({id, volume: index});
    checkPath(path);
    const part = (await partsOf(id, signal))[index];
    if (!part) throw new RangeError(`The disk has no volume ${index}.`);
    return volumes.open(id, part.start, {signal});
  };

  return Object.freeze({
    async open(files, options) {
      const signal = signalOf(options);
      const all = [...files];
      const local = /** @type {File[]} */ (all.filter((one) => typeof one !== 'string' && !('url' in one)));
      const addresses = /** @type {(string | ScriptAddress)[]} */ (all.filter((one) => typeof one === 'string' || 'url' in one));
      const {files: remote, unread} = await workspace.remote.pinAll(addresses.map((one) => takeAddress(one, workspace.remote)), signal);
      if (unread.length > 0) throw new Error(tellUnread(unread).join('\n'));
      await workspace.open([...fromList(local).map((given) => ({...given, direct: true})), ...remote.map(asGiven)]);
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

    async check(id, options) {
      checkIntegers({id});
      const {findings} = await jobs.run('check', {disk: id, file: 0, data: false}, {files: filesOf(id), signal: signalOf(options)});
      return findings.map(({layer, rule, severity, message, offset, length, got, want}) => (
        {layer, rule, severity, message, offset, length, got, want}));
    },

    async save(id, options) {
      checkIntegers({id});
      const as = checkOneOf('as', options?.as, ['raw', 'fixed', 'dynamic']);
      const files = filesOf(id);
      const {blob} = await jobs.run('save', {
        disk: id, first: 0, last: files.length - 1, as, blockSize: 0, parent: 0, salvage: false, to: {name: '', handle: null},
      }, {files, signal: signalOf(options)});
      return /** @type {Blob} */ (blob);
    },

    async relink(id, layer, options) {
      checkIntegers({id, layer});
      const {relative, absolute} = checkPaths(options?.names);
      const files = filesOf(id);
      const [file, parent = 0] = files.slice(layer, layer + 2);
      if (file === undefined) throw new RangeError(`The disk has no layer ${layer}.`);
      const {blob} = await jobs.run('relink', {
        file, parent, relative, absolute, keepIdentity: false, to: {name: '', handle: null},
      }, {files: files.slice(layer, layer + 2), signal: signalOf(options)});
      return /** @type {Blob} */ (blob);
    },

    async volumes(id, options) {
      checkIntegers({id});
      return (await partsOf(id, signalOf(options))).map((part, index) => ({
        index,
        type: part.content || part.type,
        label: part.contentLabel || part.label,
        start: part.start,
        size: part.size,
        browsable: part.browsable,
        problem: part.problem || part.contentProblem,
      }));
    },

    async list(id, volume, path, options) {
      const signal = signalOf(options);
      const listing = await (await volumeOf(id, volume, path, signal)).list(path, {deleted: true, signal});
      return Array.from({length: listing.count}, (_, i) => ({
        name: listing.name(i),
        kind: listing.deleted(i) ? 'deleted' : listing.kind(i),
        size: listing.size(i),
        modified: Number.isNaN(listing.modified(i)) ? null : listing.modified(i),
      }));
    },

    async file(id, volume, path, options) {
      const signal = signalOf(options);
      const {blob} = await (await volumeOf(id, volume, path, signal)).save([path], {to: {name: '', handle: null}}, {signal});
      return /** @type {Blob} */ (blob);
    },

    async changes(id, layer, options) {
      checkIntegers({id, layer});
      const signal = signalOf(options);
      const place = layer - (store.state.edits.has(id) ? 1 : 0); // edits are not seen by volumes
      if (place < 0 || layer >= filesOf(id).length) throw new RangeError(`The disk has no layer ${layer} that could have changed files.`);
      const found = [];
      for (const [volume, {browsable, start}] of (await partsOf(id, signal)).entries()) {
        if (!browsable) continue;
        const {files} = await (await volumes.open(id, start, {signal})).changes(place, {signal});
        for (const {path, change} of files) found.push({volume, path, change: /** @type {ScriptChange['change']} */ (change)});
      }
      return found;
    },

    close: () => workspace.closeAll(),
  });
}

/**
 * @param {string | ScriptAddress} one
 * @param {Remote} remote is told its token
 * @returns {string} the whole address
 */
function takeAddress(one, remote) {
  const {url: text, token = ''} = typeof one === 'string' ? {url: one} : one;
  const {url, why} = remote.reach.address(String(text));
  const refused = why || (token && remote.tokens.set(url, String(token)));
  if (refused) throw new TypeError(`${text}: ${refused}`);
  return url;
}
