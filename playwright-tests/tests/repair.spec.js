// A damaged file becomes a whole one: first in words, then as a new file.

import { fixture } from '../support/images.js';
import { closeAll, complaints } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { act, downloadNames, expectJob, go, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

/** Opens one file and asks for its repair. */
async function repair(page, viewer, name) {
  await viewer.open(fixture(name));
  await expect(viewer.chainState).toHaveCount(1);
  await withoutPicker(page);
  await act(page, /^repair/i);
}

/** Saves what the dialog shows, and opens it alone. */
async function openRepaired(page, viewer) {
  await go(page).click();
  await expectJob(page, 'done');
  await closeAll(page);
  await page.getByTestId('open-result').click();
  await viewer.expectDisks(1);
  return (await viewer.disks())[0];
}

test('bad checksums are put right and nothing is lost', async ({ page, viewer }) => {
  await repair(page, viewer, 'damaged/bad-checksums.vhd');
  const [before] = await viewer.disks();
  const sum = await viewer.sha256(before);
  expect(await complaints(page, before.id)).not.toEqual([]);
  await expect(page.getByTestId('repair-changes').getByTestId('range').first()).toBeVisible();
  await expect(page.getByTestId('repair-lost')).toHaveText(/nothing is lost/i);
  expect(await downloadNames(page), 'nothing is saved before the person has seen it').toEqual([]);
  const disk = await openRepaired(page, viewer);
  expect(disk.name).toBe('bad-checksums (repaired).vhd');
  expect(await viewer.sha256(disk)).toBe(sum);
  expect(await complaints(page, disk.id)).toEqual([]);
});

test('a block that cannot be had back is named before anything is saved', ONCE, async ({ page, viewer }) => {
  await repair(page, viewer, 'damaged/block-outside.vhd');
  const [before] = await viewer.disks();
  const holes = (await viewer.extents(before.id, 0, before.size)).filter(({ problem }) => problem);
  const lost = page.getByTestId('repair-lost').getByTestId('range');
  await expect(lost.first()).toBeVisible();
  await expect(lost.first()).toContainText(`0x${holes[0].offset.toString(16).toUpperCase()}`);
  const disk = await openRepaired(page, viewer);
  expect(await complaints(page, disk.id)).toEqual([]);
  await expect(page.getByTestId('job')).toContainText(/lost/);
});

test('a healthy file has nothing to repair, and nothing is offered', ONCE, async ({ page, viewer }) => {
  await repair(page, viewer, 'chain/base.vhd');
  await expect(page.getByTestId('nothing-to-repair')).toHaveText(/nothing to repair/i);
  await expect(go(page)).toHaveCount(0);
});

test('reading all data too is another repair, with the same result where all can be read', ONCE, async ({ page, viewer }) => {
  await repair(page, viewer, 'damaged/bad-checksums.vhd');
  const [before] = await viewer.disks();
  const sum = await viewer.sha256(before);
  await expect(page.getByTestId('repair-changes')).toBeVisible();
  await page.getByTestId('repair-data').check();
  await expect(page.getByTestId('repair-changes')).toBeVisible();
  await expect(page.getByTestId('repair-lost')).toHaveText(/nothing is lost/i);
  expect(await viewer.sha256(await openRepaired(page, viewer))).toBe(sum);
});
