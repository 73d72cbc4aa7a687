// Bundles the page: node build.mjs --out <dir> --programs <dir of built wasm>
//   --wasm-exec <wasm_exec.js> --sample <dir of .vhd files>
//   --version <v> --commit <c>
//
// Every asset carries a hash of its content in its name, so that it may be
// cached for ever; index.html and _headers are written last and name them.
// All URLs are relative: the folder can be served from any path.

import {createHash} from 'node:crypto';
import {mkdir, readFile, readdir, rm, writeFile} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {gzipSync} from 'node:zlib';
import esbuild from 'esbuild';
import {collectLicences} from './licences.mjs';

/** @import {Licence} from './licences.mjs' */

const here = dirname(fileURLToPath(import.meta.url));

const {values: given} = parseArgs({
  options: {
    out: {type: 'string'},
    programs: {type: 'string'},
    'wasm-exec': {type: 'string'},
    sample: {type: 'string'},
    version: {type: 'string'},
    commit: {type: 'string'},
  },
});

/**
 * @param {keyof typeof given} name
 * @returns {string}
 */
function required(name) {
  const value = given[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}

const out = resolve(required('out'));
const wasmExec = resolve(required('wasm-exec'));
const sample = resolve(required('sample'));

/** What the page may do: nothing but run its own files. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:", // pictures among the files on a disk
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html vhdscope',
].join('; ');

const headers = `/*
  Content-Security-Policy: ${policy}; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer

/assets/*
  Cache-Control: public, max-age=31536000, immutable
`;

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
  await writeFile(join(out, 'assets', hashed), content);
  return hashed;
}

/**
 * Resolves the two modules that are not in this folder: Go's glue, which
 * comes with the Go that built the wasm, and the sample, which a program
 * lays out at build time.
 *
 * @type {esbuild.Plugin}
 */
const provided = {
  name: 'provided',
  setup(build) {
    build.onResolve({filter: /^vhdscope:wasm_exec$/}, () => ({path: wasmExec, sideEffects: true}));
    build.onResolve({filter: /^vhdscope:sample$/}, () => ({path: 'sample', namespace: 'sample'}));
    build.onLoad({filter: /^sample$/, namespace: 'sample'}, async () => {
      const names = (await readdir(sample)).filter((name) => name.endsWith('.vhd')).sort();
      if (names.length === 0) throw new Error(`${sample} holds no .vhd files`);
      const imports = names.map((name, i) => `import gzip${i} from ${JSON.stringify(`gzip:${name}`)};`);
      const files = names.map((name, i) => `{name: ${JSON.stringify(name)}, gzip: gzip${i}}`);
      return {contents: `${imports.join('\n')}\nexport const files = [${files.join(', ')}];`};
    });
    build.onResolve({filter: /^gzip:/}, ({path}) => ({path: path.slice('gzip:'.length), namespace: 'gzip'}));
    build.onLoad({filter: /.*/, namespace: 'gzip'}, async ({path}) => ({
      contents: gzipSync(await readFile(join(sample, path)), {level: 9}),
      loader: 'binary',
    }));
  },
};

/**
 * @param {Licence[]} licences
 * @returns {esbuild.Plugin}
 */
function telling(licences) {
  return {
    name: 'telling',
    setup(build) {
      build.onResolve({filter: /^vhdscope:licences$/}, () => ({path: 'licences', namespace: 'licences'}));
      build.onLoad({filter: /.*/, namespace: 'licences'}, () => ({contents: `export const licences = ${JSON.stringify(licences)};`}));
    },
  };
}

/**
 * What was bundled.
 *
 * @typedef {object} Bundle
 * @property {string} name under assets/
 * @property {string[]} parts the names of what it needs at once
 * @property {esbuild.OutputFile[]} files all of it
 * @property {string[]} inputs what it was made from
 */

/**
 * Bundles one entry point, with a part of its own for each module that is
 * loaded late.
 *
 * @param {string} entry path relative to this folder
 * @param {Record<string, string>} [define]
 * @param {Licence[]} [licences] what the module vhdscope:licences tells
 * @returns {Promise<Bundle>}
 */
async function bundle(entry, define = {}, licences = []) {
  const {outputFiles, metafile} = await esbuild.build({
    absWorkingDir: here,
    metafile: true,
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    outdir: join(out, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    legalComments: 'none',
    loader: {'.svg': 'text'},
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    plugins: [provided, telling(licences)],
    logLevel: 'warning',
  });
  const {outputs} = metafile;
  const path = Object.keys(outputs).find((output) => outputs[output]?.entryPoint === entry);
  if (!path) throw new Error(`${entry} was not bundled`);
  const parts = new Set([path]);
  for (const part of parts) {
    for (const {kind, path: needed} of outputs[part]?.imports ?? []) if (kind === 'import-statement') parts.add(needed);
  }
  parts.delete(path);
  return {
    name: basename(path),
    parts: [...parts].map((part) => basename(part)),
    files: outputFiles,
    inputs: Object.keys(metafile.inputs),
  };
}

/**
 * Writes what was bundled.
 *
 * @param {Bundle} bundled
 * @returns {Promise<string>} its name under assets/
 */
async function writeBundle({name, files}) {
  await Promise.all(files.map(({path, contents}) => writeFile(path, contents)));
  return name;
}

await rm(out, {recursive: true, force: true});
await mkdir(join(out, 'assets'), {recursive: true});

/** @param {string} name */
const program = async (name) => writeHashed(`${name}.wasm`, await readFile(join(required('programs'), name)));
const [viewer, jobs, volumes] = [await program('viewer'), await program('jobs'), await program('volumes')];
const logo = await writeHashed('logo.svg', await readFile(join(here, 'assets/logo.svg')));
const style = await writeBundle(await bundle('src/styles/page.css'));
const worker = await writeBundle(await bundle('src/worker.js'));
const define = {
  VIEWER_FILE: viewer,
  JOBS_FILE: jobs,
  VOLUMES_FILE: volumes,
  WORKER_FILE: worker,
  VERSION: required('version'),
  COMMIT: required('commit'),
};
// Twice: only the first bundle tells whose work is in the second.
const draft = await bundle('src/main.js', define);
const whole = await bundle('src/main.js', define, await collectLicences(draft.inputs));
const main = await writeBundle(whole);
// Else a browser would learn of the parts when it has read the first.
const preloads = whole.parts.map((part) => `<link rel="modulepreload" href="assets/${part}">`).join('\n  ');

/** @type {Record<string, string>} */
const names = {POLICY: policy, LOGO: `assets/${logo}`, STYLE: `assets/${style}`, MAIN: `assets/${main}`, PRELOADS: preloads};
const page = await readFile(join(here, 'src/index.html'), 'utf8');
await writeFile(join(out, 'index.html'), page.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
  const value = names[name];
  if (value === undefined) throw new Error(`index.html asks for {{${name}}}`);
  return value;
}));
await writeFile(join(out, '_headers'), headers);
