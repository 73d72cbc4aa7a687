// What a layer changed, as a person sees it, and the ways from there to the
// files and their sectors.

import { readFile } from 'node:fs/promises';
import { ONCE } from '../support/once.js';
import { FilesTab } from '../support/files.js';
import { expect, test } from '../support/test.js';

/** Opens the sample and compares its leaf with what is below it. */
async function compare(page, viewer) {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  // A folder elsewhere, which is left when a change leads to its file.
  await new FilesTab(page).show();
  await new FilesTab(page).enter('Stations');
  await page.getByTestId('tab-changes').click();
  await page.getByTestId('compare').click();
  await expect(page.getByTestId('changes-tally')).toBeVisible();
}

/** The change of a path. */
const changeOf = (page, path) => page.getByTestId('change').and(page.locator(`[data-path=${JSON.stringify(path)}]`));

test('a layer is compared with what is below it, and each change says what happened', async ({ page, viewer }) => {
  await compare(page, viewer);
  await expect(changeOf(page, '/Readings, corrected.csv')).toHaveAttribute('data-change', 'added');
  await expect(changeOf(page, '/Map.bmp')).toHaveAttribute('data-change', 'content');
  await expect(changeOf(page, '/Stations/Station 3.txt')).toHaveAttribute('data-change', 'added');
  await expect(page.getByTestId('changed-folder').filter({ hasText: 'Stations' })).toBeVisible();
  await expect(page.getByTestId('elsewhere').filter({ hasText: 'FAT 1' })).toBeVisible();
});

test('changes are narrowed down by what happened and by name, as a tree or as a list', ONCE, async ({ page, viewer }) => {
  await compare(page, viewer);
  await page.getByTestId('changes-tree').uncheck();
  const all = await page.getByTestId('change').count();
  await page.getByTestId('changes-filter').fill('station');
  await expect(page.getByTestId('change')).toHaveCount(1);
  await page.getByTestId('changes-filter').fill('');
  await page.getByLabel(/^added/i).check();
  await expect(page.getByTestId('change').first()).toHaveAttribute('data-change', 'added');
  expect(await page.getByTestId('change').count()).toBeLessThan(all);
});

test('a change leads to the file, and its changed bytes to their sectors', async ({ page, viewer }) => {
  await compare(page, viewer);
  const change = changeOf(page, '/README.txt');
  await change.locator('summary').click();
  await change.getByTestId('changed-range').first().getByRole('button').click();
  await expect(page.getByTestId('outlined')).toContainText('/README.txt');
  await expect(viewer.rows.first()).toBeVisible();
  await page.getByTestId('tab-changes').click();
  await change.getByTestId('show-changed').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('panel-name')).toHaveText('README.txt');
  await expect(page.locator('[data-testid=entry]:focus')).toHaveAttribute('data-name', 'README.txt');
});

test('the report can be taken along as JSON', async ({ page, viewer, browserName }) => {
  test.skip(browserName === 'firefox', 'Firefox tells no downloads over BiDi');
  await compare(page, viewer);
  const downloading = page.waitForEvent('download');
  await page.getByTestId('changes-json').click();
  const report = JSON.parse(await readFile(await (await downloading).path(), 'utf8'));
  expect(report.volumes[0].files.map(({ path }) => path)).toContain('/Readings, corrected.csv');
});

test('the base has nothing below it, and says so', ONCE, async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  await page.getByTestId('tab-changes').click();
  await viewer.layers.last().click();
  await page.getByTestId('tab-changes').click();
  await expect(page.getByTestId('no-changes')).toContainText('base of the chain');
});
