// What is open, by key: the files as the person gave them, beside what the
// engine says of them.

import {otherFiles} from '../engine/store.js';
import {leaveOutKnown, namedLikeImage} from './filter.js';

/** @import {Forest, OpenFile} from '../engine/protocol.js' */
/** @import {RemoteFile} from '../remote/remote-file.js' */
/** @import {GivenFile} from './filter.js' */

export class OpenFiles {
  /** @type {Map<number, GivenFile>} */
  #files = new Map();
  #lastKey = 0;

  /** @returns {number} a key that no file has had, from 1 */
  newKey() {
    return ++this.#lastKey;
  }

  /**
   * @param {GivenFile[]} given
   * @returns {OpenFile[]} the same, each with a key of its own
   */
  keyed(given) {
    return given.map(({file, path}) => ({key: this.newKey(), name: path, modified: file.lastModified, file}));
  }

  /**
   * @param {number} key
   * @param {GivenFile} given
   */
  add(key, given) {
    this.#files.set(key, given);
  }

  /** @param {Iterable<number>} keys */
  drop(keys) {
    for (const key of keys) this.#files.delete(key);
  }

  /** Drops all. */
  clear() {
    this.#files.clear();
  }

  /**
   * What was given of a file.
   *
   * @param {number} key
   * @returns {File | RemoteFile | undefined}
   */
  given(key) {
    return this.#files.get(key)?.file;
  }

  /**
   * What a file can be found again by, if anything.
   *
   * @param {number} key
   * @returns {FileSystemFileHandle | undefined}
   */
  handleOf(key) {
    return this.#files.get(key)?.handle;
  }

  /**
   * @param {GivenFile[]} given
   * @returns {Promise<{fresh: GivenFile[], repeated: number}>} those that are not open; how many are
   */
  leaveOut(given) {
    return leaveOutKnown(given, this.#files.values());
  }

  /**
   * @param {File} file
   * @returns {Promise<boolean>} whether it is open
   */
  async holds(file) {
    const {repeated} = await this.leaveOut([{file, path: file.name, direct: true}]);
    return repeated > 0;
  }

  /**
   * Files that came with a folder, are not called like images and turned out
   * to be of no use: keeping them would bury the others.
   *
   * @param {Forest} forest
   * @param {number[]} keys of the files that just came
   * @returns {number[]} which of them are such
   */
  clutter(forest, keys) {
    const useless = new Set(otherFiles(forest).map(({key}) => key));
    return keys.filter((key) => {
      const given = this.#files.get(key);
      return useless.has(key) && given && !given.direct && !namedLikeImage(given.path);
    });
  }
}
