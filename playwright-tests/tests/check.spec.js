// The Check tab: what is found, how it is narrowed down, where it leads, and
// what can be taken along.

import { chain, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { act, downloadNames, lastDownload, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

const found = (page) => page.locator('vs-check-view').getByTestId('finding');
const verdict = (page) => page.getByTestId('check-verdict');
const chip = (page, name) => page.locator('vs-check-view label').filter({ hasText: name });

async function check(page, viewer, ...paths) {
  await viewer.open(...paths);
  await expect(viewer.chainState.first()).toBeVisible();
  await act(page, /^check/i);
  await expect(verdict(page)).toBeVisible();
}

test('a healthy chain is called healthy', async ({ page, viewer }) => {
  await check(page, viewer, ...chain);
  await expect(verdict(page)).toHaveText(/healthy: nothing found in 3 files/i);
  await expect(found(page)).toHaveCount(0);
});

test('with all data read, the report says so', ONCE, async ({ page, viewer }) => {
  await check(page, viewer, ...chain);
  await page.getByTestId('check-data').check();
  await page.getByTestId('run-check').click();
  await expect(verdict(page)).toHaveText(/all data read/i);
});

test('findings are counted and narrowed down by severity', ONCE, async ({ page, viewer }) => {
  await check(page, viewer, fixture('damaged/truncated-leaf.vhd'));
  const severities = await found(page).evaluateAll((all) => all.map(({ dataset }) => dataset.severity));
  expect(severities.length).toBeGreaterThan(1);
  await expect(chip(page, /^\s*All\s/)).toContainText(String(severities.length));
  for (const severity of new Set(severities)) {
    const count = severities.filter((one) => one === severity).length;
    const one = chip(page, new RegExp(`${severity}s`, 'i'));
    await expect(one).toContainText(String(count));
    await one.click();
    await expect(found(page)).toHaveCount(count);
    expect(new Set(await found(page).evaluateAll((all) => all.map(({ dataset }) => dataset.severity)))).toEqual(new Set([severity]));
  }
});

test('findings of one layer are shown alone', ONCE, async ({ page, viewer }) => {
  await check(page, viewer, chain[0], chain[1], fixture('damaged/block-outside.vhd'));
  await expect(verdict(page)).toHaveText(/3 files/);
  const all = await found(page).count();
  await chip(page, 'block-outside.vhd').click();
  const rules = await found(page).evaluateAll((found) => found.map(({ dataset }) => dataset.rule));
  expect(rules).toContain('block-outside');
  expect(rules.length).toBeLessThanOrEqual(all);
});

test('a finding leads to its bytes', ONCE, async ({ page, viewer }) => {
  await check(page, viewer, fixture('damaged/block-outside.vhd'));
  const place = found(page).and(page.locator('[data-rule=block-outside]')).first().getByRole('button', { name: /^0x/i });
  const offset = Number(await place.textContent());
  await place.click();
  await expect(viewer.row(Math.floor(offset / 16) * 16)).toBeInViewport();
});

test('the report is saved as JSON and as text, all of it', async ({ page, viewer }) => {
  await check(page, viewer, fixture('damaged/bad-checksums.vhd'));
  const [{ id }] = await viewer.disks();
  const findings = await page.evaluate((disk) => globalThis.vhdscope.check(disk), id);
  await withoutPicker(page);
  await chip(page, /warnings/i).click();
  await page.getByTestId('report-json').click();
  const json = JSON.parse(await (await lastDownload(page)).evaluate((blob) => blob.text()));
  expect(json).toMatchObject({ tool: 'vhdscope', name: 'bad-checksums.vhd', layers: [{ name: 'bad-checksums.vhd' }] });
  expect(json.findings).toHaveLength(findings.length);
  expect(json.findings).toEqual(expect.arrayContaining(findings.map((finding) => expect.objectContaining(finding))));
  await page.getByTestId('report-text').click();
  const text = await (await lastDownload(page)).evaluate((blob) => blob.text());
  for (const { rule } of findings) expect(text).toContain(`rule ${rule}`);
  expect(await downloadNames(page)).toEqual(['bad-checksums.vhd - check.json', 'bad-checksums.vhd - check.txt']);
});

test('a report goes stale when the chain changes, and says so', ONCE, async ({ page, viewer }) => {
  await check(page, viewer, chain[0], chain[1]);
  await expect(page.getByTestId('stale')).toHaveCount(0);
  await viewer.open(chain[2]);
  await viewer.expectChain('complete');
  await expect(page.getByTestId('stale')).toBeVisible();
  await page.getByTestId('run-check').click();
  await expect(page.getByTestId('stale')).toHaveCount(0);
});

test('a check is cancelled, and can be run again', async ({ page, viewer }) => {
  await check(page, viewer, fixture('long.vhd'));
  await page.getByTestId('check-data').check();
  await page.getByTestId('run-check').click();
  await page.getByTestId('cancel-check').click();
  await expect(page.getByTestId('run-check')).toBeVisible();
  await expect(verdict(page)).not.toHaveText(/all data read/i);
  await page.getByTestId('check-data').uncheck();
  await page.getByTestId('run-check').click();
  await expect(page.getByTestId('run-check')).toBeVisible();
});

test('a file that is no image is checked as well', ONCE, async ({ page, viewer }) => {
  await viewer.open(fixture('foreign/garbage.vhd'));
  await page.getByTestId('other-tab').click();
  await page.getByTestId('run-check').click();
  await expect(verdict(page)).toHaveText(/1 error/);
});
