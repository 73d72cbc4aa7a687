// A child that names another parent, or its parent otherwise; and new children.

import { chain, facts, fixture } from '../support/images.js';
import { closeAll, complaints } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { act, expectJob, go, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

/** The newest job's file, to be opened later. */
const made = (page) => page.evaluateHandle(() => {
  const { name, blob } = globalThis.downloads.at(-1);
  return new File([blob], name);
});

test('a child is relinked to another file: it then opens without a word', async ({ page, viewer }) => {
  await viewer.open(chain[0], chain[1], fixture('impostor/base.vhd'));
  await viewer.expectChains({ 'leaf.vhd': 'incomplete', 'base.vhd': 'complete' });
  await withoutPicker(page);
  await page.getByRole('tab', { name: 'Chain' }).click();
  await page.getByTestId('relink-to').click();
  const after = page.getByTestId('relink-after');
  await expect(after).toBeVisible();
  await page.getByTestId('relative').fill('disks/new base.vhd');
  await page.getByTestId('absolute').fill('E:\\disks\\new base.vhd');
  await expect(after).toContainText('E:\\disks\\new base.vhd');
  await expect(after).toContainText('disks\\new base.vhd');
  await go(page).click();
  await expectJob(page, 'done');

  const child = await made(page);
  await closeAll(page);
  await viewer.open(chain[0], fixture('impostor/base.vhd'));
  await child.evaluate((file) => globalThis.vhdscope.open([file]));
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(disk.layers).toEqual([
    { name: 'leaf.vhd', state: 'resolved' },
    { name: 'middle (relinked).vhd', state: 'resolved' },
    { name: 'base.vhd', state: 'resolved' },
  ]);
  await page.getByRole('tab', { name: 'Chain' }).click();
  await expect(page.getByText('E:\\disks\\new base.vhd', { exact: true })).toBeAttached();
});

test('only the names change where that is wanted: the disk is the same', ONCE, async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await withoutPicker(page);
  await act(page, /^relink/i);
  await page.getByTestId('relink-parent').selectOption('0');
  await page.getByTestId('relative').fill('elsewhere/renamed.vhd');
  await expect(page.getByTestId('relink-after')).toContainText('renamed.vhd');
  await go(page).click();
  await expectJob(page, 'done');
  const child = await made(page);
  await closeAll(page);
  await viewer.open(chain[1], chain[2]);
  await child.evaluate((file) => globalThis.vhdscope.open([file]));
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  // The file is still called middle.vhd, and the page offers to say so.
  await page.getByRole('tab', { name: 'Chain' }).click();
  await expect(page.getByTestId('relink-name')).toBeVisible();
});

test('a base has no parent to be relinked to, and the menu says so', ONCE, async ({ page, viewer }) => {
  await viewer.open(chain[2]);
  await viewer.expectChain('complete');
  await page.getByTestId('chain-menu').click();
  const item = page.getByRole('menuitem', { name: /^relink/i });
  await expect(item).toHaveAttribute('aria-disabled', 'true');
  await expect(item).toContainText(/no parent/i);
});

test('a new child reads as its parent does', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await withoutPicker(page);
  await act(page, /^new child/i);
  await go(page).click();
  await expectJob(page, 'done');
  await page.getByTestId('open-result').click();
  await expect(viewer.layers).toHaveCount(4);
  const [disk] = await viewer.disks();
  expect(disk.layers.map(({ name, state }) => [name, state])).toEqual([
    ['leaf (child).vhd', 'resolved'], ['leaf.vhd', 'resolved'], ['middle.vhd', 'resolved'], ['base.vhd', 'resolved'],
  ]);
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  expect(await complaints(page, disk.id)).toEqual([]);
});
