// Looking for files by name, in all volumes of a disk one after the other.
// What is found is shown as it comes.

import {volumeName} from '../files/volume-words.js';
import {formatCount, messageOf} from '../format.js';

/** @import {Forest} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */
/** @import {Volumes} from '../engine/volumes.js' */
/** @import {FoundEntry, Part} from '../engine/volumes-protocol.js' */

/** How many names are shown: whoever finds more looks for something else. */
export const mostFound = 10_000;

/**
 * What was found in one volume.
 *
 * @typedef {object} FoundVolume
 * @property {number} start of the volume on the disk
 * @property {string} title
 * @property {readonly FoundEntry[]} entries
 * @property {number} looked how many names were looked at
 * @property {number} problems how many folders could not be read
 * @property {string} problem why the search ended early in it, else ''
 */

/**
 * A search and what it found.
 *
 * @typedef {object} Found
 * @property {number} disk
 * @property {string} pattern
 * @property {boolean} matchCase
 * @property {boolean} running
 * @property {boolean} more whether it ended because there was too much
 * @property {readonly FoundVolume[]} volumes
 * @property {string} error why it could not begin, else ''
 * @property {boolean} shown whether it is shown in place of a folder
 */

export class Finding {
  #volumes;
  #store;
  #running = new AbortController();
  /** @type {Forest} */
  #seen;

  /**
   * @param {Volumes} volumes
   * @param {Store} store
   */
  constructor(volumes, store) {
    this.#volumes = volumes;
    this.#store = store;
    this.#seen = store.state.forest;
    store.subscribe(() => this.#forgetClosed());
  }

  /**
   * Begins a search, which ends the one before.
   *
   * @param {number} disk
   * @param {string} pattern with * ? [..]; a text without them is to be contained
   * @param {boolean} matchCase
   */
  async start(disk, pattern, matchCase) {
    this.#running.abort();
    this.#running = new AbortController();
    const {signal} = this.#running;
    this.#store.set({found: {disk, pattern, matchCase, running: true, more: false, volumes: [], error: '', shown: true}});
    try {
      const {parts} = await this.#volumes.scan(disk, {signal});
      for (const part of parts.filter(({gap, browsable}) => !gap && browsable)) {
        await this.#look(disk, part, pattern, matchCase, signal);
        if (this.#count() >= mostFound) break;
      }
      this.#change({running: false, more: this.#count() >= mostFound});
      this.#store.set({status: `${formatCount(this.#count(), 'name')} found.`});
    } catch (error) {
      if (!signal.aborted) this.#change({running: false, error: messageOf(error)});
    }
  }

  /** Ends the search; what it found stays. */
  stop() {
    this.#running.abort();
    this.#change({running: false});
    this.#store.set({status: 'The search was stopped.'});
  }

  /**
   * Shows what was found, or the folder that is browsed in its place.
   *
   * @param {boolean} shown
   */
  show(shown) {
    this.#change({shown});
  }

  /** Ends the search and takes away what it found. */
  clear() {
    this.#running.abort();
    this.#store.set({found: null});
  }

  /**
   * @param {number} disk
   * @param {Part} part
   * @param {string} pattern
   * @param {boolean} matchCase
   * @param {AbortSignal} signal
   */
  async #look(disk, part, pattern, matchCase, signal) {
    /** @type {FoundVolume} */
    let here = {start: part.start, title: volumeName(part), entries: [], looked: 0, problems: 0, problem: ''};
    const before = this.#store.state.found?.volumes ?? [];
    const show = (/** @type {Partial<FoundVolume>} */ changes) => {
      here = {...here, ...changes};
      this.#change({volumes: [...before, here]});
    };
    show({});
    try {
      const volume = await this.#volumes.open(disk, part.start, {signal});
      for await (const {entries, looked, problems} of volume.search(pattern, {matchCase, deleted: true, signal})) {
        if (signal.aborted) return;
        show({entries: [...here.entries, ...entries], looked, problems});
        if (this.#count() >= mostFound) return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      show({problem: messageOf(error)});
    }
  }

  #count() {
    return this.#store.state.found?.volumes.reduce((sum, {entries}) => sum + entries.length, 0) ?? 0;
  }

  /** @param {Partial<Found>} changes */
  #change(changes) {
    const {found} = this.#store.state;
    if (found) this.#store.set({found: {...found, ...changes}});
  }

  #forgetClosed() {
    const {forest, found} = this.#store.state;
    if (forest === this.#seen) return;
    this.#seen = forest;
    if (found && !forest.disks.some(({id}) => id === found.disk)) this.clear();
  }
}
