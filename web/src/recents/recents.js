// The disks that were opened last, by the handles of their files: one click
// opens a chain again. Nothing is noted before the person says so, and then
// only where files are, never what is in them.

import {createStore, get, set} from 'idb-keyval';
import {picksHandles} from '../opening/handles.js';
import {messageOf} from '../format.js';

/** @import {Collected} from '../opening/collect.js' */
/** @import {Workspace} from '../workspace.js' */

/**
 * @typedef {object} Recent
 * @property {string} id
 * @property {number} opened when it was open last, in ms
 * @property {FileSystemFileHandle[]} files of its chain, leaf first, as far as they have handles
 */

/**
 * Where the list is kept.
 *
 * @typedef {object} Place
 * @property {boolean} possible
 * @property {() => boolean} isOn whether the person agreed
 * @property {(on: boolean) => void} turn
 * @property {() => Promise<Recent[]>} load
 * @property {(list: Recent[]) => Promise<void>} save
 * @property {<T>(work: () => Promise<T>) => Promise<T>} alone does what no other tab does meanwhile
 */

/** How many disks are noted. */
const limit = 12;

export class Recents {
  #workspace;
  #place;
  /** The chains that were noted last, by the keys of their files. */
  #noted = '';

  /**
   * @param {Workspace} workspace
   * @param {Place} [place]
   */
  constructor(workspace, place = browserPlace()) {
    this.#workspace = workspace;
    this.#place = place;
    if (!place.possible) return;
    this.#store.set({recents: []});
    this.#store.subscribe(() => this.#follow());
    if (place.isOn()) void this.#change(async (list) => list);
  }

  get #store() {
    return this.#workspace.store;
  }

  /** Whether disks are noted: files are then to be taken by their handles. */
  get on() {
    return this.#place.possible && this.#place.isOn();
  }

  /**
   * What was noted is forgotten when this is turned off.
   *
   * @param {boolean} on
   */
  async turn(on) {
    this.#place.turn(on);
    this.#noted = '';
    await this.#change(async (list) => (on ? list : []));
  }

  /** @param {string} id */
  forget(id) {
    return this.#change(async (list) => list.filter((recent) => recent.id !== id));
  }

  forgetAll() {
    return this.#change(async () => []);
  }

  /**
   * Opens a disk again. To be called in the person's click, which lets the
   * browser ask whether its files may be read.
   *
   * @param {Recent} recent
   */
  open({files}) {
    // All are asked for at once: the click does not last until an answer.
    const asked = files.map((handle) => mayRead(handle));
    return this.#workspace.openPicked(collect(files, asked));
  }

  /** Notes the disks that are open now, if they are others than before. */
  #follow() {
    if (!this.on) return;
    const chains = this.#store.state.forest.disks.map(({complete, layers}) => ({
      complete, keys: layers.filter(({edit, file}) => !edit && file !== 0).map(({file}) => file),
    }));
    const noted = JSON.stringify(chains);
    if (noted === this.#noted) return;
    this.#noted = noted;
    const fresh = chains.flatMap(({complete, keys}) => {
      const handles = keys.map((key) => this.#workspace.opened.handleOf(key));
      return handles[0] ? [{complete, files: handles.filter((handle) => handle !== undefined)}] : [];
    });
    if (fresh.length === 0) return;
    void this.#change(async (list) => {
      let changed = list;
      for (const chain of fresh) changed = await added(changed, chain);
      return changed;
    });
  }

  /** @param {(list: Recent[]) => Promise<Recent[]>} change */
  async #change(change) {
    try {
      const list = await this.#place.alone(async () => {
        const changed = await change(await this.#place.load());
        await this.#place.save(changed);
        return changed;
      });
      this.#store.set({recents: list});
    } catch (error) {
      this.#workspace.notify('warning', 'The list of recent disks could not be kept', messageOf(error));
    }
  }
}

/**
 * The list with a disk at its top. What is its leaf, or has become one of its
 * parents, is no entry of its own any more; and a chain that was whole once is
 * not forgotten because a part of it is missing now.
 *
 * @param {Recent[]} list
 * @param {{complete: boolean, files: FileSystemFileHandle[]}} chain
 * @returns {Promise<Recent[]>}
 */
async function added(list, {complete, files}) {
  const others = [];
  let whole = files;
  for (const recent of list) {
    const same = await Promise.all(files.map((file) => recent.files[0]?.isSameEntry(file) ?? false));
    if (!same.includes(true)) others.push(recent);
    else if (same[0] && !complete && recent.files.length > files.length) whole = recent.files;
  }
  return [{id: crypto.randomUUID(), opened: Date.now(), files: whole}, ...others].slice(0, limit);
}

/**
 * @param {FileSystemFileHandle} handle
 * @returns {Promise<boolean>}
 */
async function mayRead(handle) {
  // Its type does not know that yet.
  const asking = /** @type {{requestPermission(options: {mode: 'read'}): Promise<PermissionState>}} */ (/** @type {unknown} */ (handle));
  return await asking.requestPermission({mode: 'read'}) === 'granted';
}

/**
 * @param {FileSystemFileHandle[]} handles
 * @param {Promise<boolean>[]} asked
 * @returns {Promise<Collected>}
 */
async function collect(handles, asked) {
  /** @type {Collected} */
  const collected = {files: [], lost: []};
  for (const [i, handle] of handles.entries()) {
    try {
      if (!await asked[i]) throw new Error('the browser was not allowed to read it');
      collected.files.push({file: await handle.getFile(), path: handle.name, direct: true, handle});
    } catch (error) {
      const gone = error instanceof DOMException && error.name === 'NotFoundError';
      collected.lost.push({path: handle.name, reason: gone ? 'it is not there any more: moved, renamed or removed' : messageOf(error)});
    }
  }
  return collected;
}

/** @returns {Place} this browser: its database for handles, a note for the person's word */
function browserPlace() {
  const note = 'vhdscope.recents';
  const database = () => createStore('vhdscope', 'recents');
  /** @type {ReturnType<typeof database> | undefined} */
  let opened;
  const disks = () => (opened ??= database());
  return {
    // What one page from a file keeps, all pages from files can read.
    possible: picksHandles() && location.protocol !== 'file:',
    isOn() {
      try {
        return localStorage.getItem(note) === 'on';
      } catch {
        return false;
      }
    },
    turn(on) {
      if (on) localStorage.setItem(note, 'on');
      else localStorage.removeItem(note);
    },
    load: async () => await get('disks', disks()) ?? [],
    save: (list) => set('disks', list, disks()),
    alone: (work) => navigator.locks.request('vhdscope recents', work),
  };
}
