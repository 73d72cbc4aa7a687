// A file that is changed or deleted on disk while the page has it open.

import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { chain } from '../support/images.js';
import { expect, test } from '../support/test.js';

const SECTOR = 512;

/** Reads 'cold' bytes: where nothing was looked at before. */
const readFarSector = (page, id) =>
  page.evaluate(
    ([disk, offset]) => globalThis.vhdscope.read(disk, offset, 512).then(() => 'read', (error) => error.message),
    [id, 5000 * SECTOR],
  );

for (const [what, spoil] of [
  ['changed', (file) => writeFileSync(file, 'something else altogether')],
  ['deleted', (file) => rmSync(file)],
]) {
  test(`a file that was ${what} is named in an error, and the page goes on`, async ({ page, viewer, watched }, testInfo) => {
    watched.forgive();
    const [leaf, middle, base] = chain;
    const copy = testInfo.outputPath('middle.vhd');
    copyFileSync(middle, copy);
    await viewer.open(leaf, copy, base);
    await viewer.expectChain('complete');
    const [disk] = await viewer.disks();
    spoil(copy);
    const outcome = await readFarSector(page, disk.id);
    expect(outcome).toMatch(/middle\.vhd/);
    expect(outcome).toMatch(/changed|deleted|read|open/i);
    // What the other files supply is still read.
    expect((await viewer.read(disk.id, 12288 * SECTOR, SECTOR)).toString('latin1')).toContain('leaf.vhd sector 12288.');
  });
}
