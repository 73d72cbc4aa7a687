// What is looked at: a layer of a disk, or a file of no chain, and whose bytes.
// What becomes of that when the person goes on to another, and when files come
// and go.

import {chosenDisk, otherFiles} from './engine/store.js';

/** @import {DiskInfo, Forest} from './engine/protocol.js' */
/** @import {State, Store, Tab} from './engine/store.js' */
/** @import {Files} from './files/files.js' */
/** @import {Finding} from './search/finding.js' */

export class Looking {
  #store;
  #files;
  #finding;
  #lastTarget = 0;

  /**
   * @param {Store} store
   * @param {Files} files
   * @param {Finding} finding
   */
  constructor(store, files, finding) {
    this.#store = store;
    this.#files = files;
    this.#finding = finding;
  }

  /**
   * Keeps, or finds, something to look at when files have come or gone.
   *
   * @param {Forest} forest takes the place of the one in the store
   * @param {number[]} fresh keys of the files that just came
   */
  showForest(forest, fresh) {
    this.#store.set(lookAtForest(this.#store.state, forest, fresh));
  }

  /**
   * @param {number} disk
   * @param {number} layer
   */
  selectLayer(disk, layer) {
    this.#store.set(lookAtLayer(this.#store.state, disk, layer));
  }

  /** @param {number} key of a file that is in no chain */
  selectOther(key) {
    this.#store.set({other: key, target: null});
  }

  /** @param {Tab} tab */
  selectTab(tab) {
    this.#store.set({tab});
  }

  /** @param {number} key of a layer's file, 0 for the resolved disk */
  selectBytes(key) {
    this.#store.set({bytesOf: key, target: null});
  }

  /**
   * Shows bytes of a layer's own file in the Sectors tab.
   *
   * @param {number} key
   * @param {number} offset
   * @param {number} length
   */
  showBytes(key, offset, length) {
    const {state} = this.#store;
    const layer = chosenDisk(state)?.layers.findIndex(({file}) => file === key) ?? -1;
    this.#store.set({
      tab: 'sectors',
      bytesOf: key,
      layer: layer < 0 ? state.layer : layer,
      target: {offset, length, serial: ++this.#lastTarget},
    });
  }

  /**
   * Shows a run of a disk in the Sectors tab.
   *
   * @param {number} disk
   * @param {number} offset
   * @param {number} length
   */
  showSectors(disk, offset, length) {
    const {state} = this.#store;
    const layer = disk === state.disk ? state.layer : 0;
    this.#store.set({...lookAtLayer(state, disk, layer), tab: 'sectors', bytesOf: 0, target: {offset, length, serial: ++this.#lastTarget}});
  }

  /**
   * Shows a file, or a folder, in the Files tab.
   *
   * @param {number} id of the disk
   * @param {number} start of its volume, in bytes
   * @param {string} path
   * @returns {Promise<void>} resolves when it is shown, or why it cannot be
   */
  async showFile(id, start, path) {
    const {state} = this.#store;
    const disk = state.forest.disks.find((one) => one.id === id);
    if (!disk) return;
    this.#store.set({...lookAtLayer(state, id, id === state.disk ? state.layer : 0), tab: 'files'});
    this.#finding.show(false);
    await this.#files.show(disk, start, path);
  }
}

/**
 * @param {State} state
 * @param {number} disk
 * @param {number} layer
 * @returns {Partial<State>} what changes when a layer is chosen
 */
function lookAtLayer(state, disk, layer) {
  const there = {disk, layer, other: 0};
  if (disk !== state.disk || state.other !== 0) return {...there, bytesOf: 0, target: null};
  if (state.bytesOf === 0) return there;
  // Whoever looks at one layer's own file goes on to look at the next one's.
  const file = chosenDisk(state)?.layers[layer]?.file ?? 0;
  return file === state.bytesOf ? there : {...there, bytesOf: file, target: null};
}

/**
 * Keeps, or finds, something to look at in a forest.
 *
 * @param {State} state
 * @param {Forest} forest
 * @param {number[]} fresh keys of the files that just came
 * @returns {Partial<State>} what changes when this forest takes the place of the one before
 */
function lookAtForest(state, forest, fresh) {
  const before = chosenDisk(state)?.layers[state.layer]?.file ?? 0;
  const same = forest.disks.find(({id}) => id === state.disk);
  const joined = fresh.some((key) => same && holds(same, key));
  const disk = (joined ? same : undefined)
    ?? forest.disks.find((one) => fresh.some((key) => holds(one, key)))
    ?? same
    ?? forest.disks.find((one) => holds(one, before))
    ?? forest.disks[0];
  const layer = disk?.layers.findIndex(({file}) => file !== 0 && file === before) ?? -1;
  const moved = joined || disk?.id !== state.disk;
  const others = otherFiles(forest);
  const other = disk
    ? others.find(({key}) => !moved && key === state.other)
    : others.find(({key}) => key === state.other) ?? others[0];
  const keepsBytes = disk?.id === state.disk && disk.layers.some(({file}) => file === state.bytesOf);
  return {
    forest,
    disk: disk?.id ?? 0,
    layer: Math.max(layer, 0),
    other: other?.key ?? 0,
    tab: firstTab(state.forest, forest, disk) ?? state.tab,
    bytesOf: keepsBytes ? state.bytesOf : 0,
    target: keepsBytes ? state.target : null,
  };
}

/**
 * @param {DiskInfo} disk
 * @param {number} key
 */
function holds({layers}, key) {
  return key !== 0 && layers.some(({file}) => file === key);
}

/**
 * The tab to show when what is open begins or ends: the disk's sectors, or, if
 * something is missing, the chain that says so. Between, the person decides.
 *
 * @param {Forest} before
 * @param {Forest} now
 * @param {DiskInfo | undefined} disk
 * @returns {Tab | undefined}
 */
function firstTab(before, now, disk) {
  if (now.disks.length === 0) return 'chain';
  if (before.disks.length > 0) return undefined;
  return disk?.complete ? 'sectors' : 'chain';
}
