// Disks that are opened again, and those that the system opens the page with.

import { putBehindPickers, standInForPickers } from '../support/handles.js';
import { chain } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

test.beforeEach(async ({ page }) => page.addInitScript(standInForPickers));

const recent = (page) => page.getByTestId('recent');
const remember = (page) => page.getByTestId('remember');
const closeAll = (page) => page.getByRole('button', { name: 'Close all' }).click();

test('disks are remembered once the person agrees, open with one click, and are forgotten', ONCE, async ({ page, viewer, watched }) => {
  await putBehindPickers(page, chain);
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await closeAll(page);
  await expect(remember(page)).not.toBeChecked();
  await expect(recent(page)).toHaveCount(0);

  await remember(page).check();
  await page.getByTestId('header-new-file').click();
  await viewer.expectChain('complete');
  // What is listed is kept.
  await closeAll(page);
  await expect(recent(page)).toHaveCount(1);
  watched.forgive(); // the page is loaded again
  await page.reload();
  await expect(recent(page)).toHaveCount(1);
  await expect(recent(page)).toContainText(/leaf\.vhd.*3 files/s);
  await recent(page).getByRole('button', { name: /leaf\.vhd/ }).first().click();
  await viewer.expectChain('complete');

  await closeAll(page);
  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disks');
    await folder.removeEntry('base.vhd');
  });
  await recent(page).getByRole('button', { name: /leaf\.vhd/ }).first().click();
  await viewer.expectChain('incomplete');
  await expect(page.getByTestId('notice')).toContainText('base.vhd: it is not there any more');
  // The chain is remembered whole nevertheless.
  await closeAll(page);
  await expect(recent(page)).toContainText('3 files');

  await recent(page).getByRole('button', { name: 'Forget leaf.vhd' }).click();
  await expect(recent(page)).toHaveCount(0);
  await page.getByTestId('header-new-file').click();
  await viewer.expectChain('incomplete');
  await closeAll(page);
  await expect(recent(page)).toHaveCount(1);
  await remember(page).uncheck();
  await expect(recent(page)).toHaveCount(0);
  await page.reload();
  await expect(remember(page)).not.toBeChecked();
  await remember(page).check();
  await expect(recent(page)).toHaveCount(0);
});

test('a file that the system opens the page with comes to what is open, and its folder is at hand', ONCE, async ({ page, viewer }) => {
  await putBehindPickers(page, chain);
  const launch = (name) => page.evaluate(async (wanted) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disks');
    globalThis.launch({ files: [await folder.getFileHandle(wanted)] });
  }, name);
  await launch('leaf.vhd');
  await viewer.expectChain('incomplete');
  await launch('middle.vhd');
  await expect(viewer.layer('middle.vhd')).toHaveAttribute('data-state', 'resolved');
  await page.getByTestId('own-folder').click();
  await viewer.expectChain('complete');
  expect(await page.evaluate(() => globalThis.picks)).toEqual([{ from: 'middle.vhd' }]);
  // Nobody agreed to more than that.
  await closeAll(page);
  await expect(recent(page)).toHaveCount(0);

  await page.evaluate(() => globalThis.launch({ files: [], targetURL: new URL('?open=images/a.vhd', location.href).href }));
  await expect(page.getByTestId('url-brought')).toContainText('Nothing has been fetched');
});

test('where the browser can install the page, About does', ONCE, async ({ page, viewer }) => {
  await expect(viewer.sample).toBeVisible();
  const offered = await page.evaluate(() => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt: async () => { globalThis.prompted = true; } });
    dispatchEvent(event);
    return event.defaultPrevented;
  });
  expect(offered).toBe(true);
  await page.getByTestId('header-info').click();
  await page.getByTestId('install').click();
  expect(await page.evaluate(() => globalThis.prompted)).toBe(true);
  await expect(page.getByTestId('install')).toHaveCount(0);
});
