// Writes the service worker of a built site: src/offline/sw.js with the list
// of the files that it keeps, and what is in them.

import {createHash} from 'node:crypto';
import {readFile, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {bundleWhole} from './bundle.mjs';

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
  const script = (/** @type {string} */ hash) => bundleWhole('src/offline/sw.js', {FILES: files, VERSION_HASH: hash}, []);
  const hash = createHash('sha256').update(await script('')).digest('hex').slice(0, 16);
  await writeFile(join(out, 'sw.js'), await script(hash));
}
