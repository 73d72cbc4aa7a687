// Images that are read over a network: which of them are open, how an address
// becomes one, and what to do when its server has other bytes by now.

import {formatCount} from '../format.js';
import {Library} from './library.js';
import {tellUnread, whyUnread} from './problems.js';
import {asGiven, hostOf, isRemote, isSame, nameOf} from './remote-file.js';
import {Tokens} from './tokens.js';

/** @import {Workspace} from '../workspace.js' */
/** @import {Unread} from './problems.js' */
/** @import {Reach} from './reach.js' */
/** @import {RemoteFile} from './remote-file.js' */

/** @typedef {{key: number, file: RemoteFile}} OpenRemote */

export class Remote {
  #workspace;
  /** Whether it is being found out which images changed. */
  #asking = false;
  /** Keys of images of which the person was told that they changed. @type {Set<number>} */
  #told = new Set();

  /**
   * @param {Workspace} workspace
   * @param {Reach} reach
   */
  constructor(workspace, reach) {
    this.#workspace = workspace;
    this.reach = reach;
    this.tokens = new Tokens();
    /** What the site is served with; null for none. */
    this.library = reach.library ? new Library(reach.library, this.tokens) : null;
  }

  /** Those that are open. @returns {OpenRemote[]} */
  get files() {
    return this.#workspace.store.state.forest.files.flatMap(({key}) => {
      const file = this.#workspace.opened.given(key);
      return isRemote(file) ? [{key, file}] : [];
    });
  }

  /** Servers that what is open is read from, each once. */
  get hosts() {
    return [...new Set(this.files.map(({file}) => hostOf(file)))];
  }

  /**
   * Asks a server what is at an address, so that it can be read, and noticed
   * when it changes.
   *
   * @param {string} url
   * @param {AbortSignal} [signal]
   * @returns {Promise<RemoteFile>}
   */
  async pin(url, signal) {
    const file = {name: nameOf(url), url, size: 0, etag: '', lastModified: 0, authorization: this.tokens.for(url)};
    const {size, etag, modified} = await this.#workspace.engine.request('pin', {name: file.name, file}, {signal});
    return {...file, size, etag, lastModified: modified};
  }

  /**
   * Asks for several. What cannot be read is told, with the reason.
   *
   * @param {string[]} urls
   * @param {AbortSignal} [signal]
   * @returns {Promise<{files: RemoteFile[], unread: Unread[]}>} rejects with the signal's reason only
   */
  async pinAll(urls, signal) {
    /** @type {Unread[]} */
    const unread = [];
    const files = await Promise.all(urls.map(async (url) => {
      try {
        return await this.pin(url, signal);
      } catch (error) {
        signal?.throwIfAborted();
        unread.push(whyUnread(error, url, {own: this.reach.isOwn(url), authorized: this.tokens.for(url) !== ''}));
        return null;
      }
    }));
    return {files: files.filter((file) => file !== null), unread};
  }

  /**
   * Adds images to what is open.
   *
   * @param {RemoteFile[]} files
   * @returns {Promise<void>} rejects when the engine could not take them
   */
  open(files) {
    return this.#workspace.open(files.map(asGiven));
  }

  /**
   * Opens images again with the bytes that their servers have now.
   *
   * @param {number[]} keys
   */
  async openAnew(keys) {
    const files = this.files.filter(({key}) => keys.includes(key));
    const {files: fresh, unread} = await this.pinAll(files.map(({file}) => file.url));
    if (unread.length > 0) {
      this.#workspace.notify('error', 'Not all images could be opened again', tellUnread(unread).join('\n'));
      return;
    }
    await this.#workspace.close(keys);
    // The person may have been asked, and may have said no.
    if (this.files.some(({key}) => keys.includes(key))) return;
    await this.open(fresh);
  }

  /**
   * A file turned out to be another than the one that was opened. Where it is
   * read over a network, it can be opened anew.
   */
  async hearChanged() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const changed = await this.#changed();
      if (changed.length === 0) return;
      for (const {key} of changed) this.#told.add(key);
      const one = changed.length === 1;
      this.#workspace.notify('warning', one ? `${changed[0]?.file.name} has changed on the server` : `${formatCount(changed.length, 'image')} have changed on the server`,
        `${one ? 'It is' : 'They are'} no longer what was opened, so no more is read of ${one ? 'it' : 'them'}: old and new bytes would be mixed.`,
        [{label: one ? 'Open it anew' : 'Open them anew', act: () => this.openAnew(changed.map(({key}) => key)).catch(() => {})}]);
    } finally {
      this.#asking = false;
    }
  }

  /** @returns {Promise<OpenRemote[]>} those of which the server has other bytes now, and the person was not told */
  async #changed() {
    const open = this.files.filter(({key}) => !this.#told.has(key));
    const now = await Promise.allSettled(open.map(({file}) => this.pin(file.url)));
    return open.filter(({file}, i) => {
      const one = now[i];
      return one?.status === 'fulfilled' && !isSame(one.value, file);
    });
  }
}
