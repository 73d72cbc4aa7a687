// Serves the built site as a good host would: the files of one folder with the
// headers that the folder's own `_headers` asks for, compressed where the
// build left a compressed sibling and the browser takes it, and by range. For
// development and tests, on this machine only.
//
//   node serve.mjs DIR [PORT] [--under /a/path/] [--images FOLDER]
//
// PORT 0, the default, takes any free one. The site can be put under a path,
// and a folder of images beside it, at images/.

import { existsSync, readFileSync } from 'node:fs';
import { STATUS_CODES, createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import mime from 'mime-types';
import Negotiator from 'negotiator';
import send from 'send';
import { headersFor, parseHeaders } from './serve-headers.mjs';

const HOST = '127.0.0.1';

/** The names by which browsers of this machine ask for it. */
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** What a file's compressed siblings are called, the best first. */
const SIBLINGS = { br: '.br', gzip: '.gz' };

const { folder, port, under, images } = readArguments();
const root = path.resolve(folder);

const server = createServer((request, response) => {
  if (request.method === 'GET' || request.method === 'HEAD') answer(request, response);
  else refuse(response, 405, { Allow: 'GET, HEAD' });
});
server.on('error', (error) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: name another.` : error.message);
  process.exit(1);
});
server.listen(Number(port), HOST, () => {
  console.log(`vhdscope is at http://${HOST}:${server.address().port}${under} (Ctrl-C ends)`);
});

function readArguments() {
  try {
    const { values, positionals: [folder, port = '0'] } = parseArgs({
      allowPositionals: true,
      options: { under: { type: 'string', default: '/' }, images: { type: 'string' } },
    });
    if (!folder || !/^\d{1,5}$/.test(port)) throw new Error('A folder is needed, and a port is a number.');
    if (!/^\/(.*\/)?$/.test(values.under)) throw new Error('A path begins and ends with a slash.');
    // Percent-encoded, as a browser asks for it.
    return { folder, port, under: new URL(values.under, 'http://host').pathname, images: values.images };
  } catch (error) {
    console.error(`${error.message}\nusage: node serve.mjs DIR [PORT] [--under /a/path/] [--images FOLDER]`);
    process.exit(2);
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answer(request, response) {
  // A foreign page whose host's name was made to lead here would read the images.
  if (!LOOPBACK.test(request.headers.host ?? '')) {
    refuse(response, 421);
    return;
  }
  const [url] = request.url.split('?', 1);
  if (`${url}/` === under) {
    // The page's URLs are relative: without the slash they would miss.
    refuse(response, 301, { Location: under });
    return;
  }
  const name = url.startsWith(under) ? url.slice(under.length - 1) : null;
  if (name === null || decoded(name) === '/_headers') {
    refuse(response, 404);
    return;
  }
  // Read anew each time, so that a rebuilt site needs no restart.
  const headers = { 'Cache-Control': 'no-cache', ...headersFor(parseHeaders(readRules()), name) };
  response.setHeaders(new Map(Object.entries(headers)));
  if (images && name.startsWith('/images/')) sendFile(request, response, path.resolve(images), name.slice('/images'.length));
  else sendOfSite(request, response, name.endsWith('/') ? `${name}index.html` : name);
}

/** Sends what the browser likes best of a file and its compressed siblings. */
function sendOfSite(request, response, name) {
  const siblings = Object.keys(SIBLINGS).filter((encoding) => existsSync(path.join(root, decoded(name) + SIBLINGS[encoding])));
  let end = '';
  if (siblings.length > 0) {
    response.setHeader('Vary', 'Accept-Encoding');
    const [encoding] = new Negotiator(request).encodings([...siblings, 'identity'], { preferred: siblings });
    if (!encoding) {
      refuse(response, 406);
      return;
    }
    if (encoding !== 'identity') {
      end = SIBLINGS[encoding];
      response.setHeader('Content-Encoding', encoding);
      response.setHeader('Content-Type', mime.contentType(path.extname(name)) || 'application/octet-stream');
    }
  }
  sendFile(request, response, root, name + end);
}

/** Sends a file with its type, ETag and date: whole, or a part, or a 304. */
function sendFile(request, response, from, name) {
  send(request, name, { root: from, cacheControl: false, index: false })
    .on('directory', () => refuse(response, 404))
    .on('error', ({ status, headers }) => refuse(response, status, headers))
    .pipe(response);
}

/** Answers with a status alone, without what was meant for a file. */
function refuse(response, status, headers = {}) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of ['Cache-Control', 'Content-Encoding']) response.removeHeader(name);
  const text = `${STATUS_CODES[status]}\n`;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': text.length, ...headers });
  response.end(text);
}

/** What a URL's path says; where it says nothing, `send` refuses it. @param {string} name */
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}

function readRules() {
  try {
    return readFileSync(path.join(root, '_headers'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
