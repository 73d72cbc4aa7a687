// The site: index.html, _headers, assets/, and what makes it an app.
//
// Every asset carries a hash of its content in its name, so that it may be
// cached for ever; index.html, _headers and sw.js are written last and name them.
// All URLs are relative: the folder can be served from any path.

import {createHash} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {bundle, writeBundle} from './bundle.mjs';
import {collectLicences} from './licences.mjs';
import {writeManifest} from './manifest.mjs';
import {fillPage} from './page.mjs';
import {headersFile, sitePolicy} from './policy.mjs';
import {writeServiceWorker} from './precache.mjs';
import {providing} from './provided.mjs';

/** @import {Licence} from './licences.mjs' */
/** @import {Options} from './options.mjs' */

const web = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Writes it.
 *
 * @param {Options} options
 * @returns {Promise<Licence[]>} whose work is in it
 */
export async function writeSite({out, programs, wasmExec, sample, version, commit, library, connect}) {
  const assets = join(out, 'assets');
  await mkdir(assets, {recursive: true});
  const hashed = async (/** @type {string} */ name, /** @type {string} */ path) => writeHashed(assets, name, await readFile(path));
  const program = (/** @type {string} */ name) => hashed(`${name}.wasm`, join(programs, name));
  const [viewer, jobs, volumes] = [await program('viewer'), await program('jobs'), await program('volumes')];
  const logo = await hashed('logo.svg', join(web, 'assets/logo.svg'));
  const touchIcon = await writeManifest(out, logo, (name, content) => writeHashed(assets, name, content));
  const style = await writeBundle(await bundle('src/styles/page.css', assets, {}, []));
  const provided = {wasmExec, sample, loading: /** @type {const} */ ('site'), licences: []};
  const worker = await writeBundle(await bundle('src/loading/site-worker.js', assets, {CONNECT: connect}, [providing(provided)]));
  const define = {
    PROGRAM_FILES: {viewer, jobs, volumes},
    WORKER_FILE: worker,
    VERSION: version,
    COMMIT: commit,
    LIBRARY: library,
    CONNECT: connect,
    SINGLE: false,
  };
  // Twice: only the first bundle tells whose work is in the second.
  const draft = await bundle('src/main.js', assets, define, [providing(provided)]);
  const licences = await collectLicences(draft.inputs);
  const whole = await bundle('src/main.js', assets, define, [providing({...provided, licences})]);
  const main = await writeBundle(whole);

  const policy = sitePolicy(connect);
  await writeFile(join(out, 'index.html'), await fillPage({
    policy,
    head: [
      `<link rel="icon" type="image/svg+xml" href="assets/${logo}">`,
      `<link rel="apple-touch-icon" href="assets/${touchIcon}">`,
      '<link rel="manifest" href="manifest.webmanifest">',
      `<link rel="stylesheet" href="assets/${style}">`,
      // Else a browser would learn of the parts when it has read the first.
      ...whole.parts.map((part) => `<link rel="modulepreload" href="assets/${part}">`),
      `<script type="module" src="assets/${main}"></script>`,
    ],
    body: [],
  }));
  await writeFile(join(out, '_headers'), headersFile(policy));
  await writeServiceWorker(out);
  return licences;
}

/**
 * Writes a file with a hash of its content in its name.
 *
 * @param {string} folder
 * @param {string} name
 * @param {Uint8Array} content
 * @returns {Promise<string>} the name it was given
 */
async function writeHashed(folder, name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const hashed = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  await writeFile(join(folder, hashed), content);
  return hashed;
}
