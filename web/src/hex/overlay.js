// Bytes that were typed and are not in what was read yet: shown at once, over
// the chunks, until the engine has them and they were read again.

import {chunkSize, chunksOf} from './chunks.js';

/** @typedef {import('./types.js').Chunk} Chunk */

/** @typedef {{offset: number, bytes: Uint8Array, settled: boolean}} Written */

export class Overlay {
  /** In the order in which they were made: the last one counts. @type {Written[]} */
  #writes = [];
  #version = 0;
  /** @type {Map<number, {chunk: Chunk, version: number, shown: Chunk}>} */
  #made = new Map();

  /**
   * @param {number} offset
   * @param {Uint8Array} bytes
   * @returns {Written} to settle or drop
   */
  add(offset, bytes) {
    const write = {offset, bytes, settled: false};
    this.#writes.push(write);
    this.#version++;
    return write;
  }

  /**
   * The engine has it: it is shown over what was read before, no longer over
   * what is read from now on.
   * @param {Written} write
   */
  settle(write) {
    write.settled = true;
    this.#version++;
  }

  /** It was not written after all. @param {Written} write */
  drop(write) {
    this.#writes = this.#writes.filter((one) => one !== write);
    this.#version++;
  }

  /**
   * Forgets what the engine has and was read again since.
   * @param {(number: number) => boolean} isStale whether a chunk was read before
   */
  prune(isStale) {
    const kept = this.#writes.filter((write) => {
      if (!write.settled) return true;
      const {first, last} = chunksOf(write.offset, write.bytes.length, Infinity);
      for (let number = first; number <= last; number++) if (isStale(number)) return true;
      return false;
    });
    if (kept.length === this.#writes.length) return;
    this.#writes = kept;
    this.#version++;
    this.#made.clear();
  }

  clear() {
    this.#writes = [];
    this.#made.clear();
    this.#version++;
  }

  /**
   * A chunk with what was typed over it: the same object as long as nothing
   * changes.
   * @param {Chunk} chunk
   * @param {boolean} stale it was read before the last of the settled writes
   * @returns {Chunk}
   */
  over(chunk, stale) {
    const writes = this.#writes.filter(({offset, bytes, settled}) => (stale || !settled) &&
      offset < chunk.offset + chunk.bytes.length && offset + bytes.length > chunk.offset);
    if (writes.length === 0) return chunk;
    const number = chunk.offset / chunkSize;
    const made = this.#made.get(number);
    if (made && made.chunk === chunk && made.version === this.#version) return made.shown;
    const all = chunk.bytes.slice();
    for (const {offset, bytes} of writes) {
      const from = Math.max(0, chunk.offset - offset);
      const to = Math.min(bytes.length, chunk.offset + all.length - offset);
      all.set(bytes.subarray(from, to), offset + from - chunk.offset);
    }
    const shown = {...chunk, bytes: all};
    this.#made.set(number, {chunk, version: this.#version, shown});
    return shown;
  }
}
