// What has been read: aligned chunks of bytes with the extents they came
// from, the longest unused forgotten first; and what still has to be asked.

/** @typedef {import('./types.js').Chunk} Chunk */
/** @typedef {import('./types.js').Extent} Extent */
/** @typedef {import('./types.js').Span} Span */
/** @typedef {import('./types.js').View} View */

/** Bytes of a chunk. Rows never straddle chunks. */
export const chunkSize = 16 * 1024;

/** Chunks that one request may ask for: a view has at most 1 MiB. */
export const mostChunks = 64;

/** Codes of problems that may be over when the same bytes are asked for again. */
const passing = new Set(['network']);

/** Chunks by number (offset / chunkSize), up to a limit. */
export class ChunkCache {
  /** @type {Map<number, Chunk>} in order of use, the longest unused first */
  #chunks = new Map();
  /** Numbers of chunks that were read before their bytes changed. @type {Set<number>} */
  #stale = new Set();
  /** Why parts of chunks could not be read, for reasons that may pass. @type {Map<number, string>} */
  #lost = new Map();
  #limit;

  /** @param {number} limit chunks that are kept; 512 are 8 MiB */
  constructor(limit = 512) {
    this.#limit = limit;
  }

  get size() {
    return this.#chunks.size;
  }

  /**
   * Why a part of the chunks first … last could not be read, where it may be
   * readable by now; undefined where all could.
   * @param {number} first
   * @param {number} last
   */
  lostIn(first, last) {
    for (const [number, why] of this.#lost) if (number >= first && number <= last) return why;
    return undefined;
  }

  /** Lets what was lost be asked for again. */
  ageLost() {
    for (const number of this.#lost.keys()) this.#stale.add(number);
  }

  /** Whether a chunk is there as it is now. @param {number} number */
  has(number) {
    return this.#chunks.has(number) && !this.#stale.has(number);
  }

  /**
   * Takes the chunks first … last for read before their bytes changed: they
   * are still shown, and have to be asked for again.
   * @param {number} first
   * @param {number} last
   */
  age(first, last) {
    for (const number of this.#chunks.keys()) {
      if (number >= first && number <= last) this.#stale.add(number);
    }
  }

  /** @param {number} number */
  isStale(number) {
    return this.#stale.has(number);
  }

  /**
   * The chunk of that number, now the most recently used.
   * @param {number} number
   * @returns {Chunk | undefined}
   */
  get(number) {
    const chunk = this.#chunks.get(number);
    if (chunk) {
      this.#chunks.delete(number);
      this.#chunks.set(number, chunk);
    }
    return chunk;
  }

  /**
   * Keeps a view that was asked for by whole chunks. A piece at its end that
   * is shorter than a chunk is kept only where the source ends there.
   * @param {View} view
   * @param {number} size of the source
   */
  put(view, size) {
    const end = view.offset + view.bytes.length;
    for (let at = view.offset; at < end; at += chunkSize) {
      const length = Math.min(chunkSize, end - at);
      if (length < chunkSize && at + length < size) break;
      const number = at / chunkSize;
      const extents = cut(view.extents, at, length);
      this.#forget(number);
      const lost = extents.find(({problem}) => problem && passing.has(problem.code));
      if (lost) this.#lost.set(number, lost.problem?.message ?? '');
      this.#chunks.set(number, {
        offset: at,
        bytes: view.bytes.subarray(at - view.offset, at - view.offset + length),
        extents,
        changed: within(view.changed ?? [], at, length),
      });
    }
    for (const oldest of this.#chunks.keys()) {
      if (this.#chunks.size <= this.#limit) break;
      this.#forget(oldest);
    }
  }

  /** @param {number} number */
  #forget(number) {
    this.#chunks.delete(number);
    this.#stale.delete(number);
    this.#lost.delete(number);
  }

  /** Edits were laid on top of the chain: every layer is now one further down. */
  deepen() {
    for (const [number, chunk] of this.#chunks) {
      const extents = chunk.extents.map((extent) => (extent.layer < 0 ? extent : {...extent, layer: extent.layer + 1}));
      this.#chunks.set(number, {...chunk, extents});
    }
    this.age(0, Infinity);
  }

  clear() {
    this.#chunks.clear();
    this.#stale.clear();
    this.#lost.clear();
  }
}

/**
 * The numbers of the chunks that hold a range of a source, cut at its end.
 * @param {number} offset
 * @param {number} length
 * @param {number} size
 * @returns {{first: number, last: number}}
 */
export function chunksOf(offset, length, size) {
  const lastByte = Math.max(0, Math.min(offset + length, size) - 1);
  return {first: Math.floor(offset / chunkSize), last: Math.floor(lastByte / chunkSize)};
}

/**
 * The one run of chunks to ask for so that none of first … last is lacking:
 * from the first that is lacking to the last; null where none is.
 * @param {number} first
 * @param {number} last
 * @param {(number: number) => boolean} present
 * @returns {{first: number, last: number} | null}
 */
export function missingRun(first, last, present) {
  let from = first;
  while (from <= last && present(from)) from++;
  if (from > last) return null;
  let to = Math.min(last, from + mostChunks - 1);
  while (to > from && present(to)) to--;
  return {first: from, last: to};
}

/**
 * The byte range of a run of chunks, cut at the end of the source.
 * @param {{first: number, last: number}} run
 * @param {number} size
 */
export function bytesOf({first, last}, size) {
  const offset = first * chunkSize;
  return {offset, length: Math.min((last + 1) * chunkSize, size) - offset};
}

/**
 * The extent that holds a byte of a chunk; undefined only where extents do
 * not cover the chunk, as they should.
 * @param {Chunk} chunk
 * @param {number} offset
 * @returns {Extent | undefined}
 */
export function extentAt({extents}, offset) {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const extent = extents[middle];
    if (extent.offset + extent.length <= offset) low = middle + 1;
    else high = middle;
  }
  const found = extents[low];
  return found && found.offset <= offset ? found : undefined;
}

/**
 * The parts of extents that lie in a range.
 * @param {Extent[]} extents
 * @param {number} offset
 * @param {number} length
 */
function cut(extents, offset, length) {
  const parts = [];
  for (const extent of extents) {
    const from = Math.max(extent.offset, offset);
    const to = Math.min(extent.offset + extent.length, offset + length);
    if (to <= from) continue;
    const source = extent.source < 0 ? extent.source : extent.source + (from - extent.offset);
    parts.push({...extent, offset: from, length: to - from, source});
  }
  return parts;
}

/**
 * The parts of spans that lie in a range.
 * @param {Span[]} spans
 * @param {number} offset
 * @param {number} length
 */
function within(spans, offset, length) {
  const end = offset + length;
  return spans.filter((span) => span.offset < end && span.offset + span.length > offset).map((span) => {
    const from = Math.max(span.offset, offset);
    return {offset: from, length: Math.min(span.offset + span.length, end) - from};
  });
}
