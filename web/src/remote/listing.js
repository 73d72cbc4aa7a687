// The list of a library as it is shown: what begins with a prefix, page after
// page as the person comes to its end, and why there is no more of it.

import {messageOf} from '../format.js';
import {LibraryError} from './library.js';

/** @import {Library, LibraryImage} from './library.js' */

export class Listing {
  #library;
  #changed;
  #prefix = '';
  /** Ends what is asked of the library. */
  #asking = new AbortController();

  /**
   * @param {Library} library
   * @param {() => void} changed called whenever there is something else to show
   */
  constructor(library, changed) {
    this.#library = library;
    this.#changed = changed;
    /** Those that were listed so far. @type {readonly LibraryImage[]} */
    this.images = [];
    /** Of the next page, '' where there is none. */
    this.cursor = '';
    this.loading = false;
    /** Why the last page that was asked for did not come. @type {LibraryError | null} */
    this.failed = null;
  }

  /**
   * Lists anew.
   *
   * @param {string} prefix what keys begin with
   */
  async begin(prefix) {
    this.images = [];
    this.cursor = '';
    this.#prefix = prefix;
    await this.#load();
  }

  /** Lists one page more, unless there is none or it is on its way. */
  async more() {
    if (this.cursor !== '' && !this.loading) await this.#load();
  }

  /** Asks for nothing more. */
  end() {
    this.#asking.abort();
  }

  async #load() {
    this.#asking.abort();
    const {signal} = this.#asking = new AbortController();
    this.loading = true;
    this.failed = null;
    this.#changed();
    try {
      const {images, cursor} = await this.#library.page(this.#prefix, this.cursor, signal);
      if (signal.aborted) return;
      this.images = [...this.images, ...images];
      this.cursor = cursor;
    } catch (error) {
      if (signal.aborted) return;
      this.failed = error instanceof LibraryError ? error : new LibraryError('answer', messageOf(error));
    }
    this.loading = false;
    this.#changed();
  }
}
