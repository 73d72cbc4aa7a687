// Builds the page: node build.mjs --out <dir> --programs <dir of built wasm>
//   --wasm-exec <wasm_exec.js> --sample <dir of .vhd files>
//   --version <v> --commit <c> [--library <path>] [--connect "<origin>..."]
//
// Every asset carries a hash of its content in its name, so that it may be
// cached for ever; index.html and _headers are written last and name them.
// All URLs are relative: the folder can be served from any path.

import {createHash} from 'node:crypto';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {bundle, writeBundle} from './bundle.mjs';
import {collectLicences} from './licences.mjs';
import {readOptions} from './options.mjs';
import {headersFile, sitePolicy} from './policy.mjs';
import {providing} from './provided.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const {out, programs, wasmExec, sample, version, commit, library, connect} = asked();
const assets = join(out, 'assets');

function asked() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`build.mjs: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}

/**
 * Writes a file under assets/ with a hash of its content in its name.
 *
 * @param {string} name
 * @param {Uint8Array} content
 * @returns {Promise<string>} the name it was given
 */
async function writeHashed(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const hashed = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  await writeFile(join(assets, hashed), content);
  return hashed;
}

await rm(out, {recursive: true, force: true});
await mkdir(assets, {recursive: true});

/** @param {string} name */
const program = async (name) => writeHashed(`${name}.wasm`, await readFile(join(programs, name)));
const [viewer, jobs, volumes] = [await program('viewer'), await program('jobs'), await program('volumes')];
const logo = await writeHashed('logo.svg', await readFile(join(here, 'assets/logo.svg')));
const provided = {wasmExec, sample, loading: /** @type {const} */ ('site'), licences: []};
const style = await writeBundle(await bundle('src/styles/page.css', assets, {}, []));
const worker = await writeBundle(await bundle('src/worker.js', assets, {}, [providing(provided)]));
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
// Else a browser would learn of the parts when it has read the first.
const preloads = whole.parts.map((part) => `<link rel="modulepreload" href="assets/${part}">`).join('\n  ');

const policy = sitePolicy(connect);
/** @type {Record<string, string>} */
const names = {POLICY: policy, LOGO: `assets/${logo}`, STYLE: `assets/${style}`, MAIN: `assets/${main}`, PRELOADS: preloads};
const page = await readFile(join(here, 'src/index.html'), 'utf8');
await writeFile(join(out, 'index.html'), page.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
  const value = names[name];
  if (value === undefined) throw new Error(`index.html asks for {{${name}}}`);
  return value;
}));
await writeFile(join(out, '_headers'), headersFile(policy));
