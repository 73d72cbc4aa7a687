// Builds the page: node build.mjs --out <dir> --programs <dir of built wasm>
//   --wasm-exec <wasm_exec.js> --sample <dir of .vhd files>
//   --version <v> --commit <c> [--library <path>] [--connect "<origin>..."]
//   [--compress]

import {rm} from 'node:fs/promises';
import {compress, siblingsBefore} from './compress.mjs';
import {readOptions} from './options.mjs';
import {writeSingle} from './single.mjs';
import {writeSite} from './site.mjs';
import {writeSums} from './sums.mjs';

function asked() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`build.mjs: ${error instanceof Error ? error.message : error}`);
    process.exit(2);
  }
}

const options = asked();
const before = options.compress ? await siblingsBefore(options.out) : new Map();
await rm(options.out, {recursive: true, force: true});
const licences = await writeSite(options);
await writeSingle(options, licences);
// The single file is compressed inside.
if (options.compress) await compress(options.out, ['vhdscope.html'], before);
await writeSums(options.out);
