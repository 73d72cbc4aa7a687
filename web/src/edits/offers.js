// Edits that are kept from before: they are offered when their disk is opened
// again, by this tab or none.

import {fileOf} from '../engine/store.js';
import {baseName, formatCount, formatDate} from '../format.js';
import {isRemote, plainAddress} from '../remote/remote-file.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {RemoteFile} from '../remote/remote-file.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Question} from './editing.js' */
/** @import {Kept, Shelf} from './shelf.js' */

export class Offers {
  #workspace;
  #shelf;
  #goOn;
  #ask;
  /** Kept edits that were offered, by id: one that was turned down is not offered again before the next visit. @type {Set<string>} */
  #offered = new Set();
  /** Offers that can still be taken, by id. @type {Map<string, number>} */
  #offers = new Map();
  /** Leaves that were seen. @type {Set<number>} */
  #seen = new Set();

  /**
   * @param {Workspace} workspace
   * @param {Shelf} shelf
   * @param {(leaf: number, kept: Kept) => unknown} goOn lays kept edits on a disk again
   * @param {(question: Question) => Promise<boolean>} ask
   */
  constructor(workspace, shelf, goOn, ask) {
    this.#workspace = workspace;
    this.#shelf = shelf;
    this.#goOn = goOn;
    this.#ask = ask;
  }

  get #store() {
    return this.#workspace.store;
  }

  /** Offers kept edits of disks that just came. */
  look() {
    const {forest} = this.#store.state;
    const leaves = new Set(forest.disks.map(({id}) => id));
    for (const leaf of this.#seen) if (!leaves.has(leaf)) this.#seen.delete(leaf);
    for (const disk of forest.disks) {
      if (this.#seen.has(disk.id)) continue;
      this.#seen.add(disk.id);
      const kept = disk.layers[0]?.edit ? undefined : this.#of(disk);
      if (kept && !this.#offered.has(kept.id)) void this.#meet(disk, kept);
    }
  }

  /**
   * Lets edits be offered again when their disk comes again.
   *
   * @param {string} id
   */
  renew(id) {
    this.#offered.delete(id);
  }

  /**
   * Before a disk is edited: where edits of it are kept, they come first.
   *
   * @param {DiskInfo} disk without edits on top
   * @returns {Promise<boolean>} whether the person was told of some
   */
  async stop(disk) {
    const kept = this.#of(disk);
    if (!kept) return false;
    if (await this.#shelf.usedElsewhere(kept.id)) {
      this.#workspace.notify('warning', 'This disk is being edited in another tab', elsewhere(kept));
    } else {
      this.#offer(disk, kept);
    }
    return true;
  }

  /** @param {DiskInfo} disk @returns {Kept | undefined} */
  #of(disk) {
    const file = fileOf(this.#store.state, leafOf(disk));
    if (!file) return undefined;
    const name = baseName(file.name);
    const given = this.#workspace.opened.given(file.key);
    const kept = this.#shelf.list().filter((one) => one.uuid === file.uuid && one.name === name);
    // Of several, those of this very place.
    return kept.find(({url}) => given && url === sourceOf(given).url) ?? kept[0];
  }

  /**
   * @param {DiskInfo} disk
   * @param {Kept} kept
   */
  async #meet(disk, kept) {
    this.#offered.add(kept.id);
    if (await this.#shelf.usedElsewhere(kept.id)) {
      this.#workspace.notify('info', `${kept.name} is being edited in another tab`, elsewhere(kept));
    } else if (kept.sectors === 0) {
      await this.#shelf.remove(kept.id);
    } else {
      this.#offer(disk, kept);
    }
  }

  /**
   * @param {DiskInfo} disk
   * @param {Kept} kept
   */
  #offer(disk, kept) {
    const before = this.#offers.get(kept.id);
    if (before !== undefined) this.#workspace.dismiss(before);
    const leaf = leafOf(disk);
    const given = this.#workspace.opened.given(leaf);
    const file = fileOf(this.#store.state, leaf);
    const moved = given && (!isSource(kept, sourceOf(given)) || file?.size !== kept.size);
    const notice = this.#workspace.notify(moved ? 'warning' : 'info', `There are edits of ${kept.name}`,
      `${formatCount(kept.sectors, 'sector')} edited, last on ${formatDate(kept.changed)}${kept.saved ? '; they were saved' : '; not saved'}.` +
      (moved ? ' The file was changed since: what it holds now may not go together with them.' : ''), [
        {label: 'Continue', act: () => this.#goOn(leaf, kept)},
        {label: 'Discard', act: () => this.#drop(disk, kept)},
      ]);
    this.#offers.set(kept.id, notice);
  }

  /**
   * @param {DiskInfo} disk
   * @param {Kept} kept
   */
  async #drop(disk, kept) {
    if (!kept.saved && !await this.#ask(lossOf(kept))) {
      this.#offer(disk, kept);
      return;
    }
    if (await this.#shelf.usedElsewhere(kept.id)) {
      this.#workspace.notify('warning', 'These edits are in use in another tab', elsewhere(kept));
      return;
    }
    await this.#shelf.remove(kept.id);
    this.#store.set({status: `The edits of ${kept.name} were discarded.`});
  }
}

/**
 * What to ask before edits are discarded.
 *
 * @param {{name: string, sectors: number, saved: boolean}} edits
 * @returns {Question}
 */
export function lossOf({name, sectors, saved}) {
  return {
    title: `Discard the edits of ${name}?`,
    paragraphs: [
      `${formatCount(sectors, 'sector')} ${sectors === 1 ? 'was' : 'were'} edited${saved ? '' : ', and the edits were not saved'}.`,
      'The disk will read as it did before, and this cannot be undone. The file itself was never changed.',
    ],
    confirm: 'Discard edits',
  };
}

/**
 * What a file is known by when it comes again.
 *
 * @param {File | RemoteFile} file
 * @returns {Pick<Kept, 'modified' | 'url' | 'etag'>}
 */
export function sourceOf(file) {
  const {lastModified: modified} = file;
  return isRemote(file) ? {modified, url: plainAddress(file.url), etag: file.etag} : {modified, url: '', etag: ''};
}

/**
 * @param {Kept} kept
 * @param {Pick<Kept, 'modified' | 'url' | 'etag'>} source
 */
function isSource({modified, url, etag}, source) {
  // An ETag says more than a time.
  return url === source.url && etag === source.etag && (etag !== '' || modified === source.modified);
}

/** The key of the file that edits of a disk lie on, or would. @param {DiskInfo} disk */
export function leafOf({id, layers}) {
  return layers[0]?.edit ? (layers[1]?.file ?? 0) : id;
}

/** @param {Kept} kept */
function elsewhere({name}) {
  return `Edits of ${name} can be made in one tab at a time. Close the other one, or go on there.`;
}
