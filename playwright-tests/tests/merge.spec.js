// A run of layers becomes one, and the disk stays what it was.

import { chain, facts, haveImages, realChains, withoutImages } from '../support/images.js';
import { closeAll, complaints } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { act, expectJob, go, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

/** Merges layers in the dialog, and gives what it said would come out. */
async function merge(page, top, bottom) {
  await act(page, /^merge/i);
  const choose = (end, depth) => page.getByTestId(`merge-${end}`).and(page.locator(`[data-depth="${depth}"]`)).check();
  await choose('bottom', bottom);
  await choose('top', top);
  const outcome = await page.getByTestId('outcome').textContent();
  await go(page).click();
  await expectJob(page, 'done');
  return outcome;
}

/** Takes the newest job's file, closes everything, and opens it under a name beside others. */
async function openMergedWith(page, viewer, name, ...others) {
  const file = await page.evaluateHandle((called) => new File([globalThis.downloads.at(-1).blob], called), name);
  await closeAll(page);
  if (others.length > 0) await viewer.open(...others);
  await file.evaluate((made) => globalThis.vhdscope.open([made]));
}

/** The one disk that is open is the chain's, and healthy. */
async function expectSameDisk(page, viewer, names, { sha256 } = facts.chain) {
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(disk.layers.map(({ name }) => name)).toEqual(names);
  expect(await viewer.sha256(disk)).toBe(sha256);
  expect(await complaints(page, disk.id)).toEqual([]);
}

test.describe('of a real chain', () => {
  test.skip(!haveImages, withoutImages);

  for (const { leaf, names, paths, sha256, tag } of realChains().filter((one) => one.names.length > 1)) {
    test(`${leaf} and its parents become one image`, { tag }, async ({ page, viewer }) => {
      await viewer.open(...paths);
      await viewer.expectChain('complete');
      await withoutPicker(page);
      await merge(page, 0, names.length - 1);
      await openMergedWith(page, viewer, 'one.vhd');
      await expectSameDisk(page, viewer, ['one.vhd'], { sha256 });
    });
  }
});

test.describe('of the made chain', () => {
  test.beforeEach(async ({ page, viewer }) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await withoutPicker(page);
  });

  test('a snapshot is merged into its parent', async ({ page, viewer }) => {
    expect(await merge(page, 0, 1)).toMatch(/differencing.*parent is layer C \(base\.vhd\)/s);
    await openMergedWith(page, viewer, 'merged.vhd', chain[2]);
    await expectSameDisk(page, viewer, ['merged.vhd', 'base.vhd']);
  });

  test('the lower part of a chain becomes the base that the leaf finds', ONCE, async ({ page, viewer }) => {
    expect(await merge(page, 1, 2)).toMatch(/needs no parent.*dynamic/si);
    await openMergedWith(page, viewer, 'middle.vhd', chain[0]);
    await expectSameDisk(page, viewer, ['leaf.vhd', 'middle.vhd']);
  });

  test('a whole chain becomes one image', ONCE, async ({ page, viewer }) => {
    await merge(page, 0, 2);
    await openMergedWith(page, viewer, 'one.vhd');
    await expectSameDisk(page, viewer, ['one.vhd']);
  });

  test('the ends of a run give way to each other', ONCE, async ({ page }) => {
    await act(page, /^merge/i);
    const end = (name, depth) => page.getByTestId(`merge-${name}`).and(page.locator(`[data-depth="${depth}"]`));
    await expect(end('top', 0)).toBeChecked();
    await expect(end('bottom', 1)).toBeChecked();
    await end('top', 1).check();
    await expect(end('bottom', 2)).toBeChecked();
    await end('bottom', 1).check();
    await expect(end('top', 0)).toBeChecked();
    await expect(end('top', 2)).toBeDisabled();
    await expect(end('bottom', 0)).toBeDisabled();
  });
});
