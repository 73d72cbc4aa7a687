// The built site with images beside it, given in parts as a plain web server
// gives them; and what such a server may do otherwise. On this machine only.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { headersFor, parseHeaders } from '../../web/serve-headers.mjs';
import { folders } from './sites.js';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm' };

/**
 * @param {Record<string, string | Uint8Array>} images by their path below the site: paths of files, or bytes
 * @returns {Promise<ImageSite>}
 *
 * @typedef {object} ImageSite
 * @property {string} url of the site, with a slash at the end
 * @property {string[]} asked paths of images, in the order in which they were asked for
 * @property {Map<string, Uint8Array>} images
 * @property {string} token that images are given for, '' for any
 * @property {boolean} ranges whether parts are given
 * @property {boolean} down whether connections for images are cut
 * @property {() => Promise<void>} stop
 */
export async function startImageSite(images) {
  const site = { url: '', asked: [], images: new Map(), token: '', ranges: true, down: false, stop: async () => {} };
  for (const [name, image] of Object.entries(images)) site.images.set(name, typeof image === 'string' ? await readFile(image) : image);
  const rules = parseHeaders(await readFile(path.join(folders.site, '_headers'), 'utf8'));
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url, 'http://site').pathname).slice(1);
    const image = site.images.get(name);
    if (image || name.startsWith('images/')) {
      site.asked.push(name);
      if (site.down) request.socket.destroy();
      else giveImage(site, image, request, response);
      return;
    }
    const file = path.join(folders.site, name || 'index.html');
    readFile(file).then((content) => {
      response.writeHead(200, { ...headersFor(rules, `/${name}`), 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(content);
    }, () => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.url = `http://127.0.0.1:${server.address().port}/`;
  site.stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return site;
}

/**
 * @param {ImageSite} site
 * @param {Uint8Array | undefined} image
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function giveImage({ token, ranges }, image, request, response) {
  if (!image) return response.writeHead(404).end();
  if (token && request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
  const headers = { ETag: `"${createHash('sha256').update(image).digest('hex').slice(0, 16)}"`, 'Content-Type': 'application/octet-stream' };
  if (request.headers['if-match'] && request.headers['if-match'] !== headers.ETag) return response.writeHead(412, headers).end();
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (!ranges || !range) return response.writeHead(200, { ...headers, 'Content-Length': image.length }).end(image);
  const first = Number(range[1]);
  const last = Math.min(Number(range[2]), image.length - 1);
  if (first > last) return response.writeHead(416, { ...headers, 'Content-Range': `bytes */${image.length}` }).end();
  return response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first}-${last}/${image.length}`, 'Content-Length': last - first + 1 }).end(image.subarray(first, last + 1));
}
