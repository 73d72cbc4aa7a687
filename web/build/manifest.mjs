// The web app manifest: what an installed vhdscope is called, looks like and
// opens.

import {readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const web = dirname(dirname(fileURLToPath(import.meta.url)));

/** Drawn by assets/draw-icons.mjs. */
const drawn = [
  {file: 'icon-192.png', sizes: '192x192', purpose: 'any'},
  {file: 'icon-512.png', sizes: '512x512', purpose: 'any'},
  {file: 'icon-maskable-512.png', sizes: '512x512', purpose: 'maskable'},
];

/** Not among the icons of the manifest: iOS takes it from the page. */
const touchIcon = 'apple-touch-icon.png';

/**
 * @param {string} out the folder of the site
 * @param {string} logo the name of the logo, which is an SVG, under assets/
 * @param {(name: string, content: Uint8Array) => Promise<string>} writeAsset writes a file under assets/; gives the name it got
 * @returns {Promise<string>} the name of the apple-touch-icon under assets/
 */
export async function writeManifest(out, logo, writeAsset) {
  const asset = async (/** @type {string} */ name) => writeAsset(name, await readFile(join(web, 'assets', name)));
  const icons = [{src: `assets/${logo}`, type: 'image/svg+xml', sizes: 'any', purpose: 'any'}];
  for (const {file, sizes, purpose} of drawn) {
    icons.push({src: `assets/${await asset(file)}`, type: 'image/png', sizes, purpose});
  }
  const manifest = {
    // No id: relative ones are taken from the origin, not from here, so that
    // two sites of one host would be one app. Without, it is start_url.
    name: 'vhdscope',
    short_name: 'vhdscope',
    description: 'Shows the sectors of VHD chains as a virtual machine reads them, the files in them, and which file each byte comes from. Nothing is uploaded.',
    lang: 'en',
    start_url: './',
    scope: './',
    display: 'standalone',
    // The light ones: a manifest has one each. The page gives both for its
    // title bar.
    theme_color: '#f3f4f7',
    background_color: '#f3f4f7',
    categories: ['utilities', 'developer'],
    icons,
    file_handlers: [{action: './', accept: {'application/x-vhd': ['.vhd', '.avhd']}, launch_type: 'single-client'}],
    // A file that is opened goes to the window that is open, beside what is
    // there: it may be the parent that is missing.
    launch_handler: {client_mode: ['focus-existing', 'auto']},
  };
  await writeFile(join(out, 'manifest.webmanifest'), `${JSON.stringify(manifest, null, 2)}\n`);
  return asset(touchIcon);
}
