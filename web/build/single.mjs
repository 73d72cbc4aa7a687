// vhdscope.html: all of the page in one file, which runs from a disk.
//
// A page from a file may load nothing beside it, so everything is inside: the
// late parts in the one script, the programs as data blocks below it.

import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {bundleWhole} from './bundle.mjs';
import {fillPage} from './page.mjs';
import {singlePolicy} from './policy.mjs';
import {providing} from './provided.mjs';

/** @import {Licence} from './licences.mjs' */
/** @import {Options} from './options.mjs' */

const web = dirname(dirname(fileURLToPath(import.meta.url)));

const programs = ['viewer', 'jobs', 'volumes'];

/**
 * Writes it.
 *
 * @param {Options} options
 * @param {Licence[]} licences
 */
export async function writeSingle({out, programs: folder, wasmExec, sample, version, commit}, licences) {
  const plugins = [providing({wasmExec, sample, loading: 'single', licences})];
  const define = {
    WORKER_SOURCE: await bundleWhole('src/loading/single-worker.js', {}, plugins),
    VERSION: version,
    COMMIT: commit,
    LIBRARY: '',
    CONNECT: [],
    SINGLE: true,
  };
  const script = enclosed(await bundleWhole('src/main.js', define, plugins));
  const style = enclosed(await bundleWhole('src/styles/page.css', {}, []));
  const logo = await readFile(join(web, 'assets/logo.svg'));
  const blocks = await Promise.all(programs.map(async (name) => {
    const gzip = gzipSync(await readFile(join(folder, name)), {level: 9});
    return `<script type="application/gzip" id="${name}.wasm.gz">${gzip.toString('base64')}</script>`;
  }));
  await writeFile(join(out, 'vhdscope.html'), await fillPage({
    policy: singlePolicy(hashOf(script), hashOf(style)),
    head: [
      `<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,${logo.toString('base64')}">`,
      `<style>${style}</style>`,
    ],
    body: [`<script>${script}</script>`, ...blocks],
  }));
}

/**
 * @param {string} text of a script or style
 * @returns {string} the same, which is safe to stand in its element
 */
function enclosed(text) {
  // What would end the element, or (after <!--) hide its end; and what the
  // parser changes, so that the hash would be of something else.
  const found = /<\/?script|<\/style|\r|\0/i.exec(text)?.[0];
  if (found) throw new Error(`${JSON.stringify(found)} cannot stand inside the page`);
  return text;
}

/** @param {string} text */
const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
