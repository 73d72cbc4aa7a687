// Prints the sizes of the built site's files, raw and as brotli sends them.
//
//   node sizes.js DIST

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { brotliCompressSync, constants } from 'node:zlib';

const KB = 1000;
/** Of what every visitor loads; jobs are loaded by who has one. */
const VIEWER_LIMIT = 750 * KB;

const root = process.argv[2];
const rows = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const bytes = readFileSync(file);
    return { name: path.relative(root, file), raw: bytes.length, brotli: brotli(bytes) };
  })
  .sort((a, b) => b.brotli - a.brotli);

for (const { name, raw, brotli } of rows) {
  console.log(`${kb(raw)} raw ${kb(brotli)} brotli  ${name}`);
}
const total = rows.filter(({ name }) => !name.startsWith('sample')).reduce((sum, row) => sum + row.brotli, 0);
console.log(`${kb(total)} brotli in all, without the sample`);
const isJobs = ({ name }) => /jobs-\w+\.wasm$/.test(name);
const jobs = rows.filter(isJobs).reduce((sum, row) => sum + row.brotli, 0);
console.log(`${kb(total - jobs)} of that when the page is opened, ${kb(jobs).trim()} with the first job`);
for (const { name, brotli } of rows.filter((row) => /viewer-\w+\.wasm$/.test(row.name))) {
  console.log(`${name}: ${(brotli / VIEWER_LIMIT).toFixed(2)} of its limit of ${kb(VIEWER_LIMIT).trim()} brotli`);
}

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;
}

function kb(bytes) {
  return `${(bytes / KB).toFixed(1).padStart(8)} KB`;
}
