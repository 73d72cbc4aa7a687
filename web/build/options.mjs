// What a build is asked for.

import {resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {checkLibrary, connectOrigins} from './policy.mjs';

/**
 * @typedef {object} Options
 * @property {string} out the folder that is made anew; an absolute path, like the next three
 * @property {string} programs where the built wasm is
 * @property {string} wasmExec Go's wasm_exec.js
 * @property {string} sample where the .vhd files of the sample are
 * @property {string} version
 * @property {string} commit
 * @property {string} library where the image library is that this site is served with, relative to the page; '' for none
 * @property {string[]} connect origins besides its own that the page may read from
 * @property {boolean} compress whether files get compressed siblings
 */

/**
 * @param {string[]} args as build.mjs gets them
 * @returns {Options}
 */
export function readOptions(args) {
  const {values} = parseArgs({
    args,
    options: {
      out: {type: 'string'},
      programs: {type: 'string'},
      'wasm-exec': {type: 'string'},
      sample: {type: 'string'},
      version: {type: 'string'},
      commit: {type: 'string'},
      library: {type: 'string', default: ''},
      connect: {type: 'string', default: ''},
      compress: {type: 'boolean', default: false},
    },
  });
  const required = (/** @type {Exclude<keyof typeof values, 'compress'>} */ name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`--${name} is missing`);
    return value;
  };
  return {
    out: resolve(required('out')),
    programs: resolve(required('programs')),
    wasmExec: resolve(required('wasm-exec')),
    sample: resolve(required('sample')),
    version: required('version'),
    commit: required('commit'),
    library: checkLibrary(values.library),
    connect: connectOrigins(values.connect),
    compress: values.compress,
  };
}
