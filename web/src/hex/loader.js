// Asks the engine for what is to be shown. A window is asked for in one
// request; requests for what is no longer in sight are aborted; the way ahead
// is asked for when someone scrolls steadily; and what failed stays failed,
// with its reason, until it is asked for again.

import {bytesOf, ChunkCache, chunkSize, chunksOf, missingRun} from './chunks.js';

/** @typedef {import('./types.js').Source} Source */
/** @typedef {import('./types.js').View} View */
/** @typedef {{first: number, last: number}} Run chunk numbers, both included */

/** Chunks asked for ahead of a steady scroll, and how few are too few. */
const aheadChunks = 4;
const enoughAhead = 2;

/** Milliseconds between requests while each overtakes the one before. */
const pause = 60;

export class Loader {
  cache = new ChunkCache();
  /** Why a chunk could not be loaded. @type {Map<number, Error>} */
  #failures = new Map();
  /** @type {Set<{run: Run, controller: AbortController}>} */
  #underWay = new Set();
  /** @type {Source | null} */
  #source = null;
  #lastSent = -Infinity;
  /** @type {any} */
  #timer = undefined;

  /**
   * @param {(range: {offset: number, length: number}, signal: AbortSignal) => Promise<View>} ask
   * @param {() => void} changed called when something arrived or failed, or
   *   when it is time to call want again
   * @param {{now: () => number, later: (run: () => void, milliseconds: number) => any}} clock
   */
  constructor(ask, changed, clock = {now: () => performance.now(), later: (run, ms) => setTimeout(run, ms)}) {
    this.ask = ask;
    this.changed = changed;
    this.clock = clock;
  }

  /**
   * Drops everything; from now on this source is meant.
   * @param {Source | null} source
   */
  reset(source) {
    for (const {controller} of this.#underWay) controller.abort();
    this.#underWay.clear();
    this.#failures.clear();
    this.cache.clear();
    this.#source = source;
  }

  /**
   * The same bytes, with edits on top from now on.
   * @param {Source} source
   */
  deepen(source) {
    this.#source = source;
    this.cache.deepen();
    this.age(0, Infinity);
  }

  /**
   * The bytes of a range changed: what was read of it, or is being read, is
   * asked for again; until that comes, what was read before is shown.
   * @param {number} offset
   * @param {number} length
   */
  age(offset, length) {
    const {first, last} = chunksOf(offset, length, Infinity);
    this.cache.age(first, last);
    for (const number of this.#failures.keys()) {
      if (number >= first && number <= last) this.#failures.delete(number);
    }
    for (const request of this.#underWay) {
      if (request.run.last < first || request.run.first > last) continue;
      this.#underWay.delete(request);
      request.controller.abort();
    }
    this.changed();
  }

  /**
   * Makes sure that a window is loaded or on its way.
   * @param {number} offset
   * @param {number} length
   * @param {number} direction 1 or -1 while someone scrolls steadily, else 0
   */
  want(offset, length, direction) {
    const source = this.#source;
    if (!source || source.size <= 0) return;
    const {first, last} = chunksOf(offset, length, source.size);
    const overtaken = this.#abandon(first - aheadChunks, last + aheadChunks);
    const run = missingRun(first, last, (number) => this.#settled(number));
    if (run) {
      const wait = overtaken || this.#timer !== undefined ? this.#lastSent + pause - this.clock.now() : 0;
      if (wait > 0) this.#later(wait);
      else this.#send(run, source);
      return;
    }
    if (direction === 0) return;
    const lastChunk = Math.floor((source.size - 1) / chunkSize);
    const ahead = direction > 0
      ? {first: last + 1, last: Math.min(lastChunk, last + aheadChunks)}
      : {first: Math.max(0, first - aheadChunks), last: first - 1};
    if (ahead.first > ahead.last) return;
    const near = direction > 0
      ? {first: ahead.first, last: Math.min(ahead.last, last + enoughAhead)}
      : {first: Math.max(ahead.first, first - enoughAhead), last: ahead.last};
    if (!missingRun(near.first, near.last, (number) => this.#settled(number))) return;
    const missing = missingRun(ahead.first, ahead.last, (number) => this.#settled(number));
    if (missing) this.#send(missing, source);
  }

  /**
   * Why a chunk is not there; undefined where it is, or is on its way.
   * @param {number} number
   */
  failure(number) {
    return this.#failures.get(number);
  }

  /**
   * Why a part of a range could not be loaded, in words; undefined where
   * nothing failed.
   * @param {number} offset
   * @param {number} length
   */
  failureIn(offset, length) {
    const {first, last} = chunksOf(offset, length, Infinity);
    if (this.#failures.size === 0) return this.cache.lostIn(first, last);
    for (let number = first; number <= last; number++) {
      const failure = this.#failures.get(number);
      if (failure) return failure.message;
    }
    return this.cache.lostIn(first, last);
  }

  /** Forgets all failures that may pass, so that the next want asks again. */
  retry() {
    this.#failures.clear();
    this.cache.ageLost();
    this.changed();
  }

  /** @param {number} number */
  #settled(number) {
    if (this.cache.has(number) || this.#failures.has(number)) return true;
    for (const {run} of this.#underWay) if (number >= run.first && number <= run.last) return true;
    return false;
  }

  /**
   * Aborts what lies outside of a run, and forgets failures there; tells
   * whether a request was aborted.
   * @param {number} first
   * @param {number} last
   */
  #abandon(first, last) {
    for (const number of this.#failures.keys()) {
      if (number < first || number > last) this.#failures.delete(number);
    }
    let aborted = false;
    for (const request of this.#underWay) {
      if (request.run.last >= first && request.run.first <= last) continue;
      this.#underWay.delete(request);
      request.controller.abort();
      aborted = true;
    }
    return aborted;
  }

  /** @param {number} milliseconds */
  #later(milliseconds) {
    if (this.#timer !== undefined) return;
    this.#timer = this.clock.later(() => {
      this.#timer = undefined;
      this.#lastSent = -Infinity;
      this.changed();
    }, milliseconds);
  }

  /**
   * @param {Run} run
   * @param {Source} source
   */
  async #send(run, source) {
    const request = {run, controller: new AbortController()};
    this.#underWay.add(request);
    this.#lastSent = this.clock.now();
    const range = bytesOf(run, source.size);
    try {
      const view = await this.ask(range, request.controller.signal);
      if (this.#source !== source) return;
      if (view.offset !== range.offset || view.bytes.length < range.length) {
        throw new Error('The answer is shorter than what was asked for.');
      }
      this.cache.put(view, source.size);
    } catch (error) {
      if (request.controller.signal.aborted || this.#source !== source) return;
      const reason = error instanceof Error ? error : new Error(String(error));
      for (let number = run.first; number <= run.last; number++) this.#failures.set(number, reason);
    } finally {
      this.#underWay.delete(request);
    }
    this.changed();
  }
}
