// Prints the sizes of the built site's files, raw and as brotli sends them,
// and of the one file that holds it all.
//
//   node sizes.js DIST

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const KB = 1000;
/** What each program may weigh. Every visitor loads the viewer; the others are loaded by who needs them. */
const LIMITS = { viewer: 750 * KB, volumes: 1400 * KB };

const root = process.argv[2];
const rows = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/\.(br|gz)$|^(SHA256SUMS|vhdscope\.html)$/.test(entry.name))
  .map((entry) => {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    // What is too small for a compressed sibling is sent as it is.
    const sent = existsSync(`${file}.br`) ? `${file}.br` : file;
    return { name: path.relative(root, file), raw: statSync(file).size, brotli: statSync(sent).size };
  })
  .sort((a, b) => b.brotli - a.brotli);

for (const { name, raw, brotli } of rows) {
  console.log(`${kb(raw)} raw ${kb(brotli)} brotli  ${name}`);
}
const total = rows.filter(({ name }) => !name.includes('sample')).reduce((sum, row) => sum + row.brotli, 0);
console.log(`${kb(total)} brotli in all, without the sample`);
const sizeOf = (program) => rows.find(({ name }) => new RegExp(`${program}-\\w+\\.wasm$`).test(name))?.brotli ?? 0;
const page = readFileSync(path.join(root, 'index.html'), 'utf8');
const opened = rows.filter(({ name }) => name === 'index.html' || page.includes(name) || /\/(viewer|worker)-/.test(name))
  .reduce((sum, row) => sum + row.brotli, 0);
const later = { 'the first job': sizeOf('jobs'), 'the first volume': sizeOf('volumes') };
console.log(`${kb(opened)} of that when the page is opened, ${Object.entries(later).map(([when, size]) => `${kb(size).trim()} with ${when}`).join(', ')}`);
console.log(`${kb(statSync(path.join(root, 'vhdscope.html')).size)} in vhdscope.html`);
for (const [program, limit] of Object.entries(LIMITS)) {
  console.log(`${program}: ${(sizeOf(program) / limit).toFixed(2)} of its limit of ${kb(limit).trim()} brotli`);
}

function kb(bytes) {
  return `${(bytes / KB).toFixed(1).padStart(8)} KB`;
}
