// The page's engine: a worker that is replaced when it is lost. Whatever was
// open is then opened again in the new one, from the same compiled module,
// and requests that come meanwhile wait for that.

import {Channel, EngineError} from './channel.js';
import {Command} from './protocol.js';

/** @import {RequestOptions, WorkerLike} from './channel.js' */
/** @import {BatmapCheck, Bytes, CheckBatmapRequest, ChooseRequest, CloseRequest, Details, DetailsRequest, Explanation, ExplainRequest, ExtentList, ExtentsRequest, Forest, LocateRequest, Location, OpenFile, OpenRequest, ReadRequest, View, ViewRequest} from './protocol.js' */

export {EngineError} from './channel.js';

/**
 * What each command takes and returns.
 *
 * @typedef {object} Messages
 * @property {[OpenRequest, Forest]} open
 * @property {[CloseRequest, Forest]} close
 * @property {[ChooseRequest, Forest]} choose
 * @property {[DetailsRequest, Details]} details
 * @property {[ViewRequest, View]} view
 * @property {[ExplainRequest, Explanation]} explain
 * @property {[LocateRequest, Location]} locate
 * @property {[ReadRequest, Bytes]} read
 * @property {[ExtentsRequest, ExtentList]} extents
 * @property {[CheckBatmapRequest, BatmapCheck]} checkBatmap
 */

/** The engine is given up when it is lost this often within this many ms. */
const lossLimit = 3;
const lossWindow = 60_000;

/**
 * Events: 'lost' (CustomEvent, detail {message, restarting}) when the worker
 * was lost; 'reopened' (detail {forest, failed: OpenFile[]}) when what was
 * open is open again, all but the files at which the engine failed again.
 */
export class Engine extends EventTarget {
  #createWorker;
  #module;
  /** The channel to ask; rejects when the engine is given up. @type {Promise<Channel>} */
  #channel;
  /** When workers were lost. @type {number[]} */
  #losses = [];
  /** What the engine has open, by key. @type {Map<number, OpenFile>} */
  #files = new Map();
  /** Parents that the person chose, by child. @type {Map<number, number>} */
  #choices = new Map();

  /**
   * @param {() => WorkerLike} createWorker
   * @param {Promise<WebAssembly.Module>} module
   */
  constructor(createWorker, module) {
    super();
    this.#createWorker = createWorker;
    this.#module = module;
    this.#channel = this.#watch(this.#connect());
  }

  /**
   * Asks the engine. Requests run concurrently.
   *
   * @template {keyof Messages} C
   * @param {C} command
   * @param {Messages[C][0]} value
   * @param {RequestOptions} [options]
   * @returns {Promise<Messages[C][1]>} rejects with an EngineError, or with the reason of options.signal
   */
  async request(command, value, options = {}) {
    const channel = await unlessAborted(this.#channel, options.signal);
    const answer = await channel.request(command, value, options);
    this.#note(command, value);
    return answer;
  }

  /**
   * Remembers what a successful request left open.
   *
   * @param {string} command
   * @param {any} value
   */
  #note(command, value) {
    if (command === Command.Open) {
      for (const file of /** @type {OpenRequest} */ (value).files) this.#files.set(file.key, file);
    } else if (command === Command.Close) {
      const {files} = /** @type {CloseRequest} */ (value);
      for (const key of files.length > 0 ? files : [...this.#files.keys()]) {
        this.#files.delete(key);
        for (const [child, parent] of this.#choices) {
          if (child === key || parent === key) this.#choices.delete(child);
        }
      }
    } else if (command === Command.Choose) {
      const {child, parent} = /** @type {ChooseRequest} */ (value);
      if (parent === 0) this.#choices.delete(child);
      else this.#choices.set(child, parent);
    }
  }

  /** @returns {Promise<Channel>} a new worker's, when it takes requests */
  async #connect() {
    let module;
    try {
      module = await this.#module;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw EngineError.of('no-engine', `The engine could not be loaded: ${why}`);
    }
    const channel = new Channel(this.#createWorker(), module);
    await channel.ready;
    return channel;
  }

  /**
   * Sees to it that a channel is replaced when it is lost.
   *
   * @param {Promise<Channel>} connecting
   * @returns {Promise<Channel>} the same
   */
  #watch(connecting) {
    connecting.then(
      (channel) => channel.lost.then((error) => this.#replace(error)),
      (error) => this.#tell('lost', {message: error.message, restarting: false}),
    );
    return connecting;
  }

  /** @param {EngineError} error why the last worker was lost */
  #replace(error) {
    const now = Date.now();
    this.#losses = this.#losses.filter((time) => now - time < lossWindow);
    this.#losses.push(now);
    const restarting = this.#losses.length < lossLimit;
    if (restarting) {
      this.#tell('lost', {message: error.message, restarting});
      this.#channel = this.#watch(this.#reopen());
    } else {
      this.#channel = this.#watch(Promise.reject(error));
    }
  }

  /** @returns {Promise<Channel>} a new worker's, with everything open that was open */
  async #reopen() {
    const files = [...this.#files.values()];
    let channel = await this.#connect();
    let forest = /** @type {Forest} */ ({files: [], disks: []});
    /** @type {OpenFile[]} */
    let failed = [];
    if (files.length > 0) {
      try {
        forest = await channel.request(Command.Open, {files});
      } catch {
        ({channel, forest, failed} = await this.#reopenOneByOne(files));
        for (const file of failed) this.#note(Command.Close, {files: [file.key]});
      }
    }
    for (const [child, parent] of this.#choices) {
      forest = await channel.request(Command.Choose, {child, parent});
    }
    this.#tell('reopened', {forest, failed});
    return channel;
  }

  /**
   * Finds the file at which the engine fails, and leaves it out. More than
   * a few such are not a file's fault: then the rest is left out as well.
   *
   * @param {OpenFile[]} files
   */
  async #reopenOneByOne(files) {
    /** @type {OpenFile[]} */
    const good = [];
    /** @type {OpenFile[]} */
    const failed = [];
    let channel = await this.#connect();
    let forest = /** @type {Forest} */ ({files: [], disks: []});
    for (const file of files) {
      if (failed.length >= lossLimit) {
        failed.push(file);
        continue;
      }
      try {
        forest = await channel.request(Command.Open, {files: [file]});
        good.push(file);
      } catch {
        failed.push(file);
        channel = await this.#connect();
        if (good.length > 0) await channel.request(Command.Open, {files: good});
      }
    }
    return {channel, forest, failed};
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}

/**
 * Takes as many turns with a signal as without, so that requests are sent in
 * the order in which they were made.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, {once: true});
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}
