import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtemp, mkdir, rm, writeFile} from 'node:fs/promises';
import {get} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync} from 'node:zlib';

const PROGRAM = Buffer.from('\0asm'.padEnd(5000, 'program '));
const IMAGE = Buffer.from(Array.from({length: 3000}, (_, i) => i % 251));

/** @type {string} */
let folder;
/** @type {import('node:child_process').ChildProcess} */
let server;
/** @type {URL} */
let site;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serve-'));
  const write = async (name, content) => writeFile(join(folder, name), content);
  await mkdir(join(folder, 'site/assets'), {recursive: true});
  await mkdir(join(folder, 'disks'));
  await write('site/index.html', '<!doctype html>');
  await write('site/_headers', '/*\n  X-Content-Type-Options: nosniff\n/assets/*\n  Cache-Control: max-age=9, immutable\n');
  await write('site/assets/a.wasm', PROGRAM);
  await write('site/assets/a.wasm.br', brotliCompressSync(PROGRAM));
  await write('site/assets/a.wasm.gz', gzipSync(PROGRAM));
  await write('site/assets/b.js', 'only();');
  await write('site/assets/b.js.gz', gzipSync('only();'));
  await write('disks/base #1.vhd', IMAGE);
  await write('outside.txt', 'not to be had');
  const program = fileURLToPath(new URL('serve.mjs', import.meta.url));
  server = spawn(process.execPath, [program, join(folder, 'site'), '--under', '/a/b c/', '--images', join(folder, 'disks')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of server.stdout) {
    site = new URL(/http:\S+/.exec(String(line))[0]);
    break;
  }
});

after(async () => {
  server.kill();
  await rm(folder, {recursive: true});
});

/**
 * Asks without help: nothing is decoded, and the path is sent as it stands.
 *
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Promise<{status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer}>}
 */
async function ask(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    get({hostname: site.hostname, port: site.port, path, headers, method}, async (response) => {
      resolve({status: response.statusCode, headers: response.headers, body: Buffer.concat(await response.toArray())});
    }).on('error', reject);
  });
}

const at = (name) => site.pathname + name;

test('the site is under its path, and the path without a slash leads to it', async () => {
  assert.equal(site.pathname, '/a/b%20c/');
  const page = await ask(at(''));
  assert.equal(page.status, 200);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.body.toString(), '<!doctype html>');
  const slashless = await ask('/a/b%20c');
  assert.equal(slashless.status, 301);
  assert.equal(slashless.headers.location, '/a/b%20c/');
  assert.equal((await ask('/')).status, 404);
  assert.equal((await ask('/assets/a.wasm')).status, 404);
});

test('a file is sent in the encoding that is liked best', async () => {
  for (const [accept, encoding] of [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.1, gzip;q=0.9', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['BR', 'br'],
    ['*', 'br'],
    ['br, identity;q=0', 'br'],
    ['', undefined],
    ['identity', undefined],
    ['deflate, zstd', undefined],
    ['gzip;q=0.2, identity', undefined],
    [undefined, undefined],
  ]) {
    const {status, headers, body} = await ask(at('assets/a.wasm'), accept === undefined ? {} : {'Accept-Encoding': accept});
    assert.equal(status, 200);
    assert.equal(headers['content-encoding'], encoding, accept);
    assert.equal(headers['content-type'], 'application/wasm');
    assert.equal(headers['cache-control'], 'max-age=9, immutable');
    assert.equal(headers.vary, 'Accept-Encoding');
    const decode = {br: brotliDecompressSync, gzip: gunzipSync}[encoding] ?? ((bytes) => bytes);
    assert.deepEqual(decode(body), PROGRAM);
  }
});

test('a browser that takes nothing of what there is is told so', async () => {
  const {status, headers} = await ask(at('assets/b.js'), {'Accept-Encoding': 'br, identity;q=0'});
  assert.equal(status, 406);
  assert.equal(headers.vary, 'Accept-Encoding');
  assert.equal(headers['content-encoding'], undefined);
  assert.equal((await ask(at('assets/b.js'), {'Accept-Encoding': '*;q=0'})).status, 406);
});

test('what has no siblings is sent as it is', async () => {
  const {headers} = await ask(at(''), {'Accept-Encoding': 'br'});
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers.vary, undefined);
});

test('a browser that has a file is told that it has not changed, by encoding', async () => {
  const first = await ask(at('assets/a.wasm'), {'Accept-Encoding': 'br'});
  const again = await ask(at('assets/a.wasm'), {'Accept-Encoding': 'br', 'If-None-Match': first.headers.etag});
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal(again.headers['cache-control'], 'max-age=9, immutable');
  assert.equal(again.headers.vary, 'Accept-Encoding');
  const other = await ask(at('assets/a.wasm'), {'Accept-Encoding': 'gzip', 'If-None-Match': first.headers.etag});
  assert.equal(other.status, 200);
  assert.notEqual(other.headers.etag, first.headers.etag);
});

test('HEAD has the headers of GET and no body', async () => {
  const whole = await ask(at('assets/a.wasm'), {'Accept-Encoding': 'br'});
  const head = await ask(at('assets/a.wasm'), {'Accept-Encoding': 'br'}, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  for (const name of ['content-length', 'content-type', 'content-encoding', 'etag']) assert.equal(head.headers[name], whole.headers[name]);
});

test('images beside the site are read by range', async () => {
  const image = at('images/base%20%231.vhd');
  const {status, headers, body} = await ask(image, {Range: 'bytes=512-1023'});
  assert.equal(status, 206);
  assert.equal(headers['content-range'], 'bytes 512-1023/3000');
  assert.deepEqual(body, IMAGE.subarray(512, 1024));
  assert.deepEqual((await ask(image, {Range: 'bytes=-512'})).body, IMAGE.subarray(-512));
  const beyond = await ask(image, {Range: 'bytes=3000-'});
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers['content-range'], 'bytes */3000');
});

test('nothing outside is to be had, nor the rules, nor by other methods', async () => {
  for (const path of ['../outside.txt', '..%2foutside.txt', 'images/../../outside.txt', 'images/..%2Foutside.txt', '_headers', '%5Fheaders', 'assets', 'assets/', 'assets/%zz', 'assets/a.wasm%00']) {
    const {status, body} = await ask(at(path));
    assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
    assert.ok(!body.includes('not to be had'));
  }
  const {status, headers} = await ask(at(''), {}, 'POST');
  assert.equal(status, 405);
  assert.equal(headers.allow, 'GET, HEAD');
});

test('it answers by no other name than this machine has for itself', async () => {
  const path = site.pathname;
  for (const host of ['127.0.0.1', `localhost:${site.port}`, '[::1]:1']) assert.equal((await ask(path, {host})).status, 200, host);
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:80']) assert.equal((await ask(path, {host})).status, 421, host);
});
