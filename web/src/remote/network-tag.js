// How an image that is read over a network is marked, wherever it stands.

import {html} from 'lit';
import '../views/icon.js';
import {hostOf, plainAddress} from './remote-file.js';

/** @import {RemoteFile} from './remote-file.js' */

/** @param {RemoteFile} file @returns {string} */
export function networkWords(file) {
  return `Read over the network from ${hostOf(file)}`;
}

/** A word and a mark; to be used with tagStyles. @param {RemoteFile} file */
export function networkTag(file) {
  return html`<span class="tag" data-testid="network" title=${networkWords(file)}><vs-icon name="globe"></vs-icon>network</span>`;
}

/**
 * What a remote file is read by, as terms and values.
 *
 * @param {RemoteFile} file
 * @returns {{term: string, value: unknown}[]}
 */
export function networkFacts(file) {
  return [
    {term: 'Read over the network from', value: html`<bdi>${plainAddress(file.url)}</bdi>`},
    {term: 'Pinned to', value: file.etag ? html`ETag <code>${file.etag}</code>`
      : file.lastModified ? `${new Date(file.lastModified).toUTCString()}; the server gives no ETag` : 'its size only: the server gives no ETag and no time'},
  ];
}
