// What each layer changed: found out when it is asked for, volume by volume,
// and kept as long as the files are open.

import {EngineError} from '../engine/channel.js';
import {baseName, isolated, messageOf} from '../format.js';
import {volumeName} from '../files/volume-words.js';
import {placeOf} from '../layers.js';

/** @import {DiskInfo, Forest} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */
/** @import {Volumes} from '../engine/volumes.js' */
/** @import {Part, TouchedRuns} from '../engine/volumes-protocol.js' */
/** @import {Report, VolumeChanges} from './report.js' */

/**
 * What is known of a layer's changes.
 *
 * @typedef {object} Comparison
 * @property {boolean} running
 * @property {string} doing what is under way, in words
 * @property {number} done
 * @property {number} total 0 while that is not known
 * @property {Report | null} report of the last comparison that came to its end
 * @property {string} error why the last one did not
 */

/** @type {Comparison} */
export const uncompared = {running: false, doing: '', done: 0, total: 0, report: null, error: ''};

/** How often figures change, in ms. */
const tick = 100;

export class Comparisons {
  #volumes;
  #store;
  /** @type {Map<string, AbortController>} */
  #running = new Map();
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
   * Compares a disk with and without a layer, and all above it left out.
   *
   * @param {DiskInfo} disk
   * @param {number} layer index in the chain
   */
  async start(disk, layer) {
    const key = keyOf(disk, layer);
    this.#running.get(key)?.abort();
    const running = new AbortController();
    const {signal} = running;
    this.#running.set(key, running);
    this.#set(key, {...uncompared, running: true, doing: 'Looking for volumes…'});
    try {
      const {parts} = await this.#volumes.scan(disk.id, {signal});
      const inside = parts.filter(({gap, browsable}) => !gap && browsable);
      /** @type {VolumeChanges[]} */
      const volumes = [];
      for (const part of inside) {
        this.#set(key, {doing: `Comparing ${volumeName(part)}…`, done: 0, total: 0});
        volumes.push(await this.#compare(disk, layer, part, key, signal));
      }
      volumes.push(...await this.#outside(disk, layer, parts, signal));
      const name = disk.layers[layer]?.name ?? '';
      const report = {name, below: disk.layers[layer + 1]?.name ?? '', volumes};
      if (signal.aborted) return;
      this.#set(key, {running: false, report});
      this.#store.set({status: `${isolated(baseName(name))}: compared with what is below it.`});
    } catch (error) {
      if (!signal.aborted) this.#set(key, {running: false, error: messageOf(error)});
    }
  }

  /**
   * Ends a comparison early.
   *
   * @param {DiskInfo} disk
   * @param {number} layer
   */
  cancel(disk, layer) {
    const key = keyOf(disk, layer);
    this.#running.get(key)?.abort();
    this.#set(key, {running: false});
    this.#store.set({status: 'The comparison was cancelled.'});
  }

  /**
   * What changed in one volume; a volume that cannot be compared leaves the
   * others as they are.
   *
   * @param {DiskInfo} disk
   * @param {number} layer
   * @param {Part} part
   * @param {string} key
   * @param {AbortSignal} signal
   * @returns {Promise<VolumeChanges>}
   */
  async #compare(disk, layer, part, key, signal) {
    const {start, index} = part;
    const of = {start, index, title: volumeName(part), files: [], elsewhere: [], notes: [], problem: ''};
    let shown = -Infinity;
    try {
      const volume = await this.#volumes.open(disk.id, start, {signal});
      const {files, elsewhere, notes} = await volume.changes(placeOf(disk.layers, layer), {
        signal,
        onProgress: (/** @type {number} */ done, /** @type {number} */ total) => {
          const now = performance.now();
          if (signal.aborted || now - shown < tick) return;
          shown = now;
          this.#set(key, {done, total});
        },
      });
      return {...of, files, elsewhere, notes};
    } catch (error) {
      if (signal.aborted || !(error instanceof EngineError)) throw error;
      return {...of, problem: error.message};
    }
  }

  /**
   * What changed outside of the volumes that can be looked into.
   *
   * @param {DiskInfo} disk
   * @param {number} layer
   * @param {readonly Part[]} parts
   * @param {AbortSignal} signal
   * @returns {Promise<VolumeChanges[]>}
   */
  async #outside(disk, layer, parts, signal) {
    const others = parts.filter(({gap, browsable}) => gap || !browsable);
    if (others.length === 0) return [];
    const touched = await this.#volumes.touched(disk.id, placeOf(disk.layers, layer),
      others.map(({start, size}) => ({offset: start, length: size})), {signal});
    return others.flatMap((part, i) => {
      const {bytes, runs} = /** @type {TouchedRuns} */ (touched[i]);
      const [first] = runs;
      if (!first) return [];
      return {
        start: 0, index: part.index, title: part.gap ? 'Not in any volume' : volumeName(part), files: [], notes: part.gap ? [] : ['What is in it cannot be told here.'], problem: '',
        elsewhere: [{name: part.type || 'its bytes', start: first.offset, length: first.length, bytes, runs}],
      };
    });
  }

  #forgetClosed() {
    const {forest, comparisons} = this.#store.state;
    if (forest === this.#seen) return;
    this.#seen = forest;
    const open = new Set(forest.disks.flatMap((disk) => disk.layers.map((_, layer) => keyOf(disk, layer))));
    const gone = [...comparisons.keys()].filter((key) => !open.has(key));
    if (gone.length === 0) return;
    for (const key of gone) {
      this.#running.get(key)?.abort();
      this.#running.delete(key);
    }
    this.#store.set({comparisons: new Map([...comparisons].filter(([key]) => open.has(key)))});
  }

  /**
   * @param {string} key
   * @param {Partial<Comparison>} changes
   */
  #set(key, changes) {
    const {comparisons} = this.#store.state;
    this.#store.set({comparisons: new Map(comparisons).set(key, {...uncompared, ...comparisons.get(key), ...changes})});
  }
}

/**
 * Names a comparison by the files that it is of: where a chain is made of
 * others, it is another.
 *
 * @param {DiskInfo} disk
 * @param {number} layer
 */
export function keyOf(disk, layer) {
  return disk.layers.slice(layer).map(({file}) => file).join(' ');
}
