// A file's content to look at: as text, as a picture, byte by byte.

import { expect, test } from '../support/test.js';

/** Opens the sample's files and picks one. @param {string} name */
async function pick(page, viewer, name) {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  await page.getByTestId('tab-files').click();
  await page.getByRole('row', { name: new RegExp(name) }).click();
  await expect(page.getByTestId('panel-name')).toHaveText(name);
}

test('a text is shown as text, in the encoding that one chooses', async ({ page, viewer }) => {
  await pick(page, viewer, 'README.txt');
  const text = page.getByTestId('preview-text');
  await expect(text).toContainText(/\w+ \w+/);
  const before = await text.textContent();
  await page.getByTestId('preview-encoding').selectOption('utf-16le');
  await expect(text).not.toHaveText(before);
  await page.getByTestId('preview-encoding').selectOption('utf-8');
  await expect(text).toHaveText(before, { useInnerText: false });
});

test('a picture is drawn', async ({ page, viewer }) => {
  await pick(page, viewer, 'Map.bmp');
  const picture = page.getByTestId('preview-image');
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((image) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(viewer.text(/× \d+ pixels/)).toBeVisible();
});

test('the bytes of a file are shown with the layers that they come from', async ({ page, viewer }) => {
  await pick(page, viewer, 'Map.bmp');
  await page.getByTestId('preview-as-hex').check();
  const first = page.getByTestId('hex-row').filter({ visible: true }).first();
  await expect(first).toHaveAttribute('data-offset', '0');
  await expect(first).toContainText('42 4D'); // BM
  await expect(first).toHaveAttribute('data-layer', /^[0-2]$/);
});
