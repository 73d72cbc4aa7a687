// One mounted volume: its worker, and what can be asked of it. The worker may
// be lost, to what is wrong in the volume or in the code that reads it; the
// next request starts another one.

import {EngineError, unlessAborted} from './channel.js';
import {Listing} from './listing.js';
import {Command} from './volumes-protocol.js';

/** @import {Channel, RequestOptions} from './channel.js' */
/** @import {Saved} from './jobs-protocol.js' */
/** @import {View, ViewRequest} from './protocol.js' */
/** @import {GivenTarget, Staging} from './staging.js' */
/** @import {Changes, FileDetails, FileHash, FileMap, Found, LayersOf, Mounted, Owner, Part, SavedFiles, TouchedRuns} from './volumes-protocol.js' */

/**
 * A volume of a disk. Paths begin with '/'. Layers are counted as those of
 * the chain's files, leaf first, which is their place (see layers.js): edits on
 * top are not seen here.
 *
 * Requests reject with an EngineError, or with the reason of their signal.
 * Event: 'lost' (CustomEvent, detail the EngineError) when the worker was lost,
 * by a fault ('crash'), for memory ('memory') or after silence ('hang').
 */
export class Volume extends EventTarget {
  #connect;
  #disk;
  #staging;
  /** Ends with the volume. */
  #life = new AbortController();
  /** The worker's, once it was asked for. @type {Promise<Channel> | undefined} */
  #channel;
  /** @type {Mounted | undefined} */
  #mounted;

  /**
   * @param {Part} part
   * @param {() => number} disk the id of the volume's disk
   * @param {(signal: AbortSignal) => Promise<Channel>} connect starts a worker with the disk's chain
   * @param {Staging} staging
   */
  constructor(part, disk, connect, staging) {
    super();
    /** Where on the disk it is, and what. */
    this.part = part;
    this.#disk = disk;
    this.#connect = connect;
    this.#staging = staging;
  }

  /** The id of its disk, which is another when edits are laid on top; 0 once it is closed. */
  get disk() {
    return this.#disk();
  }

  /** What the volume says of itself. */
  get mounted() {
    return /** @type {Mounted} */ (this.#mounted);
  }

  /** Mounts it where it is not; every other request does so, too. */
  async mount() {
    await this.#ready();
  }

  /**
   * Ends it, and with an error whatever is asked of it.
   *
   * @param {EngineError} error
   */
  close(error) {
    this.#life.abort(error);
  }

  /**
   * @param {string} path of a folder
   * @param {RequestOptions & {deleted?: boolean}} [options] deleted lists those files, too
   */
  async list(path, {deleted = false, ...options} = {}) {
    return new Listing(await this.#ask(Command.List, {path, deleted}, options));
  }

  /**
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<FileDetails>}
   */
  stat(path, options) {
    return this.#ask(Command.Stat, {path}, options);
  }

  /**
   * @param {string[]} paths
   * @param {RequestOptions} [options]
   * @returns {Promise<LayersOf[]>} in the same order
   */
  async layers(paths, options) {
    return (await this.#ask(Command.Layers, {paths}, options)).files;
  }

  /**
   * @param {string} path
   * @param {RequestOptions} [options]
   * @returns {Promise<FileMap>} where its bytes lie
   */
  map(path, options) {
    return this.#ask(Command.Map, {path}, options);
  }

  /**
   * @param {string[]} paths of files, and of folders for all that is below them
   * @param {RequestOptions} [options]
   * @returns {Promise<FileHash[]>}
   */
  async hash(paths, options) {
    return (await this.#ask(Command.Hash, {paths}, options)).files;
  }

  /**
   * @param {number} offset of a byte of the disk
   * @param {RequestOptions} [options]
   * @returns {Promise<Owner>}
   */
  owner(offset, options) {
    return this.#ask(Command.Owner, {offset}, options);
  }

  /**
   * @param {number} layer
   * @param {RequestOptions} [options]
   * @returns {Promise<Changes>} what that layer changed here
   */
  changes(layer, options) {
    return this.#ask(Command.Changes, {layer}, options);
  }

  /**
   * @param {number} layer
   * @param {number} start a byte of the disk
   * @param {number} length
   * @param {RequestOptions} [options]
   * @returns {Promise<TouchedRuns>} the runs that the layer supplies
   */
  touched(layer, start, length, options) {
    return this.#ask(Command.Touched, {layer, start, length}, options);
  }

  /**
   * Makes one new file: a copy of a file, or with zip an archive of files and
   * folders, with their names from the folder base on.
   *
   * @param {string[]} paths
   * @param {{to: GivenTarget, zip?: boolean, base?: string}} as
   * @param {RequestOptions} [options]
   * @returns {Promise<Saved & Omit<SavedFiles, 'saved'>>} also rejects with the signal's reason, when nothing is left of it
   */
  save(paths, {to, zip = false, base = '/'}, options = {}) {
    return this.#staging.place(to, options.signal, async (target) => {
      const {saved, ...files} = await this.#ask(Command.Save, {paths, zip, base, to: target}, {...options, thorough: true});
      return {...saved, ...files};
    });
  }

  /**
   * Looks for names, below a folder. What is found comes in batches.
   *
   * @param {string} pattern with * ? [..]; a text without them is to be contained
   * @param {{matchCase?: boolean, deleted?: boolean, path?: string, signal?: AbortSignal}} [options] deleted looks for those files, too
   * @returns {AsyncGenerator<Found, void, void>}
   */
  async *search(pattern, {matchCase = false, deleted = false, path = '/', signal} = {}) {
    // All in one worker: another one knows nothing of the cursor.
    const channel = await this.#ready(signal);
    /** @type {Found} */
    let found;
    let cursor = 0;
    do {
      found = await channel.request(Command.Search, {pattern, case: matchCase, deleted, path, cursor}, {signal});
      ({cursor} = found);
      yield found;
    } while (!found.done);
  }

  /**
   * A file's bytes for a view that asks an engine for those of a disk or file.
   *
   * @param {string} path
   */
  looker(path) {
    return {
      /**
       * @param {'view'} _
       * @param {Pick<ViewRequest, 'offset' | 'length'>} value offset in the file
       * @param {RequestOptions} [options]
       * @returns {Promise<View>}
       */
      request: (_, {offset, length}, options) => this.#ask(Command.Look, {path, offset, length}, options),
    };
  }

  /**
   * @param {string} command
   * @param {unknown} value
   * @param {RequestOptions} [options]
   */
  async #ask(command, value, options) {
    const channel = await this.#ready(options?.signal);
    return channel.request(command, value, options);
  }

  /**
   * @param {AbortSignal} [signal]
   * @returns {Promise<Channel>} a worker's that has the volume mounted
   */
  #ready(signal) {
    this.#channel ??= this.#start();
    return unlessAborted(this.#channel, signal);
  }

  /** @returns {Promise<Channel>} */
  #start() {
    const {signal} = this.#life;
    const starting = this.#mountIn(this.#connect(signal));
    const forget = () => {
      if (this.#channel === starting) this.#channel = undefined;
    };
    starting.then((channel) => channel.lost.then((error) => {
      forget();
      this.dispatchEvent(new CustomEvent('lost', {detail: error}));
    }), forget);
    return starting;
  }

  /** @param {Promise<Channel>} connecting */
  async #mountIn(connecting) {
    const {signal} = this.#life;
    const channel = await connecting;
    const end = () => channel.close(signal.reason);
    signal.addEventListener('abort', end);
    try {
      const {start, size} = this.part;
      this.#mounted = await channel.request(Command.Mount, {start, size, codePage: ''}, {signal});
      return channel;
    } catch (error) {
      signal.removeEventListener('abort', end);
      channel.close();
      throw error;
    }
  }
}
