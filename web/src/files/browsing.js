// Going about in one volume: which folder is shown, where one came from, and
// the folders that one has seen, as one left them.

import {Folder} from './folder.js';
import {folderOf, nameOf} from './paths.js';

/** @import {Sort} from './sorting.js' */
/** @import {Volume} from '../engine/volume.js' */

/** How many folders, and entries of them in all, are kept as they were. */
const keptFolders = 64;
const keptEntries = 400_000;

/** Event 'change': something else is to be shown. */
export class Browsing extends EventTarget {
  volume;
  path = '/';
  /** What is in the folder; null until it is known. @type {Folder | null} */
  folder = null;
  /** Why it cannot be told. @type {Error | null} */
  problem = null;
  /** Whether deleted entries are shown. */
  deleted = false;
  /** Entries read so far of the folder that is being read. */
  read = 0;
  /** @type {Sort} */
  #sort = {by: 'name', down: false};
  /** @type {string[]} */
  #back = [];
  /** @type {string[]} */
  #forward = [];
  /** By path, the one that was shown last at the end. @type {Map<string, Folder>} */
  #kept = new Map();
  #listing = new AbortController();

  /** @param {Volume} volume */
  constructor(volume) {
    super();
    this.volume = volume;
  }

  get canGoBack() {
    return this.#back.length > 0;
  }

  get canGoForward() {
    return this.#forward.length > 0;
  }

  /**
   * Goes to a folder.
   *
   * @param {string} path
   * @param {string} [name] of an entry to pick in it
   */
  async go(path, name) {
    if (path !== this.path || (!this.folder && !this.problem)) {
      if (this.folder || this.problem) this.#back.push(this.path);
      this.#forward = [];
    }
    await this.#show(path, name);
  }

  /** Goes to the folder that this one is in, and picks this one there. */
  async up() {
    if (this.path !== '/') await this.go(folderOf(this.path), nameOf(this.path));
  }

  async back() {
    const path = this.#back.pop();
    if (path === undefined) return;
    this.#forward.push(this.path);
    await this.#show(path);
  }

  async forward() {
    const path = this.#forward.pop();
    if (path === undefined) return;
    this.#back.push(this.path);
    await this.#show(path);
  }

  /**
   * Shows deleted entries, or no longer.
   *
   * @param {boolean} deleted
   */
  async showDeleted(deleted) {
    if (deleted === this.deleted) return;
    const {folder} = this;
    const active = folder && folder.picking.active >= 0 ? folder.nameOf(folder.picking.active) : undefined;
    this.deleted = deleted;
    this.#kept.clear();
    await this.#show(this.path, active);
    if (this.folder && folder) this.filter(folder.filter);
  }

  /** Reads the folder again, as after something went wrong. */
  async again() {
    this.#kept.delete(this.path);
    await this.#show(this.path);
  }

  /** @param {Sort} sort */
  sort(sort) {
    this.#sort = sort;
    if (this.folder) this.folder.sort = sort;
    this.changed();
  }

  /** @param {string} text */
  filter(text) {
    if (!this.folder || this.folder.filter === text) return;
    this.folder.filter = text;
    this.folder.top = 0;
    this.changed();
  }

  /** Tells that something of the folder is other than it was. */
  changed() {
    this.dispatchEvent(new Event('change'));
  }

  /** Ends what is under way. */
  close() {
    this.#listing.abort();
  }

  /**
   * @param {string} path
   * @param {string} [name]
   */
  async #show(path, name) {
    this.#listing.abort();
    const listing = new AbortController();
    this.#listing = listing;
    this.path = path;
    this.problem = null;
    this.read = 0;
    this.folder = this.#kept.get(path) ?? null;
    if (!this.folder) {
      this.changed();
      try {
        const {signal} = listing;
        const listed = await this.volume.list(path, {deleted: this.deleted, signal, onProgress: (done) => this.#progress(listing, done)});
        if (signal.aborted) return;
        this.folder = new Folder(path, listed, this.#sort);
      } catch (error) {
        if (listing.signal.aborted) return;
        this.problem = error instanceof Error ? error : new Error(String(error));
        this.changed();
        return;
      }
    }
    this.#keep(this.folder);
    if (name !== undefined) this.#pick(this.folder, name);
    this.changed();
  }

  /**
   * @param {AbortController} listing
   * @param {number} done
   */
  #progress(listing, done) {
    if (listing.signal.aborted) return;
    this.read = done;
    this.changed();
  }

  /** @param {Folder} folder */
  #keep(folder) {
    this.#kept.delete(folder.path);
    this.#kept.set(folder.path, folder);
    let entries = 0;
    const paths = [...this.#kept.keys()].reverse();
    paths.forEach((path, i) => {
      entries += /** @type {Folder} */ (this.#kept.get(path)).listing.count;
      if (i > 0 && (i >= keptFolders || entries > keptEntries)) this.#kept.delete(path);
    });
  }

  /**
   * @param {Folder} folder
   * @param {string} name
   */
  #pick(folder, name) {
    const row = folder.rowOf(name);
    if (row < 0) return;
    if (!folder.order.includes(row)) folder.filter = '';
    folder.picking.only(row);
    // To be brought into sight, wherever it was scrolled to before.
    folder.top = -1;
  }
}
