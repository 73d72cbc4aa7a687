// What keeps an image from being read over a network, in words that say how to
// go on.

import {plainAddress} from './remote-file.js';
import {asSentence, messageOf} from '../format.js';

/** @typedef {{url: string, code: string, why: string}} Unread */

/**
 * @param {unknown} error with a code, where it is the engine's
 * @param {string} url
 * @param {{own: boolean, authorized: boolean}} about whether the page is of that server too, and whether a token was sent
 * @returns {Unread}
 */
export function whyUnread(error, url, {own, authorized}) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return {url, code, why: adviceFor(code, own, authorized) || asSentence(messageOf(error))};
}

/**
 * @param {string} code
 * @param {boolean} own
 * @param {boolean} authorized
 */
function adviceFor(code, own, authorized) {
  switch (code) {
    case 'no-ranges': return 'This server cannot give parts of a file. Download it and open the file.';
    case 'unauthorized': return authorized ? 'The server does not accept this access token.' : 'The server asks for an access token.';
    case 'not-found': return 'There is nothing at this address.';
    case 'changed': return 'It changed on the server while it was being opened. Try again.';
    case 'network': return own
      ? 'The server cannot be reached.'
      : 'The server cannot be reached, or does not let pages of other sites read from it (CORS); a browser does not tell which.';
    default: return '';
  }
}

/** @param {Unread[]} unread */
export function tellUnread(unread) {
  return unread.map(({url, why}) => `${plainAddress(url)}: ${why}`);
}
