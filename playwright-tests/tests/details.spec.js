// What each file says of itself, field by field, and what is wrong with it.

import path from 'node:path';
import { chain, facts, fixture, haveImages, withoutImages } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { folders } from '../support/sites.js';
import { expect, test } from '../support/test.js';

async function showDetails(page, viewer, layer) {
  await viewer.layer(layer).first().click();
  await page.getByRole('tab', { name: /details/i }).click();
}

test('the fields of a layer are shown decoded, raw and with their place', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await showDetails(page, viewer, 'middle.vhd');
  const uuid = facts.chain.layers[1].uuid;
  await expect(viewer.text(uuid)).toBeVisible();
  for (const text of ['conectix', 'cxsparse', '.\\base.vhd', 'C:\\disks\\base.vhd']) {
    await expect(viewer.text(text)).toBeAttached();
  }
});

test('choosing a field shows its bytes in the file', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await showDetails(page, viewer, 'leaf.vhd');
  await page.getByTestId('field').filter({ hasText: 'cxsparse' }).getByRole('button').click();
  // The dynamic header of a made image stands behind the footer's copy.
  const row = viewer.row(512);
  await expect(row).toBeInViewport();
  const shown = async () => (await row.textContent()).replaceAll(/\s/g, '').toUpperCase();
  await expect.poll(shown).toContain(Buffer.from('cxsparse').toString('hex').toUpperCase());
});

test('wrong checksums are found and the disk opens', ONCE, async ({ page, viewer }) => {
  await viewer.open(fixture('damaged/bad-checksums.vhd'));
  await viewer.expectChain('complete');
  await showDetails(page, viewer, 'bad-checksums.vhd');
  for (const rule of ['footer-checksum', 'header-checksum']) {
    await expect(viewer.findings.and(page.locator(`[data-rule=${rule}]`)).first()).toBeVisible();
  }
  const [disk] = await viewer.disks();
  expect((await viewer.read(disk.id, 0, 512)).toString('latin1')).toContain('base.vhd sector 0.');
});

test('a healthy chain has no errors or warnings', ONCE, async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await showDetails(page, viewer, 'base.vhd');
  await expect(viewer.text('cxsparse')).toBeAttached();
  await expect(viewer.findings).toHaveCount(0);
});

test('a block outside its file damages the layer, and only its sectors', ONCE, async ({ page, viewer }) => {
  await viewer.open(fixture('damaged/block-outside.vhd'));
  await expect(viewer.layer('block-outside.vhd')).toHaveAttribute('data-state', 'damaged');
  await showDetails(page, viewer, 'block-outside.vhd');
  await expect(viewer.findings.and(page.locator('[data-rule=block-outside]')).first()).toBeVisible();
  const [disk] = await viewer.disks();
  expect((await viewer.read(disk.id, 0, 512)).toString('latin1')).toContain('base.vhd sector 0.');
  const outcome = await page.evaluate(
    ([id, offset]) => globalThis.vhdscope.read(id, offset, 512).then(() => 'read', (error) => error.message),
    [disk.id, 4500 * 512],
  );
  expect(outcome).toMatch(/block-outside\.vhd|block/);
  expect(outcome).not.toBe('read');
});

test('the images with bad checksums by another tool say so', ONCE, async ({ page, viewer }) => {
  test.skip(!haveImages, withoutImages);
  const image = (name) => path.join(folders.images, 'no-locators-bad-checksums', name);
  await viewer.open(image('image.vhd'), image('image-differential.vhd'));
  await viewer.expectChain('complete');
  await showDetails(page, viewer, 'image-differential.vhd');
  for (const rule of ['footer-checksum', 'header-checksum']) {
    await expect(viewer.findings.and(page.locator(`[data-rule=${rule}]`)).first()).toBeVisible();
  }
});
