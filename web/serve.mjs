// Serves the built site as its host would: the files of one folder, with the
// headers that the folder's own `_headers` asks for. For development and
// tests, on this machine only.
//
//   node serve.mjs DIR [PORT]      PORT 0, the default, takes any free one

import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseHeaders, headersFor } from './serve-headers.mjs';

const HOST = '127.0.0.1';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const [folder, port = '0'] = process.argv.slice(2);
if (!folder || !/^\d{1,5}$/.test(port)) {
  console.error('usage: node serve.mjs DIR [PORT]');
  process.exit(2);
}
const root = path.resolve(folder);

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    if (!response.headersSent) response.writeHead(500);
    response.end();
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error);
  });
});
server.on('error', (error) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: name another.` : error.message);
  process.exit(1);
});
server.listen(Number(port), HOST, () => {
  console.log(`vhdscope is at http://${HOST}:${server.address().port}/ (Ctrl-C ends)`);
});

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = await find(request.url ?? '/');
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  response.writeHead(200, {
    'Cache-Control': 'no-cache',
    'Content-Type': TYPES[path.extname(file.path)] ?? 'application/octet-stream',
    'Content-Length': file.size,
    // Read anew each time, so that a rebuilt site needs no restart.
    ...headersFor(parseHeaders(readRules()), file.url),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(file.path), response);
}

/** The file that a URL names, or null: nothing outside root is ever named. */
async function find(url) {
  let name;
  try {
    name = decodeURIComponent(new URL(url, `http://${HOST}`).pathname);
  } catch {
    return null;
  }
  if (name.includes('\0') || name === '/_headers') return null;
  const full = path.join(root, name.endsWith('/') ? `${name}index.html` : name);
  if (!full.startsWith(root + path.sep)) return null;
  const info = await stat(full).catch(() => null);
  return info?.isFile() ? { path: full, url: name, size: info.size } : null;
}

function readRules() {
  try {
    return readFileSync(path.join(root, '_headers'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
