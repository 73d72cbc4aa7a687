// A chain's disk becomes a file, by the best way that the browser has.

import { chain, facts, fixture } from '../support/images.js';
import { complaints, sumOf } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { act, downloadNames, expectJob, job, lastDownload, pickedFile, pickedFiles, withPicker, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

const FOOTER = 512;

async function openChain(viewer) {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
}

/** Opens the newest job's file beside the chain, and gives its disk. */
async function openResult(page, viewer, name) {
  await page.getByTestId('open-result').first().click();
  await viewer.expectDisks(2);
  return (await viewer.disks()).find((disk) => disk.name === name);
}

test.describe('without a picker', () => {
  test('a raw disk goes to the downloads, byte by byte what a machine reads', async ({ page, viewer }) => {
    await openChain(viewer);
    await withoutPicker(page);
    await act(page, /^raw disk/i);
    await expectJob(page, 'done');
    expect(await downloadNames(page)).toEqual(['leaf.img']);
    expect(await sumOf(await lastDownload(page))).toEqual({ size: facts.chain.size, sha256: facts.chain.sha256 });
    await expect(job(page)).toContainText('8 MiB');
    await page.getByRole('button', { name: 'Download again' }).click();
    expect(await downloadNames(page)).toEqual(['leaf.img', 'leaf.img']);
  });

  for (const as of ['fixed', 'dynamic']) {
    test(`a ${as} VHD opens in the page and is the same disk`, async ({ page, viewer }) => {
      await openChain(viewer);
      await withoutPicker(page);
      await act(page, new RegExp(`^${as}`, 'i'));
      await expectJob(page, 'done');
      if (as === 'fixed') expect((await sumOf(await lastDownload(page))).size).toBe(facts.chain.size + FOOTER);
      const disk = await openResult(page, viewer, `leaf (${as}).vhd`);
      expect(disk).toMatchObject({ complete: true, size: facts.chain.size });
      expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
      expect(await complaints(page, disk.id)).toEqual([]);
    });
  }

  test('several files can be saved at a time', async ({ page, viewer }) => {
    await openChain(viewer);
    await withoutPicker(page);
    for (const as of ['raw', 'fixed', 'dynamic']) await act(page, new RegExp(`^${as}`, 'i'));
    await expect(page.getByTestId('job').and(page.locator('[data-state=done]'))).toHaveCount(3);
    for (let left = 2; left >= 0; left--) {
      await page.getByRole('button', { name: /^dismiss/i }).first().click();
      await expect(page.getByTestId('job')).toHaveCount(left);
    }
  });
});

test.describe('with a picker', () => {
  test.skip(({ browserName }) => browserName === 'firefox', 'this browser has no picker');

  test('the file is written to the place that was picked', async ({ page, viewer }) => {
    await openChain(viewer);
    await withPicker(page);
    await act(page, /^fixed/i);
    await expectJob(page, 'done');
    const [{ options, active }] = await page.evaluate(() => globalThis.picked);
    expect(options).toMatchObject({ suggestedName: 'leaf (fixed).vhd', types: [{ accept: { 'application/x-vhd': ['.vhd', '.avhd'] } }] });
    expect(active, 'whether the picker was opened within the click').toBe(true);
    expect((await sumOf(await pickedFile(page))).size).toBe(facts.chain.size + FOOTER);
    await expect(job(page)).toContainText('Saved where you chose');
    expect(await viewer.sha256(await openResult(page, viewer, 'leaf (fixed).vhd'))).toBe(facts.chain.sha256);
  });

  test('a file that is open is not replaced', async ({ page, viewer }) => {
    await openChain(viewer);
    await withPicker(page);
    await act(page, /^dynamic/i);
    await expectJob(page, 'done');
    const sum = await sumOf(await pickedFile(page));
    await job(page).getByTestId('open-result').dblclick();
    await viewer.expectDisks(2);
    await page.evaluate(() => {
      const pick = globalThis.showSaveFilePicker;
      globalThis.showSaveFilePicker = () => pick({ suggestedName: 'leaf (dynamic).vhd' });
    });
    await act(page, /^fixed/i);
    await expectJob(page, 'failed');
    await expect(job(page)).toContainText(/is open here.*is as it was/s);
    expect(await sumOf(await pickedFile(page))).toEqual(sum);
    await viewer.expectDisks(2);
  });

  test('a disk for which there is no room is told so, and nothing is left', async ({ page, viewer }) => {
    await viewer.open(fixture('huge/child.vhd'), fixture('huge/base.vhd'));
    await viewer.expectChain('complete');
    await withPicker(page);
    await act(page, /^raw disk/i);
    await expectJob(page, 'failed');
    await expect(job(page)).toContainText(/not enough room.*Nothing was left behind/s);
    expect(await pickedFiles(page)).toEqual([]);
  });

  test('a person who changes their mind starts nothing', async ({ page, viewer }) => {
    await openChain(viewer);
    await withPicker(page, 'changes mind');
    await act(page, /^fixed/i);
    await expect.poll(() => page.evaluate(() => globalThis.picked.length)).toBe(1);
    await expect(page.getByTestId('job')).toHaveCount(0);
    await expect(page.getByTestId('notice')).toHaveCount(0);
  });

  test('a place that cannot be written to is told, and nothing is left there', async ({ page, viewer }) => {
    await openChain(viewer);
    await withPicker(page, 'loses the folder');
    await act(page, /^dynamic/i);
    await expectJob(page, 'failed');
    await expect(job(page)).toContainText('Nothing was left behind.');
    await expect(page.getByTestId('salvage')).toHaveCount(0);
    expect(await pickedFiles(page)).toEqual([]);
  });

  test('a cancelled save leaves nothing behind, and the page may be left again', async ({ page, viewer }) => {
    await viewer.open(fixture('long.vhd'));
    await viewer.expectChain('complete');
    await withPicker(page);
    const keepsPage = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(await keepsPage()).toBe(false);
    await act(page, /^dynamic/i);
    await expect(job(page)).toContainText(/ of 6 GiB/);
    expect(await keepsPage()).toBe(true);
    await page.getByTestId('cancel-job').click();
    await expectJob(page, 'cancelled');
    await expect(job(page)).toContainText('Nothing was left behind.');
    expect(await pickedFiles(page)).toEqual([]);
    expect(await keepsPage()).toBe(false);
  });
});

test('what cannot be read stops a save, until zeros are asked for: they are listed', async ({ page, viewer }) => {
  await viewer.open(fixture('damaged/block-outside.vhd'));
  await viewer.expectChain('complete');
  await withoutPicker(page);
  await act(page, /^raw disk/i);
  await expectJob(page, 'failed');
  expect(await downloadNames(page)).toEqual([]);
  await page.getByTestId('salvage').click();
  await expectJob(page, 'done');

  const [disk] = await viewer.disks();
  const extents = await viewer.extents(disk.id, 0, disk.size);
  const unreadable = extents.filter(({ problem }) => problem);
  expect(unreadable.length).toBeGreaterThan(0);
  const bytes = unreadable.reduce((sum, { length }) => sum + length, 0);
  const saved = await lastDownload(page);
  const wrong = await saved.evaluate(async (blob, { id, runs }) => {
    const made = new Uint8Array(await blob.arrayBuffer());
    for (const { offset, length, problem } of runs) {
      const want = problem ? new Uint8Array(length) : await globalThis.vhdscope.read(id, offset, length);
      const at = want.findIndex((byte, i) => byte !== made[offset + i]);
      if (at >= 0) return offset + at;
    }
    return -1;
  }, { id: disk.id, runs: extents });
  expect(wrong, 'offset of the first byte that is neither the disk’s nor an unreadable one’s zero').toBe(-1);

  await expect(job(page)).toContainText(/as zeros/);
  await page.getByRole('button', { name: 'Save this list as text' }).click();
  const list = await (await lastDownload(page)).evaluate((blob) => blob.text());
  const listed = list.trim().split('\n').slice(1).map((line) => Number(line.split('\t')[1]));
  expect(listed.reduce((sum, length) => sum + length, 0)).toBe(bytes);
});

test('the disk of an incomplete chain is not offered, and the menu says why', ONCE, async ({ page, viewer }) => {
  await viewer.open(chain[0], chain[1]);
  await viewer.expectChain('incomplete');
  await page.getByTestId('chain-menu').click();
  const item = page.getByRole('menuitem', { name: /^raw disk/i });
  await expect(item).toHaveAttribute('aria-disabled', 'true');
  await expect(item).toHaveAccessibleDescription(/parent is missing/i);
  await item.click({ force: true });
  await expect(page.getByTestId('job')).toHaveCount(0);
});
