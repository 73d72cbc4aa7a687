// The image library that a site is served with: a list that the server gives
// page by page. What it says is checked; the page trusts no server.

import {formatCount, formatNumber} from '../format.js';
import {isWellFormed} from './remote-file.js';

/** @import {RemoteFile} from './remote-file.js' */
/** @import {Tokens} from './tokens.js' */

/**
 * An image of the library. Url is '' where its key cannot stand in one.
 *
 * @typedef {object} LibraryImage
 * @property {string} key its path in the library
 * @property {number} size bytes
 * @property {string} etag strong, '' for none
 * @property {number} uploaded Unix ms, 0 where that is not known
 * @property {string} url
 */

/** Cursor is '' on the last page. @typedef {{images: LibraryImage[], cursor: string}} ListingPage */

/** Why the list cannot be had: codes as the engine's, or 'answer' for what is no list. */
export class LibraryError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'LibraryError';
    this.code = code;
  }
}

/** How many images a page of the list has. */
const pageLength = 1000;

/** How many it may have at most, of a server that gives more than it is asked for. */
const longestPage = 10_000;

/** How many pages a list may have, of a server that gives less. */
const mostPages = 1000;

/** How many seconds a page of it may take. */
const patience = 30;

export class Library {
  #tokens;
  #fetch;

  /**
   * @param {string} url
   * @param {Tokens} tokens
   * @param {typeof fetch} [ask]
   */
  constructor(url, tokens, ask = (...request) => fetch(...request)) {
    this.url = url;
    this.#tokens = tokens;
    this.#fetch = ask;
  }

  /**
   * @param {string} prefix what keys begin with
   * @param {string} cursor '' for the first page, else that of the page before
   * @param {AbortSignal} [signal]
   * @returns {Promise<ListingPage>} rejects with a LibraryError, or the signal's reason
   */
  async page(prefix, cursor, signal) {
    const url = new URL(this.url);
    url.search = String(new URLSearchParams({prefix, ...(cursor ? {cursor} : {}), limit: String(pageLength)}));
    const authorization = this.#tokens.for(this.url);
    const {status, text} = await this.#ask(url.href, authorization, signal);
    if (status === 401 || status === 403) {
      throw new LibraryError('unauthorized', authorization ? 'The image library does not accept this access token.' : 'The image library asks for an access token.');
    }
    if (status !== 200) throw new LibraryError(status === 404 ? 'not-found' : 'answer', tellStatus(status, text));
    const page = this.#read(text);
    if (page.cursor !== '' && page.cursor === cursor) throw endless();
    return page;
  }

  /**
   * Goes through the list until its end, or until there are too many.
   *
   * @param {string} prefix
   * @param {number} most
   * @param {AbortSignal} [signal]
   * @returns {Promise<{images: LibraryImage[], all: boolean}>}
   */
  async list(prefix, most, signal) {
    /** @type {LibraryImage[]} */
    const images = [];
    const cursors = new Set();
    let cursor = '';
    do {
      if (cursors.has(cursor) || cursors.size === mostPages) throw endless();
      cursors.add(cursor);
      const page = await this.page(prefix, cursor, signal);
      images.push(...page.images);
      cursor = page.cursor;
    } while (cursor !== '' && images.length < most);
    return {images: images.slice(0, most), all: cursor === '' && images.length <= most};
  }

  /**
   * @param {LibraryImage} image
   * @returns {RemoteFile}
   */
  fileOf({key, url, size, etag, uploaded}) {
    return {name: key.split('/').at(-1) || key, url, size, etag, lastModified: uploaded, authorization: this.#tokens.for(url)};
  }

  /**
   * @param {string} url
   * @param {string} authorization
   * @param {AbortSignal} [signal]
   */
  async #ask(url, authorization, signal) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patience * 1000);
    try {
      const response = await this.#fetch(url, {
        headers: {Accept: 'application/json', ...(authorization ? {Authorization: authorization} : {})},
        cache: 'no-store', credentials: 'same-origin', referrerPolicy: 'no-referrer',
        signal: AbortSignal.any(signal ? [signal, late.signal] : [late.signal]),
      });
      return {status: response.status, text: await response.text()};
    } catch {
      signal?.throwIfAborted();
      throw new LibraryError('network', late.signal.aborted ? `The image library did not answer within ${patience} seconds.` : 'The image library cannot be reached.');
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} text @returns {ListingPage} */
  #read(text) {
    const answer = parse(text);
    if (!Array.isArray(answer?.images)) throw new LibraryError('answer', 'The server gives no list of images at this address.');
    if (answer.images.length > longestPage) throw new LibraryError('answer', `The image library gives ${formatCount(answer.images.length, 'image')} at once; it was asked for ${formatNumber(pageLength)}.`);
    const images = [];
    for (const image of answer.images) {
      if (typeof image?.key !== 'string' || image.key === '' || image.key.endsWith('/') || !Number.isSafeInteger(image.size) || image.size < 0) continue;
      images.push({
        key: image.key,
        size: image.size,
        etag: typeof image.etag === 'string' && /^"[^"]*"$/.test(image.etag) ? image.etag : '',
        uploaded: timeOf(image.uploaded),
        url: urlOf(this.url, image.key),
      });
    }
    return {images, cursor: typeof answer.cursor === 'string' ? answer.cursor : ''};
  }
}

const endless = () => new LibraryError('answer', 'The list of the image library does not come to an end.');

/**
 * A time as Last-Modified tells it, in whole seconds: what has no ETag is
 * pinned to that.
 *
 * @param {unknown} text
 * @returns {number} Unix ms, 0 where there is none
 */
function timeOf(text) {
  const time = typeof text === 'string' ? Date.parse(text) : 0;
  return Math.floor(time / 1000) * 1000 || 0;
}

/**
 * The address of a key: below the library's own, each part of it encoded.
 *
 * @param {string} library
 * @param {string} key
 * @returns {string} '' where an address cannot hold it: '.' and '..' are taken out of every one
 */
function urlOf(library, key) {
  const parts = key.split('/');
  if (!isWellFormed(key) || parts.some((part) => part === '.' || part === '..')) return '';
  return `${library.replace(/\/$/, '')}/${parts.map(encodeURIComponent).join('/')}`;
}

/** @param {string} text @returns {any} undefined where it is no JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {number} status
 * @param {string} text
 */
function tellStatus(status, text) {
  const message = parse(text)?.error?.message;
  const id = parse(text)?.error?.id;
  if (typeof message !== 'string') return `The image library answered with the status ${status}.`;
  return `The image library answered: ${message}${typeof id === 'string' ? ` (${id})` : ''}`;
}
