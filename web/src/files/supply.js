// Which layers supply the bytes of a folder's files: asked for the rows in
// sight once they rest, and for all of them where the folder is sorted by it.

/** @import {Browsing} from './browsing.js' */
/** @import {Folder} from './folder.js' */

/** How long, in ms, rows rest before it is asked for them. */
const rest = 120;

/** Files asked for at a time. */
const batch = 256;

export class Supply {
  #browsing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asking = new AbortController();

  /** @param {Browsing} browsing */
  constructor(browsing) {
    this.#browsing = browsing;
  }

  /**
   * Asks for rows that are not known yet, when no others are wanted for a while.
   *
   * @param {Folder} folder
   * @param {number[]} rows
   */
  want(folder, rows) {
    clearTimeout(this.#timer);
    const unknown = unknownOf(folder, rows);
    if (unknown.length > 0) this.#timer = setTimeout(() => void this.#ask(folder, unknown).catch(() => {}), rest);
  }

  /**
   * Asks for all files of a folder.
   *
   * @param {Folder} folder
   * @param {{signal: AbortSignal, onProgress: (done: number, total: number) => void}} options
   */
  async wantAll(folder, {signal, onProgress}) {
    const rows = unknownOf(folder, Array.from({length: folder.listing.count}, (_, row) => row));
    for (let at = 0; at < rows.length; at += batch) {
      onProgress(at, rows.length);
      await this.#ask(folder, rows.slice(at, at + batch), signal);
    }
  }

  /** Asks for nothing more. */
  stop() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  /**
   * @param {Folder} folder
   * @param {number[]} rows
   * @param {AbortSignal} [signal]
   */
  async #ask(folder, rows, signal = this.#asking.signal) {
    const files = await this.#browsing.volume.layers(rows.map((row) => folder.pathOf(row)), {signal});
    files.forEach((file, i) => folder.layers.set(/** @type {number} */ (rows[i]), file));
    this.#browsing.changed();
  }
}

/**
 * @param {Folder} folder
 * @param {number[]} rows
 */
function unknownOf({listing, layers}, rows) {
  return rows.filter((row) => listing.kind(row) === 'file' && !layers.has(row));
}
