// The volumes of the disks that are open. What reads them is a program of its
// own, fetched when the first one is asked for. It takes the word of images
// that may be damaged on purpose: each volume has a worker, which is ended when
// it hangs or takes too much memory, and takes nothing with it.

import {EngineError, connect, unlessAborted} from './channel.js';
import {program} from './program.js';
import {Staging} from './staging.js';
import {Volume} from './volume.js';
import {Command} from './volumes-protocol.js';

/** @import {Channel, Limits, WorkerLike} from './channel.js' */
/** @import {Engine} from './client.js' */
/** @import {DiskInfo, Forest, Span} from './protocol.js' */
/** @import {Stage} from './stage.js' */
/** @import {Store} from './store.js' */
/** @import {Layout, TouchedRuns} from './volumes-protocol.js' */

/**
 * A disk whose volumes were asked for.
 *
 * @typedef {object} Disk
 * @property {number[]} files keys of its chain's, leaf first, without edits
 * @property {AbortController} life ends with the disk
 * @property {Promise<Layout>} [layout]
 * @property {Map<number, Promise<Volume>>} volumes by where they start
 */

/** @type {Limits} */
const limits = {silence: 10_000, memory: 2 ** 30};

export class Volumes {
  #createWorker;
  #program;
  #engine;
  #staging;
  #store;
  /** By nameOf. @type {Map<string, Disk>} */
  #disks = new Map();
  /** @type {Forest} */
  #seen;

  /**
   * @param {() => WorkerLike} createWorker
   * @param {() => Promise<WebAssembly.Module>} load the volumes' program
   * @param {Engine} engine has the files that are open
   * @param {Stage} stage
   * @param {Store} store knows their chains
   */
  constructor(createWorker, load, engine, stage, store) {
    this.#createWorker = createWorker;
    this.#program = program(load);
    this.#engine = engine;
    this.#staging = new Staging(stage);
    this.#store = store;
    this.#seen = store.state.forest;
    store.subscribe(() => this.#forgetClosed());
  }

  /**
   * What lies where on a disk, without edits; found out once.
   *
   * @param {number} id
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Layout>} rejects with an EngineError, or with the reason of options.signal
   */
  async scan(id, {signal} = {}) {
    const disk = this.#diskOf(id);
    if (!disk.layout) {
      const layout = this.#scan(disk);
      layout.catch(() => {
        disk.layout = undefined;
      });
      disk.layout = layout;
    }
    return unlessAborted(disk.layout, signal);
  }

  /**
   * A volume, mounted. The same is given for the same place, for as long as
   * the files of its disk are open.
   *
   * @param {number} id of the disk
   * @param {number} start the volume's, in bytes
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Volume>} rejects with an EngineError, or with the reason of options.signal
   */
  async open(id, start, {signal} = {}) {
    const disk = this.#diskOf(id);
    let opening = disk.volumes.get(start);
    if (!opening) {
      opening = this.#open(id, disk, start);
      opening.catch(() => disk.volumes.delete(start));
      disk.volumes.set(start, opening);
    }
    return unlessAborted(opening, signal);
  }

  /**
   * How much of some parts of a disk, in volumes or not, a layer supplies.
   *
   * @param {number} id
   * @param {number} layer counted as volumes do
   * @param {readonly Span[]} parts
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<TouchedRuns[]>} of each part
   */
  async touched(id, layer, parts, {signal} = {}) {
    const disk = this.#diskOf(id);
    const channel = await this.#connect(disk, disk.life.signal);
    try {
      return await Promise.all(parts.map(({offset, length}) => channel.request(Command.Touched, {layer, start: offset, length}, {signal})));
    } finally {
      channel.close();
    }
  }

  /** @param {Disk} disk */
  async #scan(disk) {
    const {signal} = disk.life;
    const channel = await this.#connect(disk, signal);
    try {
      return await channel.request(Command.Scan, {first: 0}, {signal});
    } finally {
      channel.close();
    }
  }

  /**
   * @param {number} id
   * @param {Disk} disk
   * @param {number} start
   */
  async #open(id, disk, start) {
    const {parts} = await this.scan(id);
    const here = parts.filter((part) => !part.gap && part.start === start);
    const part = here.find(({browsable}) => browsable) ?? here[0];
    if (!part) throw EngineError.of('bad-request', `No volume begins at byte ${start} of the disk.`);
    const name = nameOf(disk.files);
    const volume = new Volume(part, () => this.#idOf(name), (signal) => this.#connect(disk, signal), this.#staging);
    const {signal} = disk.life;
    signal.addEventListener('abort', () => volume.close(signal.reason));
    await volume.mount();
    return volume;
  }

  /**
   * @param {Disk} disk
   * @param {AbortSignal} signal
   * @returns {Promise<Channel>} a new worker's, with the disk's chain
   */
  async #connect(disk, signal) {
    const module = await unlessAborted(this.#program(), signal);
    const channel = await connect(this.#createWorker, module, limits);
    try {
      const open = new Map(this.#engine.opened(disk.files).files.map((file) => [file.key, file]));
      const files = disk.files.flatMap((key) => open.get(key) ?? []);
      if (files.length < disk.files.length) throw closed();
      await channel.request(Command.Chain, {files}, {signal});
      return channel;
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** @param {number} id */
  #diskOf(id) {
    const info = this.#store.state.forest.disks.find((one) => one.id === id);
    if (!info) throw new RangeError(`There is no disk ${id}.`);
    const files = chainOf(info);
    const name = nameOf(files);
    let disk = this.#disks.get(name);
    if (!disk) {
      disk = {files, life: new AbortController(), volumes: new Map()};
      this.#disks.set(name, disk);
    }
    return disk;
  }

  /** @param {string} name */
  #idOf(name) {
    return this.#store.state.forest.disks.find((info) => nameOf(chainOf(info)) === name)?.id ?? 0;
  }

  /** Ends what belongs to chains that are no more, or no more the same. */
  #forgetClosed() {
    const {forest} = this.#store.state;
    if (forest === this.#seen) return;
    this.#seen = forest;
    const open = new Set(forest.disks.map((info) => nameOf(chainOf(info))));
    for (const [name, {life}] of this.#disks) {
      if (open.has(name)) continue;
      this.#disks.delete(name);
      life.abort(closed());
    }
  }
}

function closed() {
  return EngineError.of('closed', 'The disk is not open any more.');
}

/**
 * @param {DiskInfo} info
 * @returns {number[]} keys of its files down to the first that is missing, leaf first; edits are none
 */
function chainOf({layers}) {
  const files = layers.filter(({edit}) => !edit).map(({file}) => file);
  const missing = files.indexOf(0);
  return missing < 0 ? files : files.slice(0, missing);
}

/** @param {number[]} files */
function nameOf(files) {
  return files.join(' ');
}
