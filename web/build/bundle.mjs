// Bundles one entry point.

import {writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import esbuild from 'esbuild';

const web = dirname(dirname(fileURLToPath(import.meta.url)));

/** @satisfies {esbuild.BuildOptions} */
const common = {
  absWorkingDir: web,
  bundle: true,
  write: false,
  minify: true,
  target: ['chrome123', 'firefox128', 'safari17.5'], // the oldest browsers that the page runs in
  legalComments: 'none',
  loader: {'.svg': 'text'},
  logLevel: 'warning',
};

/**
 * What was bundled.
 *
 * @typedef {object} Bundle
 * @property {string} name of the entry's part, as it is written
 * @property {string[]} parts the names of what it needs at once
 * @property {esbuild.OutputFile[]} files all of it
 * @property {string[]} inputs what it was made from, relative to this folder
 */

/**
 * Bundles one entry point for the site, with a part of its own for each module
 * that is loaded late.
 *
 * @param {string} entry path relative to web/
 * @param {string} folder where it will be written
 * @param {Record<string, unknown>} define constants of the build
 * @param {esbuild.Plugin[]} plugins
 * @returns {Promise<Bundle>}
 */
export async function bundle(entry, folder, define, plugins) {
  const {outputFiles, metafile} = await esbuild.build({
    ...common,
    metafile: true,
    entryPoints: [entry],
    splitting: true,
    outdir: folder,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    format: 'esm',
    define: constants(define),
    plugins,
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
 * Bundles one entry point as one text that stands alone: a classic script, or
 * a style.
 *
 * @param {string} entry path relative to web/
 * @param {Record<string, unknown>} define constants of the build
 * @param {esbuild.Plugin[]} plugins
 * @returns {Promise<string>}
 */
export async function bundleWhole(entry, define, plugins) {
  const {outputFiles} = await esbuild.build({...common, entryPoints: [entry], format: 'iife', define: constants(define), plugins});
  const [file, ...others] = outputFiles;
  if (!file || others.length > 0) throw new Error(`${entry} did not become one file`);
  return file.text.trimEnd();
}

/**
 * Writes what was bundled.
 *
 * @param {Bundle} bundled
 * @returns {Promise<string>} its name
 */
export async function writeBundle({name, files}) {
  await Promise.all(files.map(({path, contents}) => writeFile(path, contents)));
  return name;
}

/** @param {Record<string, unknown>} define */
function constants(define) {
  return Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)]));
}
