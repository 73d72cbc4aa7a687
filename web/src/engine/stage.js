// The folder in the browser's private file system where this page puts new
// files until they are downloaded. It serves as long as the page is open,
// which a lock tells the other pages; the next one removes what is left.

const folder = 'staged';

/** @param {string} page */
const lockOf = (page) => `vhdscope ${folder} ${page}`;

/** The parts of the browser that a stage needs. @typedef {Pick<Navigator, 'storage' | 'locks'>} Place */

export class Stage {
  #place;
  #page = crypto.randomUUID();
  #lastFile = 0;
  /** Whether the lock is held. @type {Promise<boolean> | undefined} */
  #held;

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
  }

  /**
   * @returns {Promise<string>} the path of a new file, whose folders may not
   *   be there yet; '' where the browser has no such place
   */
  async newPath() {
    this.#held ??= this.#hold();
    return await this.#held ? `${folder}/${this.#page}/${++this.#lastFile}` : '';
  }

  /** @returns {Promise<boolean>} */
  #hold() {
    const {storage, locks} = this.#place;
    if (!storage || !locks) return Promise.resolve(false); // the page is not secure
    return new Promise((resolve) => {
      const kept = storage.getDirectory().then(() => locks.request(lockOf(this.#page), () => {
        resolve(true);
        return new Promise(() => {});
      }));
      kept.catch(() => resolve(false)); // a page from file:// has no such place
    });
  }

  /**
   * Removes a file where it still is: its worker may have ended before it could.
   *
   * @param {string} path
   */
  async discard(path) {
    const [, page = '', name = ''] = path.split('/');
    try {
      const pages = await (await this.#place.storage.getDirectory()).getDirectoryHandle(folder);
      await (await pages.getDirectoryHandle(page)).removeEntry(name);
    } catch {
      // It is gone, or will be when the next page sweeps.
    }
  }

  /** Removes the files of pages that are no longer open. */
  async sweep() {
    const {storage, locks} = this.#place;
    if (!storage || !locks) return;
    try {
      const pages = await (await storage.getDirectory()).getDirectoryHandle(folder);
      for await (const page of pages.keys()) {
        await locks.request(lockOf(page), {ifAvailable: true}, async (lock) => {
          if (lock) await pages.removeEntry(page, {recursive: true});
        });
      }
    } catch {
      // There is none, or another page removes them.
    }
  }
}
