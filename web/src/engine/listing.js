// A folder as it comes from a worker: columns of bytes, from which an entry is
// made when it is asked for. A folder of 100,000 entries is a few arrays.

import {EngineError} from './channel.js';

/** @import {Listing as Columns} from './volumes-protocol.js' */

/** @typedef {'file' | 'directory' | 'link' | 'other'} EntryKind */

/** @type {Record<string, EntryKind>} */
const kinds = {f: 'file', d: 'directory', l: 'link', o: 'other'};

const text = new TextDecoder('utf-8', {ignoreBOM: true});

export class Listing {
  #columns;
  #sizes;
  #modified;
  #created;
  #attribute;
  /** @type {string[] | undefined} */
  #names;

  /** @param {Columns} columns */
  constructor(columns) {
    const {count, kinds: kind, sizes, modified, created, attribute} = columns;
    for (const [column, width] of /** @type {const} */ ([[kind, 1], [sizes, 8], [modified, 8], [created, 8], [attribute, 4]])) {
      if (column.length !== count * width) throw EngineError.of('internal', 'A folder came with columns of different lengths.');
    }
    this.#columns = columns;
    this.#sizes = view(sizes);
    this.#modified = view(modified);
    this.#created = view(created);
    this.#attribute = view(attribute);
    /** How many entries there are. */
    this.count = count;
    /** Whether times are of a clock in a zone that is not kept, and written as if of UTC. */
    this.local = columns.local;
    /** What could not be listed, and why. */
    this.notes = columns.notes;
  }

  /** @param {number} i */
  name(i) {
    // All at once: a call of the decoder costs more than a name.
    this.#names ??= text.decode(this.#columns.names).split('\0');
    return /** @type {string} */ (this.#names[i]);
  }

  /** @param {number} i */
  kind(i) {
    return kinds[this.#letter(i).toLowerCase()] ?? 'other';
  }

  /** @param {number} i */
  deleted(i) {
    const letter = this.#letter(i);
    return letter !== letter.toLowerCase();
  }

  /** @param {number} i @returns {number} bytes */
  size(i) {
    return this.#sizes.getFloat64(8 * i, true);
  }

  /** @param {number} i @returns {number} Unix ms; NaN where it is not kept */
  modified(i) {
    return this.#modified.getFloat64(8 * i, true);
  }

  /** @param {number} i @returns {number} Unix ms; NaN where it is not kept */
  created(i) {
    return this.#created.getFloat64(8 * i, true);
  }

  /** @param {number} i @returns {string} as the file system's users write them */
  attributes(i) {
    return this.#columns.attributes[this.#attribute.getUint32(4 * i, true)] ?? '';
  }

  /** @param {number} i */
  #letter(i) {
    return String.fromCharCode(/** @type {number} */ (this.#columns.kinds[i]));
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function view({buffer, byteOffset, byteLength}) {
  return new DataView(buffer, byteOffset, byteLength);
}
