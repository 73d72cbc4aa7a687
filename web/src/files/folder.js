// A folder as it was listed, and how one looks at it: in what order, through
// which filter, what is picked, how far down. It comes back as it was left.

import {folded, matcher} from './names.js';
import {pathIn} from './paths.js';
import {Picking} from './picking.js';
import {order, rank} from './sorting.js';

/** @import {Listing} from '../engine/listing.js' */
/** @import {LayersOf} from '../engine/volumes-protocol.js' */
/** @import {Key, Sort} from './sorting.js' */

export class Folder {
  /** As from the engine: columns, a value a row. */
  listing;
  picking = new Picking();
  /** How far it is scrolled down, in px. */
  top = 0;
  /** What is known of where files lie. @type {Map<number, LayersOf>} */
  layers = new Map();
  /** @type {string[]} */
  #names;
  /** @type {string[] | undefined} */
  #folded;
  /** @type {Uint32Array | undefined} */
  #ranks;
  /** @type {Sort} */
  #sort;
  #filter = '';
  /** @type {Uint32Array} */
  #order = new Uint32Array(0);

  /**
   * @param {string} path
   * @param {Listing} listing
   * @param {Sort} sort
   */
  constructor(path, listing, sort) {
    this.path = path;
    this.listing = listing;
    this.#sort = sort;
    this.#names = Array.from({length: listing.count}, (_, row) => listing.name(row));
    this.#arrange();
    this.picking.active = this.#order[0] ?? -1;
  }

  /** The rows as they are shown. */
  get order() {
    return this.#order;
  }

  get sort() {
    return this.#sort;
  }

  /** @param {Sort} sort */
  set sort(sort) {
    this.#sort = sort;
    this.#arrange();
  }

  get filter() {
    return this.#filter;
  }

  /** @param {string} text */
  set filter(text) {
    this.#filter = text;
    this.#arrange();
    this.picking.keepTo(this.#order);
  }

  /** @param {number} row */
  nameOf(row) {
    return /** @type {string} */ (this.#names[row]);
  }

  /** @param {number} row */
  pathOf(row) {
    return pathIn(this.path, this.nameOf(row));
  }

  /**
   * @param {string} name
   * @returns {number} its row, -1 where there is none
   */
  rowOf(name) {
    return this.#names.indexOf(name);
  }

  /**
   * The next row whose name begins so, round to the start.
   *
   * @param {string} text folded
   * @param {boolean} again whether the active row itself does not count
   * @returns {number} -1 where none does
   */
  find(text, again) {
    const from = Math.max(0, this.#order.indexOf(this.picking.active));
    const count = this.#order.length;
    for (let i = again ? 1 : 0; i < count + (again ? 1 : 0); i++) {
      const row = /** @type {number} */ (this.#order[(from + i) % count]);
      if (this.#foldedNames[row]?.startsWith(text)) return row;
    }
    return -1;
  }

  /** The paths of what is picked, in the order in which it is shown. */
  get pickedPaths() {
    return this.pickedRows.map((row) => this.pathOf(row));
  }

  /** What is picked, in the order in which it is shown. @returns {number[]} */
  get pickedRows() {
    const {picking} = this;
    if (picking.size < 2) return [...picking.rows()];
    return [...this.#order].filter((row) => picking.has(row));
  }

  get #foldedNames() {
    this.#folded ??= this.#names.map(folded);
    return this.#folded;
  }

  #arrange() {
    this.#ranks ??= rank(this.#names);
    const {listing} = this;
    const lets = matcher(this.#filter);
    const all = Uint32Array.from({length: listing.count}, (_, row) => row);
    const rows = lets ? all.filter((row) => lets(/** @type {string} */ (this.#foldedNames[row]))) : all;
    order(rows, this.#ranks, (row) => listing.kind(row) === 'directory', this.#key(), this.#sort.down);
    this.#order = rows;
  }

  /** @returns {Key | null} */
  #key() {
    const {listing} = this;
    switch (this.#sort.by) {
      case 'size': return (row) => (listing.kind(row) === 'directory' ? NaN : listing.size(row));
      case 'modified': return (row) => listing.modified(row);
      case 'created': return (row) => listing.created(row);
      case 'attributes': return (row) => listing.attributes(row);
      case 'layers': return (row) => this.#topLayer(row);
      default: return null;
    }
  }

  /**
   * @param {number} row
   * @returns {number} by how much of a file is of the layers on top, those of the first before all others
   */
  #topLayer(row) {
    const bytes = this.layers.get(row)?.bytes;
    const layer = bytes?.findIndex((count) => count > 0) ?? -1;
    if (!bytes || layer < 0) return NaN;
    const all = bytes.reduce((sum, count) => sum + count, 0);
    return layer - /** @type {number} */ (bytes[layer]) / (all + 1);
  }
}
