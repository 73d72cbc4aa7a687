// Finding files by name, and the way between files and sectors.

import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

async function openSample(page, viewer) {
  await viewer.sample.click();
  await viewer.expectChain('complete');
}

test('files are found by name in all folders, also those that were deleted, and lead to their folder', async ({ page, viewer }) => {
  await openSample(page, viewer);
  await page.getByTestId('tab-files').click();
  await page.getByTestId('find-files').fill('*.TXT');
  await page.getByTestId('find-files').press('Enter');
  const found = page.getByTestId('found-file');
  await expect(found.filter({ hasText: '/Stations/Station 1.txt' })).toBeVisible();
  await expect(found.filter({ hasText: '/README.txt' })).toBeVisible();
  await expect(found.filter({ hasText: 'deleted' }).first()).toBeVisible();
  await found.filter({ hasText: '/Stations/Station 2.txt' }).getByRole('button').click();
  await expect(page.getByTestId('panel-name')).toHaveText('Station 2.txt');
  await page.getByTestId('show-found').click();
  await expect(found.filter({ hasText: '/README.txt' })).toBeVisible();
  await page.getByTestId('end-search').click();
  await expect(page.getByTestId('panel-name')).toHaveText('Station 2.txt');
});

test('case counts when it is asked for', ONCE, async ({ page, viewer }) => {
  await openSample(page, viewer);
  await page.getByTestId('tab-files').click();
  await page.getByTestId('find-files').fill('readme');
  await page.getByLabel('Match case').check();
  await page.getByTestId('find-files').press('Enter');
  await expect(viewer.text(/^0 names found/)).toBeVisible();
  await page.getByLabel('Match case').uncheck();
  await page.getByTestId('find-files').press('Enter');
  await expect(page.getByTestId('found-file')).toHaveCount(1);
});

test('a sector is asked for its file, and the file outlines its sectors', async ({ page, viewer }) => {
  await openSample(page, viewer);
  await viewer.showSectors();
  await page.getByTestId('which-file').click();
  const traced = page.getByTestId('traced');
  await expect(traced).toContainText('outside of all volumes');
  await viewer.goTo('0x10000'); // the volume's boot sector
  await page.getByTestId('which-file').click();
  await expect(traced).toContainText('It belongs to no file: boot sector');
  // Where the map begins: the disk is asked, not the code that is tested.
  const at = await page.evaluate(async () => {
    const [{ id, size }] = globalThis.vhdscope.disks();
    const file = new Uint8Array(await (await globalThis.vhdscope.file(id, 0, '/Map.bmp')).arrayBuffer()).slice(0, 512);
    const disk = await globalThis.vhdscope.read(id, 0, Math.min(size, 16 << 20));
    for (let offset = 0; offset < disk.length; offset += 512) {
      if (file.every((byte, i) => disk[offset + i] === byte)) return offset;
    }
    return -1;
  });
  await viewer.goTo(String(at + 700));
  await page.getByTestId('which-file').click();
  await expect(traced).toContainText('byte 0x2BC of');
  await expect(traced).toContainText('/Map.bmp');
  await traced.getByRole('button', { name: 'Outline it' }).click();
  await expect(page.getByTestId('outlined')).toContainText('/Map.bmp');
  await expect(page.locator('.mark.outlined').first()).toBeVisible();
  await page.getByTestId('outlined').getByRole('button', { name: 'Clear' }).click();
  await expect(page.locator('.mark.outlined')).toHaveCount(0);
});
