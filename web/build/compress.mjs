// Compressed siblings of the site's files (x.js.br, x.js.gz), which a web
// server sends in their place where the browser takes them.

import {readFile, readdir, writeFile} from 'node:fs/promises';
import {extname, join} from 'node:path';
import {promisify} from 'node:util';
import {brotliCompress, brotliDecompress, constants, gzip} from 'node:zlib';

const KINDS = new Set(['.css', '.html', '.js', '.svg', '.wasm', '.webmanifest']);

/** Fits in one packet as it is. */
const SMALL = 1024;

/**
 * The programs' siblings of the build before this one. Brotli at its best
 * takes half a minute for them, and most builds change none: what is in a
 * sibling is known by the hash in its name.
 *
 * @param {string} out
 * @returns {Promise<Map<string, Buffer>>} by path below out
 */
export async function siblingsBefore(out) {
  const names = await readdir(out, {recursive: true}).catch(() => []);
  const programs = names.filter((name) => name.endsWith('.wasm.br'));
  return new Map(await Promise.all(programs.map(async (name) => /** @type {const} */ ([name, await readFile(join(out, name))]))));
}

/**
 * Writes the siblings of what is in a folder.
 *
 * @param {string} out
 * @param {string[]} left names of files to be left out
 * @param {Map<string, Buffer>} before
 */
export async function compress(out, left, before) {
  const names = (await readdir(out, {recursive: true})).filter((name) => KINDS.has(extname(name)) && !left.includes(name));
  await Promise.all(names.map(async (name) => {
    const content = await readFile(join(out, name));
    if (content.length < SMALL) return;
    const brotli = await holding(content, before.get(`${name}.br`)) ?? await toBrotli(content);
    await writeFile(join(out, `${name}.br`), brotli);
    await writeFile(join(out, `${name}.gz`), await promisify(gzip)(content, {level: 9}));
  }));
}

/** @param {Buffer} content */
const toBrotli = (content) => promisify(brotliCompress)(content, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  },
});

/**
 * A sibling, if that is what it is: the build that wrote it may have been ended early.
 *
 * @param {Buffer} content
 * @param {Buffer | undefined} sibling
 * @returns {Promise<Buffer | undefined>}
 */
async function holding(content, sibling) {
  if (!sibling) return undefined;
  const held = await promisify(brotliDecompress)(sibling).catch(() => undefined);
  return held?.equals(content) ? sibling : undefined;
}
