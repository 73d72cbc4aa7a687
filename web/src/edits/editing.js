// Editing: what a person writes on disks, from the first byte until it is
// saved, discarded or put aside. The files that were opened stay as they are:
// edits go to a layer of their own on top of a chain, which the engine makes
// when the first byte is written.

import {chosenDisk, fileOf, filesOf} from '../engine/store.js';
import {baseName, formatCount, messageOf} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {leafOf, lossOf, Offers, sourceOf} from './offers.js';

/** @import {Edits as Laid, EditState} from '../engine/jobs-protocol.js' */
/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {EditsInfo, State, Store} from '../engine/store.js' */
/** @import {Edits} from '../hex/types.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Kept, Shelf} from './shelf.js' */

/** @typedef {{title: string, paragraphs: string[], confirm: string}} Question */

export class Editing {
  #workspace;
  #shelf;
  #ask;
  #offers;
  /** Edits that are being discarded, by key. @type {Set<number>} */
  #unwanted = new Set();
  /** The leaf of the disk that is being edited. */
  #leaf = 0;
  /** The end of the making of layers under way, by leaf. @type {Map<number, Promise<number>>} */
  #making = new Map();
  /** Steps that are not kept yet. @type {Set<Promise<unknown>>} */
  #underWay = new Set();
  /** Edits that are being saved, by key. @type {Set<number>} */
  #saving = new Set();
  /** What editing a disk writes to, by its leaf. @type {Map<number, Edits>} */
  #edits = new Map();

  /**
   * @param {Workspace} workspace
   * @param {Shelf} shelf
   * @param {(question: Question) => Promise<boolean>} ask
   */
  constructor(workspace, shelf, ask) {
    this.#workspace = workspace;
    this.#shelf = shelf;
    this.#ask = ask;
    this.#offers = new Offers(workspace, shelf, (leaf, kept) => this.#goOn(leaf, kept), ask);
    workspace.store.subscribe(() => {
      this.#followDisk();
      this.#offers.look();
    });
  }

  get #store() {
    return this.#workspace.store;
  }

  /**
   * What editing a disk writes to: the same as long as its leaf is open.
   *
   * @param {DiskInfo} disk
   * @returns {Edits}
   */
  of(disk) {
    const leaf = leafOf(disk);
    let edits = this.#edits.get(leaf);
    if (!edits) {
      const engine = this.#workspace.engine;
      edits = {
        write: (offset, bytes, length = bytes.length) => this.#step(leaf, (key) =>
          engine.request('write', {disk: key, offset, length, bytes: /** @type {Uint8Array<ArrayBuffer>} */ (bytes)})),
        revert: (span) => this.#step(leaf, (key) => engine.request('revert', {disk: key, ...span})),
        undo: () => this.#step(leaf, (key) => engine.request('undo', {disk: key, redo: false}), false),
        redo: () => this.#step(leaf, (key) => engine.request('undo', {disk: key, redo: true}), false),
      };
      this.#edits.set(leaf, edits);
    }
    return edits;
  }

  /**
   * Lets keys write on the chosen disk, or says why not.
   *
   * @param {boolean} on
   */
  async turn(on) {
    const disk = chosenDisk(this.#store.state);
    if (!on || !disk) {
      this.#store.set({editing: false});
      return;
    }
    if (!disk.layers[0]?.edit) {
      if (await this.#offers.stop(disk)) return;
      void this.#workspace.prepareEdits().catch(() => {}); // the first byte will tell
      if (!await this.#shelf.usable()) {
        this.#workspace.notify('info', 'Edits last as long as this tab',
          'This browser gives the page no place to keep them. Save them before you close it.');
      }
    }
    this.#start(leafOf(disk));
  }

  /** @param {number} leaf of the chosen disk */
  #start(leaf) {
    this.#leaf = leaf;
    this.#store.set({editing: true, bytesOf: 0});
  }

  /** Whoever goes on to another disk does not edit that one unawares. */
  #followDisk() {
    const {state} = this.#store;
    if (!state.editing) return;
    const disk = chosenDisk(state);
    if (!disk || leafOf(disk) !== this.#leaf) this.#store.set({editing: false});
  }

  /**
   * Takes all edits of a disk back, when the person confirms.
   *
   * @param {number} key of the edits
   */
  async discard(key) {
    const info = this.#store.state.edits.get(key);
    if (!info) return;
    if (!await this.#ask(lossOf(info))) return;
    this.#unwanted.add(key);
    try {
      await this.#workspace.close([key]);
    } catch {
      return; // the workspace has told the person
    } finally {
      this.#unwanted.delete(key);
    }
    this.#store.set({status: `The edits of ${info.name} were discarded.`});
  }

  /**
   * Before files are closed: edits on them are put aside, to be gone on with
   * when their disk is opened again. Where they cannot be kept, the person is
   * asked.
   *
   * @param {number[]} keys of the files; none means all
   * @returns {Promise<boolean>} whether they may be closed
   */
  async mayClose(keys) {
    await this.#settle();
    const lost = this.#of(keys).filter(({key, id, saved, sectors}) => !this.#unwanted.has(key) && !id && !saved && sectors > 0);
    if (lost.length === 0) return true;
    return this.#ask({
      title: 'Close without saving the edits?',
      paragraphs: [`The edits of ${lost.map(({name}) => name).join(', ')} are in this tab only, and were not saved.`],
      confirm: 'Close and lose them',
    });
  }

  /**
   * After edits were closed in the engine: those that are discarded, or hold
   * nothing, are removed for good.
   *
   * @param {EditsInfo[]} closed
   */
  async putAside(closed) {
    const kept = closed.filter(({key, id, sectors}) => id && sectors > 0 && !this.#unwanted.has(key));
    for (const {id} of kept) {
      this.#offers.renew(id);
      this.#shelf.letGo(id);
    }
    const removed = closed.filter((info) => info.id && !kept.includes(info)).map(({id}) => this.#shelf.remove(id));
    const unsaved = kept.filter(({saved}) => !saved);
    if (unsaved.length > 0) {
      this.#workspace.notify('info', `The edits of ${unsaved.map(({name}) => name).join(', ')} are kept`,
        'They stay in this browser, and are offered when the disk is opened again.');
    }
    await Promise.all(removed);
  }

  /** @param {number[]} keys of files; none means all */
  #of(keys) {
    const {edits} = this.#store.state;
    return [...edits.values()].filter(({key, disk}) => keys.length === 0 || keys.includes(key) || keys.includes(disk));
  }

  /**
   * Saves the edits as a child of the file that they lie on: the sectors that
   * differ, so that any tool opens it beside that file. To be called in the
   * person's click, which lets the browser ask for a place.
   *
   * @param {DiskInfo} disk
   */
  async save(disk) {
    const info = this.#store.state.edits.get(disk.id);
    // A second click of a double click is none.
    if (!info || this.#saving.has(info.key)) return;
    this.#saving.add(info.key);
    const done = await this.#workspace.desk.start({
      title: 'Save edits as VHD',
      source: info.name,
      name: nameFor(info.name, 'edited'),
      command: 'save',
      value: {
        disk: info.key, as: 'differencing', blockSize: 0, salvage: false,
        // Where a part of the disk cannot be read there is nothing to compare: all edits are saved.
        ...(disk.complete ? {first: 0, last: disk.layers.length - 1, parent: info.disk} : {first: 0, last: 0, parent: 0}),
      },
      files: filesOf(disk),
    }).finally(() => this.#saving.delete(info.key));
    const now = this.#store.state.edits.get(info.key);
    // What was edited meanwhile may not be in it.
    if (done && now?.changes === info.changes) this.#set({...now, saved: true});
  }

  /** Whether anything would be lost, or is at least not saved, when the page ends. */
  get unsaved() {
    return this.#underWay.size > 0 || [...this.#store.state.edits.values()].some(({saved, sectors}) => !saved && sectors > 0);
  }

  /**
   * The engine was lost and has opened everything again.
   *
   * @param {Laid[]} laid edits that it laid on top again
   * @param {{key: number, name: string}[]} lost those that it could not
   */
  reopened(laid, lost) {
    const edits = new Map(this.#store.state.edits);
    for (const {key, state} of laid) {
      const info = edits.get(key);
      if (info) edits.set(key, {...info, ...stepsOf(state)});
    }
    for (const {key} of lost) {
      const info = edits.get(key);
      if (info?.id) this.#shelf.letGo(info.id);
      edits.delete(key);
    }
    this.#store.set({edits, ...(lost.length > 0 ? {editing: false} : {})});
    if (laid.length > 0) {
      this.#workspace.notify('info', 'Your edits are still there', 'Steps from before the engine stopped can no longer be undone one by one.');
    }
    if (lost.length > 0) {
      this.#workspace.notify('error', 'Edits were lost with the engine', lost.map(({name}) => name).join('\n'));
    }
  }

  /**
   * One step of one disk, after those before it.
   *
   * @param {number} leaf
   * @param {(key: number) => Promise<EditState>} ask
   * @param {boolean} [makes] whether a layer is made for it where there is none
   */
  async #step(leaf, ask, makes = true) {
    const step = this.#take(leaf, ask, makes);
    this.#underWay.add(step);
    try {
      return await step;
    } finally {
      this.#underWay.delete(step);
    }
  }

  /** Waits until all that was typed is kept. */
  async #settle() {
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay);
      // The next of a row of steps comes when the one before is over.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /**
   * @param {number} leaf
   * @param {(key: number) => Promise<EditState>} ask
   * @param {boolean} makes
   */
  async #take(leaf, ask, makes) {
    let key = this.#keyOn(leaf);
    if (key === 0) {
      if (!makes) return {undo: 0, redo: 0, offset: 0, length: 0};
      key = await this.#make(leaf);
    }
    const state = await ask(key);
    const info = this.#store.state.edits.get(key);
    if (info) {
      const changed = state.length > 0;
      this.#set({...info, ...stepsOf(state), saved: info.saved && !changed, changes: info.changes + Number(changed)}, state);
    }
    return state;
  }

  /** @param {number} leaf @returns {number} the key of its edits, 0 for none */
  #keyOn(leaf) {
    for (const {key, disk} of this.#store.state.edits.values()) if (disk === leaf) return key;
    return 0;
  }

  /**
   * @param {number} leaf
   * @param {Kept} [kept] what to go on with
   * @returns {Promise<number>} the key of the edits
   */
  #make(leaf, kept) {
    let making = this.#making.get(leaf);
    if (!making) {
      making = this.#layOn(leaf, kept).finally(() => this.#making.delete(leaf));
      this.#making.set(leaf, making);
    }
    return making;
  }

  /**
   * @param {number} leaf
   * @param {Kept} [kept]
   */
  async #layOn(leaf, kept) {
    const file = fileOf(this.#store.state, leaf);
    const given = this.#workspace.opened.given(leaf);
    if (!file || !given) throw new Error('The file is no longer open.');
    const name = baseName(file.name);
    const id = kept?.id ?? (await this.#shelf.usable() ? crypto.randomUUID() : '');
    if (id && !await this.#shelf.hold(id)) throw new Error('These edits are in use in another tab.');
    /** @type {Kept} */
    const note = kept ?? {id, name, uuid: file.uuid, size: file.size, ...sourceOf(given), changed: Date.now(), sectors: 0, saved: false};
    if (id) this.#shelf.note(note);
    try {
      const {key, state} = await this.#workspace.layEdits(leaf, `Edits of ${name}`, id ? this.#shelf.pathOf(id) : '');
      this.#set({key, disk: leaf, id, name, saved: note.saved, changes: 0, ...stepsOf(state)}, state);
      return key;
    } catch (error) {
      if (id && !kept) await this.#shelf.remove(id);
      else if (id) this.#shelf.letGo(id);
      throw error;
    }
  }

  /**
   * @param {EditsInfo} info
   * @param {EditState} [state] what the engine said, where it did
   */
  #set(info, state) {
    const {forest, edits} = this.#store.state;
    /** @type {Partial<State>} */
    const changes = {edits: new Map(edits).set(info.key, info)};
    const file = state && fileOf(this.#store.state, info.key);
    if (file && (file.size !== state.file.size || file.allocated !== state.file.allocated)) {
      changes.forest = {...forest, files: forest.files.map((one) => (one === file ? state.file : one))};
    }
    this.#store.set(changes);
    const kept = info.id ? this.#shelf.list().find(({id}) => id === info.id) : undefined;
    if (kept) this.#shelf.note({...kept, changed: Date.now(), sectors: info.sectors, saved: info.saved});
  }

  /**
   * @param {number} leaf
   * @param {Kept} kept
   */
  async #goOn(leaf, kept) {
    try {
      await this.#make(leaf, kept);
      const key = this.#keyOn(leaf);
      if (this.#store.state.disk !== key) this.#workspace.looking.selectLayer(key, 0);
      this.#workspace.looking.selectTab('sectors');
      this.#start(leaf);
      this.#store.set({status: `The edits of ${kept.name} are on top again: ${formatCount(kept.sectors, 'sector')}.`});
    } catch (error) {
      this.#workspace.notify('error', 'These edits could not be opened', messageOf(error));
    }
  }

}

/** @param {EditState} state */
function stepsOf({undo, redo, forgotten, sectors}) {
  return {undo, redo, forgotten, sectors};
}
