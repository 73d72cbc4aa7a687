// Where a byte comes from, to the bit that decides it; and a layer's own file.

import { chain, facts } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const SECTOR = 512;
const number = (value) => `0x${value.toString(16).toUpperCase()}`;
const fact = facts.chain.sectors.find(({ sector }) => sector === 2);
const block = fact.source - fact.sector * SECTOR;

test.beforeEach(async ({ viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await viewer.showSectors();
});

test('the byte at the caret tells its layer, place in the file, block and bit', async ({ viewer }) => {
  await viewer.goTo(`s:${fact.sector}`);
  await expect(viewer.text(`middle.vhd at ${number(fact.source)}`)).toBeVisible();
  // The bitmap stands in the sector before the block's data.
  await expect(viewer.text(`${number(block - SECTOR)}, bit 2 (mask 0x20)`)).toBeVisible();
});

test('the byte under the pointer tells the same', async ({ viewer }) => {
  // The caret is in the sector before, which another layer supplies.
  await viewer.goTo(String(fact.sector * SECTOR - 64));
  await expect(viewer.text(/leaf\.vhd at 0x/)).toBeVisible();
  await viewer.row(fact.sector * SECTOR + 16).hover();
  await expect(viewer.text(new RegExp(`middle\\.vhd at ${number(fact.source).slice(0, -2)}`))).toBeVisible();
});

test('a layer’s own file can be looked at, and the disk again', ONCE, async ({ page, viewer }) => {
  const shown = page.getByRole('group', { name: 'What to show' });
  await shown.getByText('middle.vhd').click();
  const first = viewer.row(0);
  await expect(first).toContainText('conectix');
  await viewer.goTo(String(fact.source));
  await expect(viewer.row(fact.source)).toContainText(fact.text.slice(0, 16));
  await shown.getByText('Resolved disk').click();
  await viewer.goTo('0');
  await expect(viewer.row(0)).toContainText('base.vhd sector');
});
