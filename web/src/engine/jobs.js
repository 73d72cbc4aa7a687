// Jobs: the work that takes long or makes files. Each runs in a worker of its
// own, so that the page stays as quick as it was and a job that fails takes
// nothing with it. Their program is fetched when the first one is asked for.

import {EngineError, connect, messageOf, unlessAborted} from './channel.js';
import {makeChoices} from './choices.js';
import {Command} from './protocol.js';

/** @import {WorkerLike} from './channel.js' */
/** @import {Engine} from './client.js' */
/** @import {Forest} from './protocol.js' */
/** @import {CheckReport, CheckRequest, CreateRequest, RelinkPreview, RelinkRequest, Repaired, RepairRequest, Saved, SaveRequest, Target} from './jobs-protocol.js' */
/** @import {Stage} from './stage.js' */

/**
 * What each command takes and returns.
 *
 * @typedef {object} JobMessages
 * @property {[CheckRequest, CheckReport]} check
 * @property {[SaveRequest, Saved]} save
 * @property {[RelinkRequest, Saved]} relink
 * @property {[RelinkRequest, RelinkPreview]} preview
 * @property {[CreateRequest, Saved]} create
 * @property {[RepairRequest, Repaired]} repair
 */

/** Where a caller wants a new file; a place to stage it is found here. @typedef {Omit<Target, 'stage'>} GivenTarget */

/** A request as callers make it. @template R @typedef {R extends {to: Target} ? Omit<R, 'to'> & {to: GivenTarget} : R} Given */

/**
 * @typedef {object} JobOptions
 * @property {Iterable<number>} [files] the keys of the files that the job needs; without it, all that are open
 * @property {AbortSignal} [signal] ends the job early, with the signal's reason, when nothing is left of it
 * @property {(done: number, total: number) => void} [onProgress]
 */

/** How long, in ms, a cancelled job may take to clean up. */
const patience = 10_000;

export class Jobs {
  #createWorker;
  #load;
  #engine;
  #stage;
  /** The paths of staged files. @type {WeakMap<Blob, string>} */
  #staged = new WeakMap();
  /** The program, once it was asked for. @type {Promise<WebAssembly.Module> | undefined} */
  #module;

  /**
   * @param {() => WorkerLike} createWorker
   * @param {() => Promise<WebAssembly.Module>} load the jobs' program
   * @param {Engine} engine knows what is open
   * @param {Stage} stage
   */
  constructor(createWorker, load, engine, stage) {
    this.#createWorker = createWorker;
    this.#load = load;
    this.#engine = engine;
    this.#stage = stage;
  }

  /**
   * Runs one job, on files as they are open now. A job that fails or is
   * cancelled leaves nothing in the stage, and a handle's file as it was.
   *
   * @template {keyof JobMessages} C
   * @param {C} command
   * @param {Given<JobMessages[C][0]>} value
   * @param {JobOptions} [options]
   * @returns {Promise<JobMessages[C][1]>} rejects with an EngineError, or with the reason of options.signal
   */
  async run(command, value, options = {}) {
    const target = /** @type {{to?: GivenTarget}} */ (value).to;
    if (!target) return this.#work(command, value, options);
    const stage = target.handle ? '' : await this.#stage.newPath();
    try {
      const made = await this.#work(command, {...value, to: {...target, stage}}, options);
      // It may have been finished before it was told to stop; a picked place has it then.
      if (!target.handle) options.signal?.throwIfAborted();
      const saved = made?.saved ?? made;
      if (saved?.way === 'staged') this.#staged.set(saved.blob, stage);
      return made;
    } catch (error) {
      if (stage) await this.#stage.discard(stage);
      throw error;
    }
  }

  /**
   * Gives up a new file that nobody reads any more.
   *
   * @param {Saved} saved
   */
  async release({blob}) {
    const path = blob && this.#staged.get(blob);
    if (path) await this.#stage.discard(path);
  }

  /**
   * @param {string} command
   * @param {unknown} value
   * @param {JobOptions} options
   */
  async #work(command, value, {files: keys, signal, onProgress}) {
    // Edits are open in the engine alone.
    if (this.#engine.hasEdits(keys)) {
      return this.#engine.request(/** @type {any} */ (command), value, {signal, onProgress, thorough: true});
    }
    const {files, choices} = this.#engine.opened(keys);
    const module = await unlessAborted(this.program(), signal);
    const channel = await connect(this.#createWorker, module);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const abort = () => {
      timer = setTimeout(() => channel.close(), patience);
    };
    signal?.addEventListener('abort', abort);
    try {
      if (files.length > 0) findLost(await channel.request(Command.Open, {files}, {signal}));
      await makeChoices(choices, (choice) => channel.request(Command.Choose, choice, {signal}));
      return await channel.request(command, value, {signal, onProgress, thorough: true});
    } finally {
      signal?.removeEventListener('abort', abort);
      clearTimeout(timer);
      channel.close();
    }
  }

  /** @returns {Promise<WebAssembly.Module>} the jobs' program; one that could not be had is asked for anew */
  program() {
    this.#module ??= this.#load().catch((error) => {
      this.#module = undefined;
      throw EngineError.of('no-engine', `The part of vhdscope that does this could not be loaded: ${messageOf(error)}`);
    });
    return this.#module;
  }
}

/**
 * Chains would be made without a file that cannot be read any more.
 *
 * @param {Forest} forest
 */
function findLost({files}) {
  const problem = files.find((file) => file.problem?.code === 'changed')?.problem;
  if (problem) throw new EngineError(problem);
}
