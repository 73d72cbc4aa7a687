// Checks of chains and of single files: one at a time for each, whose report
// stays until the next one's.

import {filesOf} from '../engine/store.js';
import {isolated, messageOf} from '../format.js';

/** @import {Jobs} from '../engine/jobs.js' */
/** @import {CheckReport} from '../engine/jobs-protocol.js' */
/** @import {DiskInfo, Forest} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */

/** A chain, by its disk, or one file; the other is 0. @typedef {{disk: number, file: number}} Target */

/**
 * What is known of a chain or file from checking it.
 *
 * @typedef {object} Check
 * @property {boolean} running
 * @property {number} done
 * @property {number} total 0 while that is not known
 * @property {CheckReport | null} report of the last check that came to its end
 * @property {string} error why the last one did not
 */

/** @type {Check} */
export const unchecked = {running: false, done: 0, total: 0, report: null, error: ''};

/** How often figures change, in ms. */
const tick = 100;

export class Checks {
  #jobs;
  #store;
  /** @type {Map<string, AbortController>} */
  #running = new Map();
  /** @type {Forest} */
  #seen;

  /**
   * @param {Jobs} jobs
   * @param {Store} store
   */
  constructor(jobs, store) {
    this.#jobs = jobs;
    this.#store = store;
    this.#seen = store.state.forest;
    store.subscribe(() => this.#forgetClosed());
  }

  /**
   * @param {Target} target
   * @param {boolean} data whether all data is to be read, too
   */
  async start(target, data) {
    const key = keyOf(target);
    this.#running.get(key)?.abort();
    const running = new AbortController();
    this.#running.set(key, running);
    this.#set(key, {running: true, done: 0, total: 0, error: ''});
    let shown = -Infinity;
    try {
      const report = await this.#jobs.run('check', {...target, data}, {
        files: this.#filesOf(target),
        signal: running.signal,
        onProgress: (done, total) => {
          const now = performance.now();
          if (running.signal.aborted || now - shown < tick) return;
          shown = now;
          this.#set(key, {done, total});
        },
      });
      if (running.signal.aborted) return;
      this.#set(key, {running: false, report});
      this.#store.set({status: `${isolated(report.name)}: checked.`});
    } catch (error) {
      if (running.signal.aborted) return;
      this.#set(key, {running: false, error: messageOf(error)});
    }
  }

  /**
   * Ends a check early; the report before it stays.
   *
   * @param {Target} target
   */
  cancel(target) {
    const key = keyOf(target);
    this.#running.get(key)?.abort();
    this.#set(key, {running: false});
    this.#store.set({status: 'The check was cancelled.'});
  }

  /** @param {Target} target */
  #filesOf({disk, file}) {
    return disk === 0 ? [file] : filesOf(this.#store.state.forest.disks.find(({id}) => id === disk));
  }

  #forgetClosed() {
    const {forest, checks} = this.#store.state;
    if (forest === this.#seen) return;
    this.#seen = forest;
    const open = new Set([...forest.disks.map(({id}) => keyOf({disk: id, file: 0})), ...forest.files.map(({key}) => keyOf({disk: 0, file: key}))]);
    const gone = [...checks.keys()].filter((key) => !open.has(key));
    if (gone.length === 0) return;
    for (const key of gone) {
      this.#running.get(key)?.abort();
      this.#running.delete(key);
    }
    this.#store.set({checks: new Map([...checks].filter(([key]) => open.has(key)))});
  }

  /**
   * @param {string} key
   * @param {Partial<Check>} changes
   */
  #set(key, changes) {
    const {checks} = this.#store.state;
    this.#store.set({checks: new Map(checks).set(key, {...unchecked, ...checks.get(key), ...changes})});
  }
}

/** @param {Target} target */
export function keyOf({disk, file}) {
  return disk === 0 ? `file ${file}` : `disk ${disk}`;
}

/**
 * @param {CheckReport} report
 * @param {DiskInfo | undefined} disk the chain that it is of; none where it is of one file
 * @returns {boolean} whether the chain is made of other files by now
 */
export function isStale({layers}, disk) {
  const now = disk?.layers.filter(({file}) => file !== 0);
  return now !== undefined && (now.length !== layers.length || now.some(({file}, i) => file !== layers[i]?.file));
}
