// The page at the width of a small phone, and in both themes.

import { FilesTab } from '../support/files.js';
import { chain } from '../support/images.js';
import { expect, test } from '../support/test.js';

const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test.describe('360 pixels wide', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('nothing makes the page scroll sideways', async ({ page, viewer }) => {
    expect(await overflow(page), 'empty').toBe(0);
    await viewer.open(chain[0]);
    await viewer.expectChain('incomplete');
    expect(await overflow(page), 'a missing parent').toBe(0);
    await viewer.open(...chain.slice(1));
    await viewer.expectChain('complete');
    expect(await overflow(page), 'an open chain').toBe(0);
    for (const name of [/chain/i, /files/i, /sectors/i, /details/i]) {
      const tab = page.getByRole('tab', { name });
      if ((await tab.count()) === 0) continue;
      await tab.click();
      expect(await overflow(page), String(name)).toBe(0);
    }
  });

  test('the files of a volume and what is known of one are beneath each other', async ({ page, viewer: _ }) => {
    const files = new FilesTab(page);
    await files.openSample();
    await files.entry('README.txt').click();
    await page.keyboard.press('Enter');
    await expect(files.panelName).toHaveText('README.txt');
    expect(await overflow(page)).toBe(0);
    const boxes = [await files.grid.boundingBox(), await page.locator('vs-file-panel').boundingBox()];
    for (const box of boxes) {
      expect(box.x).toBe(0);
      expect(box.width).toBe(360);
    }
    expect(boxes[0].y + boxes[0].height).toBeLessThanOrEqual(boxes[1].y + 1);
    await expect(files.entry('README.txt')).toContainText('1.5 KiB');
  });

  test('rows have eight bytes', async ({ viewer }) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await viewer.showSectors();
    await viewer.goTo('0');
    await expect(viewer.row(8)).toBeInViewport();
  });
});

test('the switch changes the theme', async ({ page, viewer }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await viewer.useTheme('light');
  const light = await background();
  await viewer.useTheme('dark');
  expect(await background()).not.toBe(light);
});
