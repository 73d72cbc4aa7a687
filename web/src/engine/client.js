// The page's engine: a worker that is replaced when it is lost. Whatever was
// open is then opened again in the new one, from the same compiled module,
// and requests that come meanwhile wait for that.

import {EngineError, connect, unlessAborted} from './channel.js';
import {makeChoices} from './choices.js';
import {Command as JobCommand} from './jobs-protocol.js';
import {Command} from './protocol.js';
import {messageOf} from '../format.js';

/** @import {JobMessages} from './jobs.js' */
/** @import {Edits, EditRequest, EditState, RevertRequest, UndoRequest, WriteRequest} from './jobs-protocol.js' */
/** @import {Channel, RequestOptions, WorkerLike} from './channel.js' */
/** @import {BatmapCheck, Bytes, CheckBatmapRequest, ChooseRequest, CloseRequest, Details, DetailsRequest, Explanation, ExplainRequest, ExtentList, ExtentsRequest, Forest, LocateRequest, Location, OpenFile, OpenRequest, PinRequest, Pinned, ReadRequest, View, ViewRequest} from './protocol.js' */

export {EngineError} from './channel.js';

/**
 * What each command takes and returns.
 *
 * @typedef {object} Messages
 * @property {[OpenRequest, Forest]} open
 * @property {[CloseRequest, Forest]} close
 * @property {[PinRequest, Pinned]} pin
 * @property {[ChooseRequest, Forest]} choose
 * @property {[OpenRequest, Forest]} identify
 * @property {[DetailsRequest, Details]} details
 * @property {[ViewRequest, View]} view
 * @property {[ExplainRequest, Explanation]} explain
 * @property {[LocateRequest, Location]} locate
 * @property {[ReadRequest, Bytes]} read
 * @property {[ExtentsRequest, ExtentList]} extents
 * @property {[CheckBatmapRequest, BatmapCheck]} checkBatmap
 */

/**
 * What the jobs' program answers as well: see Engine.upgrade.
 *
 * @typedef {object} EditMessages
 * @property {[EditRequest, Edits]} edit
 * @property {[WriteRequest, EditState]} write
 * @property {[RevertRequest, EditState]} revert
 * @property {[UndoRequest, EditState]} undo
 */

/** @typedef {Messages & EditMessages & JobMessages} AllMessages */

/** The engine is given up when it is lost this often within this many ms. */
const lossLimit = 3;
const lossWindow = 60_000;

/** A worker's channel, and what is open in it. @typedef {{channel: Channel, forest: Forest}} Opened */

/**
 * Events: 'lost' (CustomEvent, detail {message, restarting}) when the worker
 * was lost; 'reopened' (detail {forest, failed: OpenFile[], unchosen:
 * ChooseRequest[], edits: Edits[], unedited: EditRequest[]}) when what was
 * open is open again, all but the files at which the engine failed again, and
 * without the choices of parents and the edits that it did not take again.
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
  /** What lies on top of disks, by its key. @type {Map<number, EditRequest>} */
  #edits = new Map();
  #upgraded = false;

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

  /** Resolves when the engine takes requests; rejects when it is given up. @returns {Promise<unknown>} */
  get ready() {
    return this.#channel;
  }

  /**
   * Asks the engine. Requests run concurrently.
   *
   * @template {keyof AllMessages} C
   * @param {C} command of the jobs' program only after upgrade
   * @param {AllMessages[C][0]} value
   * @param {RequestOptions} [options]
   * @returns {Promise<AllMessages[C][1]>} rejects with an EngineError, or with the reason of options.signal
   */
  async request(command, value, options = {}) {
    const channel = await unlessAborted(this.#channel, options.signal);
    const answer = await channel.request(command, value, options);
    this.#note(command, value);
    return answer;
  }

  /**
   * Goes on in a worker of the jobs' program, which answers all that this one
   * does, with everything open that is open. Requests under way end in the old
   * worker. Nothing may be opened, closed or chosen meanwhile.
   *
   * @param {Promise<WebAssembly.Module>} module
   */
  async upgrade(module) {
    if (this.#upgraded) return;
    await module; // one that cannot be had leaves all as it is
    const old = await this.#channel;
    const before = this.#module;
    this.#module = module;
    try {
      const opened = await this.#connectWith([...this.#files.values()]);
      await makeChoices(this.opened().choices, async (choice) => {
        await opened.channel.request(Command.Choose, choice);
      });
      this.#upgraded = true;
      if (await this.#channel !== old) return opened.channel.close(); // it was lost meanwhile, and replaced by the new program
      this.#channel = this.#watch(Promise.resolve(opened.channel));
    } catch (error) {
      this.#module = before;
      throw error;
    }
    // Requests that were just made have the old worker in hand.
    setTimeout(() => old.retire());
  }

  /**
   * Whether edits are among files. They are open in the engine alone, so what
   * needs them is to be done there.
   *
   * @param {Iterable<number>} [keys] without it, among all that are open
   */
  hasEdits(keys) {
    return [...(keys ?? this.#edits.keys())].some((key) => this.#edits.has(key));
  }

  /**
   * What is open, as it is to be opened again elsewhere; edits are not.
   *
   * @param {Iterable<number>} [keys] only these files, and the choices between them
   * @returns {{files: OpenFile[], choices: ChooseRequest[]}}
   */
  opened(keys) {
    const wanted = keys && new Set(keys);
    const choices = [...this.#choices].map(([child, parent]) => ({child, parent}));
    if (!wanted) return {files: [...this.#files.values()], choices};
    return {
      files: [...this.#files.values()].filter(({key}) => wanted.has(key)),
      choices: choices.filter(({child, parent}) => wanted.has(child) && wanted.has(parent)),
    };
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
        for (const [edits, {disk}] of this.#edits) {
          if (edits === key || disk === key) this.#edits.delete(edits);
        }
        for (const [child, parent] of this.#choices) {
          if (child === key || parent === key) this.#choices.delete(child);
        }
      }
    } else if (command === Command.Choose) {
      const {child, parent} = /** @type {ChooseRequest} */ (value);
      if (parent === 0) this.#choices.delete(child);
      else this.#choices.set(child, parent);
    } else if (command === JobCommand.Edit) {
      this.#edits.set(value.key, value);
    }
  }

  /** @returns {Promise<Channel>} a new worker's, when it takes requests */
  async #connect() {
    let module;
    try {
      module = await this.#module;
    } catch (error) {
      throw EngineError.of('no-engine', `The engine could not be loaded: ${messageOf(error)}`);
    }
    return connect(this.#createWorker, module);
  }

  /**
   * @param {OpenFile[]} files
   * @returns {Promise<Opened>} a new worker's, with these files open
   */
  async #connectWith(files) {
    const channel = await this.#connect();
    try {
      const forest = files.length > 0 ? await channel.request(Command.Open, {files}) : {files: [], disks: []};
      return {channel, forest};
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /**
   * Sees to it that a channel is replaced when it is lost.
   *
   * @param {Promise<Channel>} connecting
   * @returns {Promise<Channel>} the same
   */
  #watch(connecting) {
    connecting.then(
      (channel) => channel.lost.then(async (error) => {
        // One that was left behind at an upgrade is not missed.
        if (await this.#channel === channel) this.#replace(error);
      }),
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
    /** @type {Opened} */
    let opened;
    /** @type {OpenFile[]} */
    let failed = [];
    try {
      opened = await this.#connectWith(files);
    } catch (error) {
      if (files.length === 0) throw error;
      ({opened, failed} = await this.#reopenOneByOne(files));
      for (const {key} of failed) this.#note(Command.Close, {files: [key]});
    }
    /** @type {ChooseRequest[]} */
    let unchosen = [];
    if (this.#choices.size > 0) ({opened, unchosen} = await this.#chooseAgain(opened));
    /** @type {Edits[]} */
    let edits = [];
    /** @type {EditRequest[]} */
    let unedited = [];
    if (this.#edits.size > 0) ({opened, edits, unedited} = await this.#editAgain(opened));
    this.#tell('reopened', {forest: opened.forest, failed, unchosen, edits, unedited});
    return opened.channel;
  }

  /**
   * Lays edits on top again, all but those that are refused, and those that
   * were in the lost worker's memory; none where the worker is lost over them.
   *
   * @param {Opened} opened
   */
  async #editAgain(opened) {
    /** @type {Edits[]} */
    let edits = [];
    try {
      for (const request of this.#edits.values()) {
        if (!request.store) continue;
        try {
          const laid = await opened.channel.request(JobCommand.Edit, request);
          opened.forest = laid.forest;
          edits.push(laid);
        } catch (error) {
          if (error instanceof EngineError && error.code === 'crash') throw error;
        }
      }
    } catch {
      edits = [];
      opened = await this.#connectWith([...this.#files.values()]);
      ({opened} = await this.#chooseAgain(opened));
    }
    const unedited = [...this.#edits.values()].filter(({key}) => !edits.some((laid) => laid.key === key));
    for (const {key} of unedited) this.#edits.delete(key);
    return {opened, edits, unedited};
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
    let opened = await this.#connectWith([]);
    for (const file of files) {
      if (failed.length >= lossLimit) {
        failed.push(file);
        continue;
      }
      try {
        opened.forest = await opened.channel.request(Command.Open, {files: [file]});
        good.push(file);
      } catch {
        failed.push(file);
        opened.channel.close();
        opened = await this.#connectWith(good);
      }
    }
    return {opened, failed};
  }

  /**
   * Makes the person's choices again, and drops those that are refused; all
   * of them when the worker is lost over one.
   *
   * @param {Opened} opened
   */
  async #chooseAgain(opened) {
    const {choices} = this.opened();
    let refused = choices;
    try {
      refused = await makeChoices(choices, async (choice) => {
        opened.forest = await opened.channel.request(Command.Choose, choice);
      });
    } catch {
      opened = await this.#connectWith([...this.#files.values()]);
    }
    for (const {child} of refused) this.#choices.delete(child);
    return {opened, unchosen: refused};
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
