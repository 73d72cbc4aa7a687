// What is known of the volumes of disks, and which of them is browsed: in the
// store, by chain. Volumes are looked for when somebody wants to see them.

import {Browsing} from './browsing.js';
import {folderOf, nameOf} from './paths.js';
import {messageOf} from '../format.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */
/** @import {Volume} from '../engine/volume.js' */
/** @import {Volumes} from '../engine/volumes.js' */
/** @import {Layout} from '../engine/volumes-protocol.js' */

/**
 * A volume that was opened.
 *
 * @typedef {object} VolumeFiles
 * @property {Browsing | null} browsing null while it is being opened, and where it could not be
 * @property {string} problem why it could not be
 */

/**
 * The volumes of a disk.
 *
 * @typedef {object} DiskFiles
 * @property {Layout | null} layout null while it is looked for, and where it could not be told
 * @property {string} problem why it could not be
 * @property {number} shown where the volume begins that is browsed; -1 for none
 * @property {ReadonlyMap<number, VolumeFiles>} volumes those that were opened, by where they begin
 */

/** @type {DiskFiles} */
const unknown = {layout: null, problem: '', shown: -1, volumes: new Map()};

export class Files {
  #volumes;
  #store;
  /** Scans under way or done, by chain. @type {Map<string, Promise<Layout>>} */
  #scans = new Map();

  /**
   * @param {Pick<Volumes, 'scan' | 'open'>} volumes
   * @param {Store} store
   */
  constructor(volumes, store) {
    this.#volumes = volumes;
    this.#store = store;
    store.subscribe(() => this.#forgetClosed());
  }

  /**
   * Looks for the volumes of a disk, unless that was done. Where there is one
   * to browse, it is opened.
   *
   * @param {DiskInfo} disk
   */
  async look(disk) {
    if (!disk.complete || this.#scans.has(chainOf(disk))) return;
    await this.scan(disk);
  }

  /**
   * The same, also after it failed.
   *
   * @param {DiskInfo} disk
   */
  async scan(disk) {
    try {
      const layout = await this.#scan(disk);
      const [only, ...others] = layout.parts.filter(({browsable}) => browsable);
      if (only && others.length === 0 && this.#of(disk).shown < 0) await this.open(disk, only.start);
    } catch {
      // It is in the store.
    }
  }

  /**
   * Browses a volume, where it was left.
   *
   * @param {DiskInfo} disk
   * @param {number} start
   */
  async open(disk, start) {
    this.#set(disk, {shown: start});
    const browsing = await this.#open(disk, start);
    if (browsing && !browsing.folder) await browsing.go(browsing.path);
  }

  /**
   * Goes back to all volumes of a disk.
   *
   * @param {DiskInfo} disk
   */
  leave(disk) {
    this.#set(disk, {shown: -1});
  }

  /**
   * Shows a file where it lies.
   *
   * @param {DiskInfo} disk
   * @param {number} start of its volume
   * @param {string} path
   */
  async show(disk, start, path) {
    this.#set(disk, {shown: start});
    try {
      await this.#scan(disk);
      const browsing = await this.#open(disk, start);
      if (path === '/') await browsing?.go('/');
      else await browsing?.go(folderOf(path), nameOf(path));
    } catch {
      // It is in the store.
    }
  }

  /** @param {DiskInfo} disk */
  #scan(disk) {
    const chain = chainOf(disk);
    const known = this.#scans.get(chain);
    if (known && !this.#of(disk).problem) return known;
    this.#set(disk, {problem: ''});
    const scan = this.#volumes.scan(disk.id).then((layout) => {
      this.#set(disk, {layout});
      return layout;
    }, (error) => {
      this.#set(disk, {problem: messageOf(error), shown: -1});
      throw error;
    });
    this.#scans.set(chain, scan);
    return scan;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} start
   * @returns {Promise<Browsing | null>} null where the volume cannot be opened
   */
  async #open(disk, start) {
    const known = this.#of(disk).volumes.get(start);
    if (known?.browsing) return known.browsing;
    this.#setVolume(disk, start, {browsing: null, problem: ''});
    try {
      const browsing = new Browsing(await this.#volumes.open(disk.id, start));
      // Another call may have come first.
      const first = this.#of(disk).volumes.get(start)?.browsing;
      if (first) return first;
      this.#setVolume(disk, start, {browsing, problem: ''});
      return browsing;
    } catch (error) {
      this.#setVolume(disk, start, {browsing: null, problem: messageOf(error)});
      if (this.#of(disk).shown === start) this.#set(disk, {shown: -1});
      return null;
    }
  }

  #forgetClosed() {
    const {forest, files} = this.#store.state;
    const open = new Set(forest.disks.map(chainOf));
    const gone = [...files.keys()].filter((chain) => !open.has(chain));
    if (gone.length === 0) return;
    for (const chain of gone) {
      this.#scans.delete(chain);
      for (const {browsing} of files.get(chain)?.volumes.values() ?? []) browsing?.close();
    }
    this.#store.set({files: new Map([...files].filter(([chain]) => open.has(chain)))});
  }

  /** @param {DiskInfo} disk */
  #of(disk) {
    return filesOn(this.#store.state.files, disk);
  }

  /**
   * @param {DiskInfo} disk
   * @param {Partial<DiskFiles>} changes
   */
  #set(disk, changes) {
    // Where it was closed while something was asked, this is forgotten at once.
    this.#store.set({files: new Map(this.#store.state.files).set(chainOf(disk), {...this.#of(disk), ...changes})});
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} start
   * @param {VolumeFiles} volume
   */
  #setVolume(disk, start, volume) {
    this.#set(disk, {volumes: new Map(this.#of(disk).volumes).set(start, volume)});
  }
}

/**
 * A disk by its files, which stays the same while it is edited and does not
 * when it gets another parent.
 *
 * @param {DiskInfo} disk
 * @returns {string}
 */
export function chainOf({layers}) {
  return layers.filter(({edit}) => !edit).map(({file}) => file).join(' ');
}

/**
 * @param {ReadonlyMap<string, DiskFiles>} files
 * @param {DiskInfo} disk
 * @returns {DiskFiles} what is known of its volumes
 */
export function filesOn(files, disk) {
  return files.get(chainOf(disk)) ?? unknown;
}
