import assert from 'node:assert/strict';
import {mkdir, mkdtemp, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, test} from 'node:test';
import {brotliCompressSync, brotliDecompressSync, gunzipSync} from 'node:zlib';
import {compress, siblingsBefore} from './compress.mjs';

const PROGRAM = Buffer.from('\0asm'.padEnd(5000, 'program '));

/** @type {string} */
let out;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'compress-'));
  await mkdir(join(out, 'assets'));
  await writeFile(join(out, 'assets/a-1.wasm'), PROGRAM);
});

afterEach(() => rm(out, {recursive: true}));

const read = async (/** @type {string} */ name) => readFile(join(out, name));

test('siblings hold what the files hold; what is small, left out or no text has none', async () => {
  const text = 'x'.repeat(2000);
  for (const name of ['index.html', 'one.html', 'picture.png']) await writeFile(join(out, name), text);
  await writeFile(join(out, 'assets/small.js'), 'x'.repeat(100));
  await compress(out, ['one.html'], new Map());
  const siblings = (await readdir(out, {recursive: true})).filter((name) => /\.(br|gz)$/.test(name)).sort();
  assert.deepEqual(siblings, ['assets/a-1.wasm.br', 'assets/a-1.wasm.gz', 'index.html.br', 'index.html.gz']);
  assert.deepEqual(brotliDecompressSync(await read('assets/a-1.wasm.br')), PROGRAM);
  assert.deepEqual(gunzipSync(await read('assets/a-1.wasm.gz')), PROGRAM);
  assert.equal(brotliDecompressSync(await read('index.html.br')).toString(), text);
});

test('a program’s sibling of the build before serves again, unless it holds something else', async () => {
  const quick = brotliCompressSync(PROGRAM, {params: {1: 0}}); // tells itself from what compress would write
  const befores = [{before: quick, again: true}, {before: quick.subarray(0, -1), again: false}, {before: brotliCompressSync('another'), again: false}];
  for (const {before, again} of befores) {
    await writeFile(join(out, 'assets/a-1.wasm.br'), before);
    await compress(out, [], await siblingsBefore(out));
    const now = await read('assets/a-1.wasm.br');
    assert.equal(now.equals(before), again);
    assert.deepEqual(brotliDecompressSync(now), PROGRAM);
  }
});

test('before the first build there are none', async () => {
  assert.equal((await siblingsBefore(join(out, 'nowhere'))).size, 0);
});
