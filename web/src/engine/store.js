// What the page knows and shows: one object, replaced field by field. Views
// read it and are told when it changed; only the workspace and its desk write it.

/** @import {DiskFiles} from '../files/files.js' */
/** @import {Comparison} from '../changes/comparisons.js' */
/** @import {Check} from '../jobs/checks.js' */
/** @import {Job} from '../jobs/desk.js' */
/** @import {DiskInfo, FileInfo, Forest, LayerInfo} from './protocol.js' */
/** @import {ReactiveController, ReactiveControllerHost} from 'lit' */
/** @import {Found} from '../search/finding.js' */
/** @import {Recent} from '../recents/recents.js' */
/** @import {Outline, Traced} from '../tracing/tracing.js' */

/** @typedef {'chain' | 'files' | 'sectors' | 'changes' | 'details' | 'check'} Tab */

/**
 * A message that stays until it is dismissed (errors) or replaced.
 *
 * @typedef {object} Notice
 * @property {number} id
 * @property {'error' | 'warning' | 'info'} kind
 * @property {string} title
 * @property {string} [text]
 * @property {() => string} [tell] instead of text, where that depends on what is open
 * @property {{label: string, act: () => unknown}[]} [actions] what the person can do about it; done, it is dismissed
 */

/**
 * Edits on top of a disk.
 *
 * @typedef {object} EditsInfo
 * @property {number} key theirs, and so that of the disk
 * @property {number} disk the key of the file that they lie on
 * @property {string} id by which they are kept when the page is closed; '' where they are lost then
 * @property {string} name of the file that they lie on, without folders
 * @property {number} undo steps that can be undone
 * @property {number} redo
 * @property {number} forgotten steps that no longer can
 * @property {number} sectors that they hold
 * @property {number} changes made since they are open
 * @property {boolean} saved whether they were saved as they are
 */

/**
 * @typedef {object} State
 * @property {Forest} forest what the engine has open
 * @property {number} disk id of the chosen disk, 0 for none
 * @property {number} layer index of the chosen layer in it
 * @property {number} other key of a chosen file that is in no chain, 0 for none; it goes before disk
 * @property {Tab} tab
 * @property {number} bytesOf what the Sectors tab shows: 0 for the resolved disk, else the key of a layer's file
 * @property {{offset: number, length: number, serial: number} | null} target a range to show in the Sectors tab; the serial tells two equal ones apart
 * @property {Found | null} found what the last search for names found
 * @property {Outline | null} outline the file whose sectors are outlined in the Sectors tab
 * @property {Traced | null} traced the byte that was asked for its file last
 * @property {string} busy what is under way, '' for nothing
 * @property {string} status what was done last, for the live region
 * @property {Notice[]} notices
 * @property {readonly Job[]} jobs that make new files, the newest first: under way, and over but not dismissed
 * @property {ReadonlyMap<string, Check>} checks of chains and files, by keyOf
 * @property {ReadonlyMap<string, DiskFiles>} files volumes of disks and what is browsed of them, by chainOf
 * @property {ReadonlyMap<string, Comparison>} comparisons of disks with and without a layer, by keyOf of those
 * @property {readonly Recent[] | null} recents disks that were opened last; null where the browser cannot tell
 * @property {boolean} editing whether keys write in the Sectors tab
 * @property {ReadonlyMap<number, EditsInfo>} edits on top of disks, by key
 */

/** Told to all subscribers after each change. */
export class Store {
  /** @type {Set<() => void>} */
  #subscribers = new Set();

  constructor() {
    /** @type {Readonly<State>} */
    this.state = {
      forest: {files: [], disks: []},
      disk: 0,
      layer: 0,
      other: 0,
      tab: 'chain',
      bytesOf: 0,
      target: null,
      found: null,
      outline: null,
      traced: null,
      busy: '',
      status: '',
      notices: [],
      jobs: [],
      checks: new Map(),
      files: new Map(),
      comparisons: new Map(),
      recents: null,
      editing: false,
      edits: new Map(),
    };
  }

  /** @param {Partial<State>} changes */
  set(changes) {
    this.state = {...this.state, ...changes};
    for (const tell of [...this.#subscribers]) tell();
  }

  /**
   * @param {() => void} tell
   * @returns {() => void} ends the subscription
   */
  subscribe(tell) {
    this.#subscribers.add(tell);
    return () => this.#subscribers.delete(tell);
  }
}

/** Updates a Lit view whenever the store changes. @implements {ReactiveController} */
export class StoreController {
  #end = () => {};

  /**
   * @param {ReactiveControllerHost} host
   * @param {() => Store} store asked when the host is connected
   */
  constructor(host, store) {
    this.host = host;
    this.store = store;
    host.addController(this);
  }

  hostConnected() {
    this.#end = this.store().subscribe(() => this.host.requestUpdate());
  }

  hostDisconnected() {
    this.#end();
  }
}

/**
 * @param {State} state
 * @returns {DiskInfo | undefined} the chosen disk
 */
export function chosenDisk(state) {
  return state.forest.disks.find((disk) => disk.id === state.disk);
}

/**
 * @param {State} state
 * @returns {LayerInfo | undefined} the chosen layer of the chosen disk
 */
export function chosenLayer(state) {
  return chosenDisk(state)?.layers[state.layer];
}

/**
 * @param {State} state
 * @param {number} key
 * @returns {FileInfo | undefined}
 */
export function fileOf(state, key) {
  return key === 0 ? undefined : state.forest.files.find((file) => file.key === key);
}

/**
 * @param {DiskInfo | undefined} disk
 * @returns {number[]} keys of the files of its chain, leaf first
 */
export function filesOf(disk) {
  return disk?.layers.map(({file}) => file).filter((file) => file !== 0) ?? [];
}

/**
 * The files that are in no chain: refused ones, and raw ones that no child
 * asked for.
 *
 * @param {Forest} forest
 * @returns {FileInfo[]}
 */
export function otherFiles(forest) {
  const used = new Set(forest.disks.flatMap((disk) => disk.layers.map((layer) => layer.file)));
  return forest.files.filter((file) => !used.has(file.key));
}
