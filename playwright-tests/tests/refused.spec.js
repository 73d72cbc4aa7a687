// What is no VHD is named and refused, and nothing that was open is lost.

import { chain, facts, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const [leaf, middle, base] = chain;

test('images in other formats are recognised by their content, and the chain stays open', async ({ viewer }) => {
  await viewer.open(leaf, middle, base);
  await viewer.expectChain('complete');
  for (const [file, format] of [
    ['vhdx.vhd', /VHDX/],
    ['vmdk.vhd', /VMDK/],
    ['qcow2.vhd', /QCOW2/],
    ['vdi.vhd', /VDI/],
  ]) {
    await viewer.open(fixture(`foreign/${file}`));
    await expect(viewer.text(format)).toBeVisible();
    await expect(viewer.text(file)).toBeVisible();
    await viewer.expectChain('complete');
    await viewer.expectDisks(1);
  }
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('what is no image is refused with a sentence, and the chain that came with it opens', async ({ viewer }) => {
  const files = ['empty.vhd', 'one-byte.vhd', 'not-a-vhd.txt', 'garbage.vhd'];
  await viewer.open(...files.map((file) => fixture(`foreign/${file}`)), leaf, middle, base);
  await viewer.expectChain('complete');
  for (const file of files) await expect(viewer.text(file)).toBeVisible();
  await viewer.expectDisks(1);
});

test('a leaf that was cut short opens as damaged over its parents', ONCE, async ({ viewer }) => {
  await viewer.open(middle, base, fixture('damaged/truncated-leaf.vhd'));
  await expect(viewer.layer('truncated-leaf.vhd')).toHaveAttribute('data-state', 'damaged');
  const [disk] = await viewer.disks();
  expect((await viewer.read(disk.id, 512, 512)).toString('latin1')).toContain('leaf.vhd sector 1.');
  expect((await viewer.read(disk.id, 1024, 512)).toString('latin1')).toContain('middle.vhd sector 2.');
});

test('markup in names is shown as text', async ({ page, viewer }) => {
  const markup = '<img src=x onerror=globalThis.injected=1>.vhd';
  await viewer.open(fixture(`markup/${markup}`));
  await viewer.expectChain('incomplete');
  await expect(viewer.layers.first()).toHaveAttribute('data-name', markup);
  await expect(viewer.text(markup)).toBeVisible();
  // All that the page says of the file is in view once its layer is chosen.
  await viewer.layers.first().click();
  expect(await page.evaluate(() => globalThis.injected)).toBeUndefined();
  await expect(page.locator('img[src=x]')).toHaveCount(0);
});
