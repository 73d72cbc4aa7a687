// A file that is read over a network, piece by piece. It goes to the engine in
// the place of a browser's File, and stays the same as long as its server
// gives the same bytes.

/** @import {GivenFile} from '../opening/filter.js' */

/**
 * What a file is read by, and pinned to: other bytes at the same address are
 * an error.
 *
 * @typedef {object} RemoteFile
 * @property {string} name without folders
 * @property {string} url absolute
 * @property {number} size bytes
 * @property {string} etag a strong one as the server sent it; '' where it sent none
 * @property {number} lastModified Unix ms; 0 where that is not known
 * @property {string} authorization value of the header of that name; '' for none
 */

/**
 * @param {File | RemoteFile | undefined} file
 * @returns {file is RemoteFile}
 */
export function isRemote(file) {
  return file !== undefined && 'url' in file;
}

/** The server that a file is read from. @param {{url: string}} file */
export function hostOf({url}) {
  return new URL(url).host;
}

/**
 * An address to show and to note. What follows the path may be a secret that
 * opens the file, so it is left out.
 *
 * @param {string} url
 */
export function plainAddress(url) {
  const {origin, pathname, search} = new URL(url);
  return `${origin}${pathname}${search ? '?…' : ''}`;
}

/**
 * The path by which a file is known beside others: its server, folders and
 * name.
 *
 * @param {string} url
 */
export function pathOf(url) {
  const {host, pathname} = new URL(url);
  return host + pathname.split('/').map(legibleSegment).join('/');
}

/** @param {string} url @returns {string} what the file at an address is called */
export function nameOf(url) {
  return pathOf(url).split('/').at(-1) || new URL(url).host;
}

/** @param {string} segment of a URL's path */
function legibleSegment(segment) {
  const text = decodedSegment(segment);
  return /[/\\]/.test(text) ? segment : text;
}

/** @param {string} segment of a URL's path @returns {string} what it says; itself where a % in it escapes nothing */
export function decodedSegment(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * @param {RemoteFile} file
 * @returns {GivenFile} as one that the person named
 */
export function asGiven(file) {
  return {file, path: pathOf(file.url), direct: true};
}

/**
 * Whether two are read from one place and pinned to the same bytes. Where
 * there is an ETag it decides: a listing may know the time better than a
 * header tells it.
 *
 * @param {RemoteFile} one
 * @param {RemoteFile} other
 */
export function isSame(one, other) {
  return one.url === other.url && one.size === other.size && one.etag === other.etag
    && (one.etag !== '' || one.lastModified === other.lastModified);
}

/** Whether a text has no half of a character in it, which no address can hold. @param {string} text */
export function isWellFormed(text) {
  return !/\p{Surrogate}/u.test(text);
}
