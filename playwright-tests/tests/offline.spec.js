// The site without its host: after one visit, over versions, and where a
// version does not arrive whole.

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FilesTab } from '../support/files.js';
import { startHost } from '../support/host.js';
import { chain, facts } from '../support/images.js';
import { make, sumOf } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const test = base.extend({
  at: ['', { option: true }],
  host: async ({ at }, use) => {
    const host = await startHost({ under: at });
    await use(host);
    await host.stop();
  },
});

test.use({ serviceWorkers: 'allow' });

/** Opens the page, and waits until all of it is kept. */
async function visit(page, { url }) {
  const viewer = new Viewer(page);
  await viewer.load(url);
  await page.evaluate(() => new Promise((resolve) => {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) resolve();
    else serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
  }));
  return viewer;
}

/** Which version a page is of. @param {import('@playwright/test').Page} page */
const versionOf = (page) => page.locator('script[type=module]').getAttribute('src');

/** Lets the browser look for another version, as it does by itself in time. */
const lookForVersion = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
});

/** Lets the browser find another version. @returns {Promise<string>} what becomes of it: 'installed', or 'redundant' */
const arrival = (page) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const found = new Promise((resolve) => registration.addEventListener('updatefound', () => resolve(registration.installing), { once: true }));
  void registration.update();
  const worker = await found;
  await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
  return worker.state;
});

/** How many versions are kept. */
const versions = (page) => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('vhdscope ')).length);

const offer = (page) => page.getByTestId('notice').filter({ hasText: 'A new version of vhdscope is ready' });

test('after one visit all of it works without a network', async ({ page, host, watched }) => {
  const viewer = await visit(page, host);
  await host.cut();
  // The browser may ask in vain for what it does not need, and say so.
  watched.forgive();
  const files = new FilesTab(page);
  await files.openSample();
  await page.reload();
  await viewer.load(`${host.url}?from=a-bookmark`);
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  expect(await sumOf(await make(page, 'save', id, { as: 'raw' }))).toMatchObject({ size: facts.chain.size });
  await viewer.sample.click();
  await expect(viewer.row(0)).toContainText('vhdscope sample:'); // the page goes there by itself
  await files.show();
  await expect(files.entry('README.txt')).toBeVisible();
  await page.getByTestId('tab-changes').click();
  await expect(page.getByTestId('panel-changes')).toContainText(/added|changed/i);
  await page.getByTestId('header-info').click();
  await expect(page.getByText('chardet')).toBeVisible();
  expect(await watched.violations()).toEqual([]);
});

test.describe('under a path of its host', () => {
  test.use({ at: 'tools/vhdscope' });

  test('a version that comes while files are open waits until it is taken; the pages before it stay whole', async ({ page, context, host, watched }) => {
    await visit(page, host);
    const other = await context.newPage();
    const { sample } = await visit(other, host);
    const before = await versionOf(page);
    const files = new FilesTab(page);
    await files.openSample();
    await sample.click();

    await host.deploy();
    expect((await fetch(new URL(before, host.url))).status, 'the version before is gone').toBe(404);
    await lookForVersion(page);
    await expect(offer(page)).toContainText('closes the files that are open');
    await expect(offer(other)).toBeVisible();
    await offer(page).getByRole('button', { name: 'Later' }).click();
    await expect(offer(page)).toHaveCount(0);
    // Nothing has happened to them, and parts that they have not loaded yet are there.
    await expect(files.entry('README.txt')).toBeVisible();
    await page.getByTestId('tab-changes').click();
    await expect(page.getByTestId('panel-changes')).toContainText(/added|changed/i);

    await offer(other).getByRole('button', { name: 'Reload' }).click();
    await expect(other.locator('script[type=module]')).not.toHaveAttribute('src', before);
    await expect(new Viewer(other).sample).toBeVisible();
    await page.getByTestId('header-info').click();
    await expect(page.getByText('chardet')).toBeVisible();
    expect(await versionOf(page)).toBe(before);
    await expect.poll(() => versions(page)).toBe(2);

    // When the last page of it is gone, the version before goes, too.
    await page.goto('about:blank');
    await other.reload();
    await expect.poll(() => versions(other)).toBe(1);
    expect(watched.errors).toEqual([]);
  });
});

for (const [how, spoil] of [
  ['without one of its files', async (folder) => rm(path.join(folder, 'assets', await programOf(folder)))],
  ['with something else in the place of a file', async (folder) => writeFile(path.join(folder, 'assets', await programOf(folder)), 'not found')],
]) {
  test(`a version that was deployed ${how} is not taken for one`, ONCE, async ({ page, host, watched }) => {
    await visit(page, host);
    const before = await versionOf(page);
    await host.deploy(spoil);
    watched.forgive(); // the browser tells of the file
    expect(await arrival(page)).toBe('redundant');
    expect(await versions(page)).toBe(1);
    await page.reload();
    expect(await versionOf(page)).toBe(before);
    await new FilesTab(page).openSample();
  });
}

test('a host that goes back to the version in use takes nothing from it', ONCE, async ({ page, host, watched }) => {
  await visit(page, host);
  const before = await versionOf(page);
  await host.deploy();
  expect(await arrival(page)).toBe('installed');
  await host.deploy((folder) => writeFile(path.join(folder, 'index.html'), 'not found'));
  expect(await arrival(page)).toBe('installed');
  await host.cut();
  watched.forgive();
  await page.reload();
  expect(await versionOf(page)).toBe(before);
  await new FilesTab(page).openSample();
});

const programOf = async (folder) => (await readdir(path.join(folder, 'assets'))).find((name) => /^jobs-.*\.wasm$/.test(name));

test('what is not of the program is asked of the host, past the service worker', ONCE, async ({ page, host }) => {
  await visit(page, host);
  await mkdir(path.join(host.site, 'images'));
  await writeFile(path.join(host.site, 'images/a.vhd'), 'conectix');
  const program = `assets/${await programOf(host.site)}`;
  const from = async (url, headers = {}) => {
    const answer = page.waitForResponse(new URL(url, host.url).href);
    await page.evaluate(([asked, given]) => fetch(asked, { headers: given }).then((response) => response.arrayBuffer()), [url, headers]);
    return (await answer).fromServiceWorker();
  };
  expect(await from(program)).toBe(true);
  expect(await from('images/a.vhd')).toBe(false);
  expect(await from('vhdscope.html')).toBe(false);
  expect(await from(program, { Range: 'bytes=0-9' })).toBe(false);
  expect(await page.evaluate(async (url) => (await fetch(url)).headers.get('Content-Type'), program)).toBe('application/wasm');
});

test('the page can be installed, and opens .vhd and .avhd', ONCE, async ({ page, host }) => {
  test.skip(test.info().project.name !== 'chromium', 'Chromium alone tells');
  await visit(page, host);
  const session = await page.context().newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect(JSON.parse(data).file_handlers[0].accept).toEqual({ 'application/x-vhd': ['.vhd', '.avhd'] });
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Which every page in a context of tests is.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});
