// Jobs: the work that takes long or makes files. Each runs in a worker of its
// own, so that the page stays as quick as it was and a job that fails takes
// nothing with it. Their program is fetched when the first one is asked for.

import {EngineError, connect, goneCodes, unlessAborted} from './channel.js';
import {makeChoices} from './choices.js';
import {program} from './program.js';
import {Command} from './protocol.js';
import {Staging} from './staging.js';

/** @import {WorkerLike} from './channel.js' */
/** @import {Engine} from './client.js' */
/** @import {Forest} from './protocol.js' */
/** @import {CheckReport, CheckRequest, CreateRequest, RelinkPreview, RelinkRequest, Repaired, RepairRequest, Saved, SaveRequest, Target} from './jobs-protocol.js' */
/** @import {Stage} from './stage.js' */
/** @import {GivenTarget} from './staging.js' */

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
  #engine;
  #staging;

  /**
   * @param {() => WorkerLike} createWorker
   * @param {() => Promise<WebAssembly.Module>} load the jobs' program
   * @param {Engine} engine knows what is open
   * @param {Stage} stage
   */
  constructor(createWorker, load, engine, stage) {
    this.#createWorker = createWorker;
    this.#engine = engine;
    this.#staging = new Staging(stage);
    /** Gives the jobs' program. */
    this.program = program(load);
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
    return this.#staging.place(target, options.signal, (to) => this.#work(command, {...value, to}, options));
  }

  /**
   * Gives up a new file that nobody reads any more.
   *
   * @param {Saved} saved
   */
  release(saved) {
    return this.#staging.release(saved);
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
}

/**
 * Chains would be made without a file that cannot be read any more.
 *
 * @param {Forest} forest
 */
function findLost({files}) {
  const problem = files.find((file) => goneCodes.includes(file.problem?.code ?? ''))?.problem;
  if (problem) throw new EngineError(problem);
}
