// New files that workers make: each gets a place to be staged at, unless the
// person picked one, and leaves nothing there when it does not come about.

/** @import {Saved, Target} from './jobs-protocol.js' */
/** @import {Stage} from './stage.js' */

/** Where a caller wants a new file; a place to stage it is found here. @typedef {Omit<Target, 'stage'>} GivenTarget */

export class Staging {
  #stage;
  /** The paths of staged files. @type {WeakMap<Blob, string>} */
  #staged = new WeakMap();

  /** @param {Stage} stage */
  constructor(stage) {
    this.#stage = stage;
  }

  /**
   * Has a new file made.
   *
   * @template {Saved | {saved: Saved}} M
   * @param {GivenTarget} given
   * @param {AbortSignal | undefined} signal
   * @param {(to: Target) => Promise<M>} make
   * @returns {Promise<M>}
   */
  async place(given, signal, make) {
    const stage = given.handle ? '' : await this.#stage.newPath();
    try {
      const made = await make({...given, stage});
      // It may have been finished before it was told to stop; a picked place has it then.
      if (!given.handle) signal?.throwIfAborted();
      const saved = /** @type {Saved | undefined} */ (made && 'saved' in made ? made.saved : made);
      if (saved?.way === 'staged') this.#staged.set(/** @type {Blob} */ (saved.blob), stage);
      return made;
    } catch (error) {
      if (stage) await this.#stage.discard(stage);
      throw error;
    }
  }

  /**
   * Gives up a new file that nobody reads any more.
   *
   * @param {Saved} saved
   */
  async release({blob}) {
    const path = blob && this.#staged.get(blob);
    if (path) await this.#stage.discard(path);
  }
}
