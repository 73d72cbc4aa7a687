// Where edits are kept: a file each in the browser's private file system, and
// beside it, in the page's local storage, what they are edits of. A lock tells
// other tabs that edits are in use.

/**
 * Edits that are kept, by what their parent was when they were begun.
 *
 * @typedef {object} Kept
 * @property {string} id
 * @property {string} name the parent's, without folders
 * @property {string} uuid the parent's
 * @property {number} size of the parent's file
 * @property {number} modified when the parent's file was changed last, in ms
 * @property {string} url where the parent was read over a network, without what may be a secret; '' for a file
 * @property {string} etag what it was pinned to; '' for a file, or where the server gave none
 * @property {number} changed when the last edit was made, in ms
 * @property {number} sectors that the edits hold
 * @property {boolean} saved whether they were saved as they are
 */

/** The parts of the browser that a shelf needs. @typedef {{storage?: StorageManager, locks?: LockManager, notes?: Storage}} Place */

const folder = 'edits';
const prefix = 'vhdscope.edits.';

/** @param {string} id */
const lockOf = (id) => `vhdscope ${folder} ${id}`;

/** @returns {Storage | undefined} what this page may note things in, unless the browser forbids that */
export function storedNotes() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

export class Shelf {
  #place;
  /** Whether edits can be kept. @type {Promise<boolean> | undefined} */
  #usable;
  /** What lets go of the locks that this page holds. @type {Map<string, () => void>} */
  #holds = new Map();

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
  }

  /** Whether edits can be kept here: not from file:// in some browsers, and not in some private windows. */
  usable() {
    this.#usable ??= this.#try();
    return this.#usable;
  }

  async #try() {
    const {storage, locks, notes} = this.#place;
    try {
      if (!storage || !locks || !notes) return false;
      await storage.getDirectory();
      notes.setItem(`${prefix}?`, '');
      notes.removeItem(`${prefix}?`);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * The path of the file of edits in the browser's private file system.
   *
   * @param {string} id
   */
  pathOf(id) {
    return `${folder}/${id}.vhd`;
  }

  /** @returns {Kept[]} what is kept, the latest first */
  list() {
    const {notes} = this.#place;
    /** @type {Kept[]} */
    const list = [];
    for (let i = 0; notes && i < notes.length; i++) {
      const key = notes.key(i);
      const kept = key?.startsWith(prefix) ? readNote(notes.getItem(key) ?? '') : undefined;
      if (kept) list.push(kept);
    }
    return list.sort((a, b) => b.changed - a.changed);
  }

  /** @param {Kept} kept */
  note(kept) {
    try {
      this.#place.notes?.setItem(prefix + kept.id, JSON.stringify(kept));
    } catch {
      // No room for a few bytes: the note before, if any, stays true enough to find the edits by.
    }
  }

  /**
   * Takes edits into use by this page alone, until let go.
   *
   * @param {string} id
   * @returns {Promise<boolean>} false where another tab uses them
   */
  hold(id) {
    const {locks} = this.#place;
    if (!locks || this.#holds.has(id)) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      locks.request(lockOf(id), {ifAvailable: true}, (lock) => {
        resolve(lock !== null);
        if (!lock) return undefined;
        return new Promise((letGo) => this.#holds.set(id, () => letGo(undefined)));
      }).catch(reject);
    });
  }

  /** @param {string} id */
  letGo(id) {
    this.#holds.get(id)?.();
    this.#holds.delete(id);
  }

  /**
   * @param {string} id
   * @returns {Promise<boolean>} whether another tab uses them
   */
  async usedElsewhere(id) {
    if (this.#holds.has(id)) return false;
    const {held} = await this.#place.locks?.query() ?? {};
    return held?.some(({name}) => name === lockOf(id)) ?? false;
  }

  /**
   * Removes edits for good. Their file must be closed.
   *
   * @param {string} id
   */
  async remove(id) {
    this.#place.notes?.removeItem(prefix + id);
    const files = await this.#folder();
    try {
      await files?.removeEntry(`${id}.vhd`);
    } catch {
      // It is gone, or is swept when the page starts next.
    }
    this.letGo(id);
  }

  /** Removes files of which nothing is noted, and notes that have no file. */
  async sweep() {
    const files = await this.usable() ? await this.#folder() : undefined;
    if (!files) return;
    const there = new Set();
    for await (const name of files.keys()) there.add(name.replace(/\.vhd$/, ''));
    const noted = new Set(this.list().map(({id}) => id));
    const odd = [...there, ...noted].filter((id) => there.has(id) !== noted.has(id));
    for (const id of odd) {
      await this.#place.locks?.request(lockOf(id), {ifAvailable: true}, async (lock) => {
        // What just began in another tab may have one and not the other yet.
        if (!lock) return;
        this.#place.notes?.removeItem(prefix + id);
        await files.removeEntry(`${id}.vhd`).catch(() => {});
      });
    }
  }

  /** @returns {Promise<FileSystemDirectoryHandle | undefined>} */
  async #folder() {
    try {
      return await (await this.#place.storage?.getDirectory())?.getDirectoryHandle(folder);
    } catch {
      return undefined; // there is none yet
    }
  }
}

/**
 * @param {string} text
 * @returns {Kept | undefined}
 */
function readNote(text) {
  try {
    const {id, name, uuid, size, modified, url = '', etag = '', changed, sectors, saved} = JSON.parse(text);
    if ([id, name, uuid, url, etag].some((one) => typeof one !== 'string')) return undefined;
    return {id, name, uuid, size: Number(size), modified: Number(modified), url, etag, changed: Number(changed), sectors: Number(sectors), saved: saved === true};
  } catch {
    return undefined;
  }
}
