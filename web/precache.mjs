// Writes the service worker of a built site: src/offline/sw.js with the list
// of the files that it keeps, and what is in them.

import {createHash} from 'node:crypto';
import {readFile, readdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import esbuild from 'esbuild';
import {TARGET} from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Assets compressed for hosts that serve them so: the same files in other words. */
const compressed = /\.(br|gz)$/;

/**
 * To be called when index.html, the manifest and all assets are written.
 *
 * @param {string} out the folder of the site
 */
export async function writeServiceWorker(out) {
  const assets = (await readdir(join(out, 'assets'))).filter((name) => !compressed.test(name)).sort();
  /** @type {Record<string, string>} */
  const files = {};
  for (const name of ['index.html', 'manifest.webmanifest', ...assets.map((asset) => `assets/${asset}`)]) {
    const hash = createHash('sha256').update(await readFile(join(out, name))).digest('base64');
    // Some hosts redirect from the name of the page to its folder.
    files[name === 'index.html' ? './' : name] = `sha256-${hash}`;
  }
  // Twice: the first tells what is in the second, but for that itself.
  const draft = await build(files, '');
  await writeFile(join(out, 'sw.js'), await build(files, createHash('sha256').update(draft).digest('hex').slice(0, 16)));
}

/**
 * @param {Record<string, string>} files
 * @param {string} hash
 * @returns {Promise<string>}
 */
async function build(files, hash) {
  const {outputFiles: [file]} = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ['src/offline/sw.js'],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: TARGET,
    legalComments: 'none',
    define: {FILES: JSON.stringify(files), VERSION_HASH: JSON.stringify(hash)},
    logLevel: 'warning',
  });
  return file?.text ?? '';
}
