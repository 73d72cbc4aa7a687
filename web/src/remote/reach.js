// Where this page may read from, and why not from elsewhere. The content
// security policy of the page holds it to the same; this says so in words,
// before anything is asked of a network.

/**
 * What a build and its host say of the page.
 *
 * @typedef {object} Site
 * @property {string} base the page's own address
 * @property {string} library where its image library is, relative to that; '' for none
 * @property {readonly string[]} connect origins besides its own that it may read from
 * @property {boolean} single whether it is one file, which reads from no network
 */

/** An address as it was written: url where it can be tried, else why it cannot. @typedef {{text: string, url: string, why: string}} Address */

export const singleReason = 'This file makes no network requests, so that it can be trusted anywhere. Use a vhdscope on a web server to open images by their address.';

export class Reach {
  #site;
  /** @type {Set<string>} */
  #origins;

  /** @param {Site} site */
  constructor(site) {
    this.#site = site;
    this.#origins = new Set(site.single ? [] : [new URL(site.base).origin, ...site.connect]);
  }

  /** Why nothing at all can be read; '' where something can. */
  get none() {
    return this.#site.single ? singleReason : '';
  }

  /** The address of the image library, '' for none. */
  get library() {
    const {single, library, base} = this.#site;
    return single || library === '' ? '' : new URL(library, base).href;
  }

  /** Origins that can be read from, the page's own first. */
  get origins() {
    return [...this.#origins];
  }

  /** Whether an address is on the page's own server. @param {string} url */
  isOwn(url) {
    return new URL(url).origin === new URL(this.#site.base).origin;
  }

  /**
   * Reads an address as a person wrote it; relative ones are of the page.
   *
   * @param {string} text
   * @returns {Address}
   */
  address(text) {
    const url = URL.canParse(text, this.#site.base) ? new URL(text, this.#site.base) : undefined;
    const why = this.none || (url ? this.#whyNot(url) : 'This is not an address.');
    if (url) url.hash = '';
    return {text, url: why || !url ? '' : url.href, why};
  }

  /**
   * Reads a list of addresses, one a line.
   *
   * @param {string} text
   * @returns {Address[]} each once
   */
  addresses(text) {
    const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    /** @type {Map<string, Address>} */
    const each = new Map();
    for (const line of lines) {
      const address = this.address(line);
      const key = address.url || line;
      if (!each.has(key)) each.set(key, address);
    }
    return [...each.values()];
  }

  /** @param {URL} url */
  #whyNot(url) {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'Only addresses that begin with https:// or http:// can be read.';
    if (url.username || url.password) return 'Leave the user name and password out of the address; a server may take an access token instead.';
    if (this.#origins.has(url.origin)) return '';
    return `The host of this site has not allowed it to read from ${url.origin}. Whoever builds the site can: with VHDSCOPE_CONNECT="${url.origin}", as the README tells.`;
  }
}
