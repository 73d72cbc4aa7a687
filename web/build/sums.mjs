// SHA256SUMS: what `sha256sum -c` checks a built folder by.

import {createHash} from 'node:crypto';
import {readFile, readdir, writeFile} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';

/**
 * Writes the sums of all files in a folder, into it.
 *
 * @param {string} folder
 */
export async function writeSums(folder) {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const names = entries.filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();
  const lines = await Promise.all(names.map(async (name) => {
    const sum = createHash('sha256').update(await readFile(join(folder, name))).digest('hex');
    return `${sum}  ${name}\n`;
  }));
  await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
}
