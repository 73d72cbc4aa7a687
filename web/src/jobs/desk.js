// The jobs that make new files: started, watched, ended. What they are at is
// in the store; views draw it. Each job runs in a worker of its own, so any
// number of them can be under way while one goes on looking at the files.

import {goneCodes} from '../engine/channel.js';
import {EngineError} from '../engine/client.js';
import {baseName, formatCount, formatShare, formatSize, isolated, messageOf} from '../format.js';
import {Pace} from './pace.js';
import * as browser from './place.js';

/** @import {Jobs} from '../engine/jobs.js' */
/** @import {Saved} from '../engine/jobs-protocol.js' */
/** @import {Problem} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */
/** @import {SavedFiles} from '../engine/volumes-protocol.js' */
/** @import {Remains} from './place.js' */

/** A new file, and where it was made of files of a volume, what became of those. @typedef {Saved & Partial<Omit<SavedFiles, 'saved'>>} Made */

/**
 * A job as the person knows it.
 *
 * @typedef {object} Heading
 * @property {string} title what is done: 'Save as raw disk'
 * @property {string} source what the new file comes from
 * @property {string} name what the new file is called unless the person says otherwise
 */

/**
 * A job as the engine is asked for it.
 *
 * @typedef {object} Order
 * @property {'save' | 'relink' | 'create'} command
 * @property {Record<string, unknown>} value the command's, but for where the file goes
 * @property {number[]} files keys of the files that it is made from
 */

/** @typedef {Heading & Order} Task */

/**
 * Makes a file at a place that was picked, or, with null, anywhere.
 *
 * @typedef {(handle: FileSystemFileHandle | null, options: {signal: AbortSignal, onProgress: (done: number, total: number) => void}) => Promise<Made>} Making
 */

/**
 * A job as the page shows it.
 *
 * @typedef {object} Job
 * @property {number} id
 * @property {string} title
 * @property {string} source
 * @property {string} name the new file's
 * @property {'running' | 'stopping' | 'done' | 'cancelled' | 'failed'} state
 * @property {number} done bytes
 * @property {number} total bytes, 0 while that is not known
 * @property {number} speed bytes a second, 0 while that cannot be told
 * @property {number} left seconds, -1 while that cannot be told
 * @property {boolean} placed whether it goes to a place that the person picked
 * @property {Made | null} saved once it is done
 * @property {Problem | null} problem why it failed
 * @property {Remains} remains what is in its place after it was cancelled or failed
 * @property {boolean} salvaged whether what cannot be read becomes zeros
 * @property {boolean} salvageable whether it failed at what cannot be read, and may be done without
 */

/** How often figures change, in ms. */
const tick = 200;

/** Codes of problems that leaving out unreadable bytes does not help with. */
const notOfData = new Set([...goneCodes, 'open', 'bad-request', 'memory', 'internal', 'crash', 'no-room', 'write', 'no-engine', 'unknown', 'closed']);

/**
 * What is done with a job besides showing it.
 *
 * @typedef {object} Behind
 * @property {Task | null} task what to do again where it fails at what cannot be read
 * @property {AbortController} running
 * @property {FileSystemFileHandle | null} handle the place that was picked
 * @property {File | null} before what was there
 * @property {File} [result] what it made, once that was asked for
 */

export class Desk {
  #jobs;
  #store;
  #isOpen;
  #place;
  #lastId = 0;
  /** @type {Map<number, Behind>} */
  #behind = new Map();

  /**
   * @param {Jobs} jobs
   * @param {Store} store
   * @param {(file: File) => Promise<boolean>} isOpen whether a file is one of those that are open
   * @param {Pick<typeof browser, 'pickPlace' | 'download' | 'writeTo' | 'fileAt' | 'clear'>} [place]
   */
  constructor(jobs, store, isOpen, place = browser) {
    this.#jobs = jobs;
    this.#store = store;
    this.#isOpen = isOpen;
    this.#place = place;
  }

  /**
   * Makes a new file. To be called in the person's click, which lets the
   * browser ask for a place.
   *
   * @param {Task} task
   * @returns {Promise<boolean>} whether the file was made
   */
  start(task) {
    return this.#start(task, 0);
  }

  /**
   * @param {Task} task
   * @param {number} instead the job whose place it takes, 0 for none
   */
  #start(task, instead) {
    return this.#begin(task, task, (handle, options) => this.#jobs.run(/** @type {any} */ (task.command), {
      ...task.value, to: {name: handle?.name ?? task.name, handle},
    }, {...options, files: task.files}), instead);
  }

  /**
   * Makes a new file in a way of its own; as start does, in the person's click.
   *
   * @param {Heading} heading
   * @param {Making} make
   * @returns {Promise<boolean>} whether the file was made
   */
  make(heading, make) {
    return this.#begin(heading, null, make);
  }

  /**
   * Saves what is made already; as start does, in the person's click. Where it
   * is not handed to the downloads, the made file itself is needed no more.
   *
   * @param {Heading} heading
   * @param {Saved} made
   */
  async keep(heading, made) {
    let needed = false;
    await this.#begin(heading, null, async (handle, options) => {
      needed = !handle;
      if (!handle || !made.blob) return made;
      await this.#place.writeTo(made.blob, handle, options);
      return {...made, blob: null, name: handle.name};
    });
    if (!needed) await this.#jobs.release(made);
  }

  /**
   * Does a failed job again, with zeros for what cannot be read, in place of
   * the first; in the person's click.
   *
   * @param {number} id
   */
  async salvage(id) {
    const task = this.#behind.get(id)?.task;
    if (task) await this.#start({...task, value: {...task.value, salvage: true}}, id);
  }

  /**
   * Ends a job early. It is over, and so shown, once nothing of it is left.
   *
   * @param {number} id
   */
  cancel(id) {
    this.#set(id, {state: 'stopping'});
    this.#behind.get(id)?.running.abort();
  }

  /**
   * Forgets a job that is over.
   *
   * @param {number} id
   */
  dismiss(id) {
    this.#behind.delete(id);
    this.#store.set({jobs: this.#store.state.jobs.filter((job) => job.id !== id)});
  }

  /**
   * @param {number} id of a job that is done
   * @returns {Promise<File>} what it made
   */
  async result(id) {
    const saved = this.#of(id)?.saved;
    const behind = this.#behind.get(id);
    if (behind?.handle) return behind.handle.getFile();
    if (!behind || !saved?.blob) throw new Error('That job has no file.');
    // Always the same, so that whoever opens it twice has it once.
    behind.result ??= new File([saved.blob], saved.name, {lastModified: Date.now()});
    return behind.result;
  }

  /**
   * Hands a finished job's file to the browser's downloads once more.
   *
   * @param {number} id
   */
  downloadAgain(id) {
    const saved = this.#of(id)?.saved;
    if (saved?.blob) this.#place.download(saved.blob, saved.name);
  }

  /**
   * @param {Heading} heading
   * @param {Task | null} task what to do again where it fails at what cannot be read
   * @param {Making} make
   * @param {number} [instead] the job whose place it takes
   */
  async #begin(heading, task, make, instead = 0) {
    const handle = await this.#place.pickPlace(heading.name);
    if (handle === undefined) return false;
    const before = handle && await this.#place.fileAt(handle);
    if (instead) this.dismiss(instead);
    const id = ++this.#lastId;
    const running = new AbortController();
    const name = handle?.name ?? heading.name;
    this.#behind.set(id, {task, running, handle, before});
    this.#store.set({
      jobs: [{
        id, name, title: heading.title, source: heading.source, state: 'running', done: 0, total: 0, speed: 0, left: -1,
        placed: handle !== null, saved: null, problem: null, remains: '', salvaged: task?.value.salvage === true, salvageable: false,
      }, ...this.#store.state.jobs],
      status: `${isolated(name)}: started.`,
    });
    try {
      if (before && await this.#isOpen(before)) {
        throw EngineError.of('open', 'This file is open here, and open files are never written to: save under another name.');
      }
      const saved = await make(handle, {signal: running.signal, onProgress: this.#watch(id, name)});
      if (saved.blob) this.#place.download(saved.blob, saved.name);
      this.#set(id, {state: 'done', saved, done: saved.size, total: saved.size});
      const unread = saved.unreadCount ? ` ${formatCount(saved.unreadCount, 'file')} could not be read.` : '';
      this.#store.set({status: `${isolated(name)}: saved, ${formatSize(saved.size)}.${unread}`});
      return true;
    } catch (error) {
      await this.#fail(id, name, error);
      return false;
    }
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {unknown} error
   */
  async #fail(id, name, error) {
    const {task, running, handle, before} = /** @type {Behind} */ (this.#behind.get(id));
    const remains = handle ? await this.#place.clear(handle, before) : '';
    if (running.signal.aborted) {
      this.#set(id, {state: 'cancelled', remains});
      this.#store.set({status: `${isolated(name)}: cancelled.`});
      return;
    }
    const {problem} = error instanceof EngineError ? error
      : EngineError.of('write', messageOf(error));
    const salvageable = task?.command === 'save' && task.value.salvage !== true && !notOfData.has(problem.code);
    const message = problemText(problem);
    this.#set(id, {state: 'failed', problem: {...problem, message}, remains, salvageable});
    this.#store.set({status: `${isolated(name)}: failed. ${message}`});
  }

  /**
   * Notes a job's progress, as often as a person can follow, and tells it in
   * quarters.
   *
   * @param {number} id
   * @param {string} name
   */
  #watch(id, name) {
    const pace = new Pace(performance.now());
    let shown = -Infinity;
    let told = 0;
    return (/** @type {number} */ done, /** @type {number} */ total) => {
      const now = performance.now();
      if (now - shown < tick && done < total) return;
      shown = now;
      pace.note(done, now);
      this.#set(id, {done, total, speed: pace.speed, left: pace.left(total)});
      const quarter = total > 0 ? Math.floor((done / total) * 4) : 0;
      if (quarter <= told || quarter > 3) return;
      told = quarter;
      this.#store.set({status: `${isolated(name)}: ${formatShare(quarter, 4)}.`});
    };
  }

  /** @param {number} id */
  #of(id) {
    return this.#store.state.jobs.find((job) => job.id === id);
  }

  /**
   * @param {number} id
   * @param {Partial<Job>} changes
   */
  #set(id, changes) {
    this.#store.set({jobs: this.#store.state.jobs.map((job) => (job.id === id ? {...job, ...changes} : job))});
  }
}

/**
 * @param {Problem} problem
 * @returns {string} its message, with the file of the chain that it is about
 */
function problemText({message, file}) {
  const name = baseName(file);
  return message.includes(name) ? message : `${isolated(name)}: ${message}`;
}

/**
 * @param {readonly Job[]} jobs
 * @returns {boolean} whether any is not over
 */
export function underWay(jobs) {
  return jobs.some(({state}) => state === 'running' || state === 'stopping');
}
