// What a person sees when a parent is not there, or not the right one.

import { chain, facts, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const [leaf, middle, base] = chain;
const impostor = fixture('impostor/base.vhd');
const baseUUID = new RegExp(facts.chain.layers[2].uuid, 'i');
const impostorUUID = new RegExp(facts.chain.impostorUuid, 'i');

test('a missing parent is named, and taken when it comes', async ({ page, viewer }) => {
  await viewer.open(leaf);
  await viewer.expectChain('incomplete');
  await expect(viewer.layer('middle.vhd')).toHaveAttribute('data-state', 'missing');
  await expect(viewer.text(new RegExp(facts.chain.layers[1].uuid, 'i'))).toBeVisible();
  await expect(viewer.text('C:\\disks\\middle.vhd')).toBeVisible();

  await viewer.open(base);
  await viewer.expectChains({ 'leaf.vhd': 'incomplete', 'base.vhd': 'complete' });
  await viewer.open(middle);
  await viewer.expectChain('complete');
  await expect(viewer.layer('middle.vhd')).toHaveAttribute('data-state', 'resolved');
});

test('the sectors of an incomplete chain are not invented', ONCE, async ({ page, viewer }) => {
  await viewer.open(leaf, middle);
  await viewer.expectChain('incomplete');
  const [disk] = await viewer.disks();
  expect(disk.complete).toBe(false);
  // Sector 1 is the leaf's own, sector 3 would be the missing base's.
  expect((await viewer.read(disk.id, 512, 512)).toString('latin1')).toContain('leaf.vhd sector 1.');
  const outcome = await page.evaluate(
    (id) => globalThis.vhdscope.read(id, 3 * 512, 512).then(() => 'read', (error) => error.message),
    disk.id,
  );
  expect(outcome).toMatch(/missing/);
  expect(outcome).toMatch(baseUUID);
});

/** The impostor is a disk of its own: nobody's parent. */
const refused = { 'leaf.vhd': 'incomplete', 'base.vhd': 'complete' };

test.describe('a file of the right name and the wrong identity', () => {
  test.beforeEach(async ({ viewer }) => {
    await viewer.open(leaf, middle, impostor);
    await viewer.expectChains(refused);
  });

  test('is refused, with both identities shown', async ({ page, viewer }) => {
    await expect(viewer.layer('base.vhd').and(page.locator('[data-state=mismatch]'))).toHaveCount(1);
    await expect(viewer.text(baseUUID)).toBeVisible();
    await expect(viewer.text(impostorUUID)).toBeVisible();
  });

  test('gives way to the right one', ONCE, async ({ viewer }) => {
    await viewer.open(base);
    await viewer.expectChains({ 'leaf.vhd': 'complete', 'base.vhd': 'complete' });
    const disk = (await viewer.disks()).find(({ name }) => name === 'leaf.vhd');
    expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  });

  test('can be used all the same, after a warning, and taken back', async ({ page, viewer }) => {
    const use = page.getByRole('button', { name: /use this file anyway/i });
    const dialog = page.getByRole('dialog');

    await use.first().click();
    await expect(dialog).toBeVisible();
    await dialog.getByRole('button', { name: /cancel/i }).click();
    await expect(dialog).toBeHidden();
    await viewer.expectChains(refused);

    await use.first().click();
    await dialog.getByRole('button', { name: /use/i }).click();
    await viewer.expectChain('complete');
    await expect(viewer.layer('base.vhd').and(page.locator('[data-state=mismatch]'))).toHaveCount(1);

    await page.getByRole('button', { name: /take back|stop using/i }).first().click();
    await viewer.expectChains(refused);
  });
});
