// The way between a file and its sectors, in both directions: a file's sectors
// are outlined in the Sectors tab, and a sector is asked for its file.

import {baseName, formatCount, formatOffset, isolated, messageOf} from '../format.js';
import {placeOf, runsOf} from './runs.js';

/** @import {Forest, Span} from '../engine/protocol.js' */
/** @import {Store} from '../engine/store.js' */
/** @import {Volumes} from '../engine/volumes.js' */
/** @import {Owner} from '../engine/volumes-protocol.js' */

/** A volume, by its disk and where it starts on it. @typedef {{disk: number, start: number}} Place */

/**
 * The file whose sectors are outlined.
 *
 * @typedef {object} Outline
 * @property {number} disk
 * @property {number} start of its volume
 * @property {string} path
 * @property {readonly Span[]} runs of the disk
 * @property {boolean} more whether it has more than were told
 */

/**
 * A sector that was asked for its file.
 *
 * @typedef {object} Traced
 * @property {number} disk
 * @property {number} offset of the byte that was asked about
 * @property {boolean} running
 * @property {number} done
 * @property {number} total 0 while that is not known
 * @property {string} answer in words, '' while it is awaited
 * @property {number} start of the volume, where there is one
 * @property {string} path of the file, where there is one
 */

/** What the page needs to show a range. @typedef {{store: Store, volumes: Volumes, looking: {showSectors: (disk: number, offset: number, length: number) => void}, notify: (kind: 'error' | 'info', title: string, text?: string) => void}} Page */

/** How often figures change, in ms. */
const tick = 100;

export class Tracing {
  #page;
  #asking = new AbortController();
  /** @type {Forest} */
  #seen;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#seen = page.store.state.forest;
    page.store.subscribe(() => this.#forgetClosed());
  }

  /**
   * Outlines a file's sectors, and goes to the first of them, or to a range of
   * the file's bytes.
   *
   * @param {Place} place
   * @param {string} path
   * @param {Span} [range]
   */
  async outline({disk, start}, path, range) {
    const {store, volumes} = this.#page;
    const {signal} = this.#begin();
    try {
      const volume = await volumes.open(disk, start, {signal});
      const {extents, more} = await volume.map(path, {signal});
      const runs = runsOf(extents);
      const to = range ? placeOf(extents, range) : runs[0];
      if (!to) {
        this.#page.notify('info', `${isolated(baseName(path))} has no sectors of its own`,
          range ? 'These bytes are zeros that are stored nowhere.' : 'Its bytes, if it has any, are zeros that are stored nowhere, or lie in a structure of the file system.');
        return;
      }
      store.set({outline: {disk, start, path, runs, more}, traced: null});
      this.#page.looking.showSectors(disk, to.offset, range ? to.length : 1);
      store.set({status: `${isolated(baseName(path))}: ${formatCount(runs.length, 'run')} of sectors outlined.`});
    } catch (error) {
      if (!signal.aborted) this.#page.notify('error', `The sectors of ${isolated(baseName(path))} could not be found`, messageOf(error));
    }
  }

  /** Takes the outline away. */
  clear() {
    this.#page.store.set({outline: null});
  }

  /**
   * Asks which file a byte of a disk belongs to. At first an index of the
   * volume is built, which may take a while.
   *
   * @param {number} disk
   * @param {number} offset
   */
  async ask(disk, offset) {
    const {store, volumes} = this.#page;
    const {signal} = this.#begin();
    store.set({traced: {disk, offset, running: true, done: 0, total: 0, answer: '', start: 0, path: ''}});
    let shown = -Infinity;
    try {
      const {parts} = await volumes.scan(disk, {signal});
      const part = parts.find(({start, size}) => offset >= start && offset < start + size);
      if (!part || part.gap) return this.#end({answer: 'It lies outside of all volumes: in the partition table, or in space that no volume uses.'});
      if (!part.browsable) return this.#end({answer: `It lies in a volume that cannot be looked into here${part.contentProblem ? `: ${part.contentProblem}` : '.'}`});
      const volume = await volumes.open(disk, part.start, {signal});
      const owner = await volume.owner(offset, {
        signal,
        onProgress: (done, total) => {
          const now = performance.now();
          if (signal.aborted || now - shown < tick) return;
          shown = now;
          this.#end({running: true, done, total});
        },
      });
      this.#end({answer: inWords(owner), start: part.start, path: owner.files[0]?.path ?? ''});
    } catch (error) {
      if (!signal.aborted) this.#end({answer: `It could not be found out: ${messageOf(error)}`});
    }
  }

  /** Ends asking, and takes the answer away. */
  forget() {
    this.#asking.abort();
    this.#page.store.set({traced: null});
  }

  #begin() {
    this.#asking.abort();
    this.#asking = new AbortController();
    return this.#asking;
  }

  /** @param {Partial<import('./tracing.js').Traced>} changes */
  #end(changes) {
    const {traced} = this.#page.store.state;
    if (traced) this.#page.store.set({traced: {...traced, running: false, ...changes}});
  }

  #forgetClosed() {
    const {forest, outline, traced} = this.#page.store.state;
    if (forest === this.#seen) return;
    this.#seen = forest;
    const open = (/** @type {{disk: number} | null} */ one) => !one || forest.disks.some(({id}) => id === one.disk);
    if (!open(outline)) this.clear();
    if (!open(traced)) this.forget();
  }
}

/**
 * @param {Owner} owner
 * @returns {string} up to the path of the first file, where there is one
 */
export function inWords({files, more, structure, known}) {
  const [first] = files;
  if (first) {
    const count = files.length + more;
    const shared = count > 1 ? `${formatCount(count, 'file')} share it. ` : '';
    return `${shared}It ${first.packed > 0 ? 'holds, in another form, bytes of' : `is byte ${formatOffset(first.offset)} of`}`;
  }
  if (structure) return `It belongs to no file: ${structure}.`;
  return known ? 'It belongs to no file.' : 'What it belongs to is not known: not all of this volume could be read.';
}
