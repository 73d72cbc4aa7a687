// The modules that the page imports and that are not in src: what a build
// makes, or chooses.

import {readFile, readdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

/** @import {Plugin} from 'esbuild' */
/** @import {Licence} from './licences.mjs' */

const web = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Provided
 * @property {string} wasmExec path of Go's glue, which comes with the Go that built the wasm
 * @property {string} sample folder of the sample, which a program lays out at build time
 * @property {'site' | 'single'} loading which module of src/loading the page has its programs from
 * @property {Licence[]} licences
 */

/**
 * @param {Provided} provided
 * @returns {Plugin}
 */
export function providing({wasmExec, sample, loading, licences}) {
  return {
    name: 'providing',
    setup(build) {
      build.onResolve({filter: /^vhdscope:loading$/}, () => ({path: join(web, 'src/loading', `${loading}.js`)}));
      build.onResolve({filter: /^vhdscope:/}, ({path}) => ({path, namespace: 'vhdscope'}));
      // By its text and not its path: that would be hashed into names.
      build.onLoad({filter: /^vhdscope:wasm_exec$/, namespace: 'vhdscope'}, async () => ({contents: await readFile(wasmExec)}));
      build.onLoad({filter: /^vhdscope:licences$/, namespace: 'vhdscope'}, () => ({
        contents: `export const licences = ${JSON.stringify(licences)};`,
      }));
      build.onLoad({filter: /^vhdscope:sample$/, namespace: 'vhdscope'}, async () => {
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
}
