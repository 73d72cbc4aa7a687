// Images that are opened by their address: read by range from the server that
// the page came from.

import { readFileSync } from 'node:fs';
import { startImageSite } from '../support/image-site.js';
import { chain, facts } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const SECTOR = 512;
const paths = ['images/vm/leaf.vhd', 'images/vm/middle.vhd', 'images/vm/base.vhd'];

const test = base.extend({
  site: async ({}, use) => {
    const site = await startImageSite(Object.fromEntries(chain.map((file, i) => [paths[i], file])));
    await use(site);
    await site.stop();
  },
  // The page as that server gives it.
  viewer: async ({ page, site }, use) => {
    const viewer = new Viewer(page);
    await viewer.load(site.url);
    await use(viewer);
  },
});

/** Writes addresses into the dialog and opens them. */
async function openUrls(page, ...urls) {
  if (!(await page.getByTestId('url-list').isVisible())) await page.keyboard.press('Alt+Shift+U');
  await page.getByTestId('url-list').fill(urls.join('\n'));
  await page.keyboard.press('Control+Enter');
}

test('a chain is read from a server as from files, and everywhere marked so', async ({ page, site, viewer }) => {
  await openUrls(page, ...paths);
  await viewer.expectChain('complete');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  const host = new URL(site.url).host;
  await expect(page.getByTestId('network-line')).toContainText(`from ${host}`);
  await page.getByTestId('tab-chain').click();
  await expect(page.getByTestId('network')).toHaveText(['network', 'network', 'network']);
  await page.getByTestId('tab-details').click();
  await expect(page.getByTestId('network-details')).toContainText(`${site.url}${paths[0]}`);
  await expect(page.getByTestId('network-details')).toContainText('ETag');
});

test('what a server does not give is told in words, and nothing of it is opened', ONCE, async ({ page, site, viewer, watched }) => {
  watched.forgive();
  const unread = page.getByTestId('url-unread');
  await openUrls(page, 'images/gone.vhd', 'https://other.example/a.vhd');
  await expect(unread).toContainText('has not allowed it to read from https://other.example');
  expect(site.asked).toEqual([]);
  await openUrls(page, 'images/gone.vhd');
  await expect(unread).toContainText('There is nothing at this address.');
  site.ranges = false;
  await openUrls(page, paths[0]);
  await expect(unread).toContainText('cannot give parts of a file. Download it and open the file.');
  site.ranges = true;
  site.images.set('images/empty.vhd', new Uint8Array());
  await openUrls(page, 'images/empty.vhd');
  await expect(page.getByTestId('notice')).toContainText('empty.vhd: the file is empty');
  await viewer.expectDisks(0);
});

test('a token is asked for, and goes nowhere but into the header', async ({ page, site, viewer, watched }) => {
  watched.forgive();
  site.token = 'secret';
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await openUrls(page, paths[2]);
  await expect(page.getByTestId('url-unread')).toContainText('The server asks for an access token.');
  const token = page.getByTestId('url-token');
  await expect(token).toBeFocused();
  await token.fill('secret');
  await token.press('Enter');
  await viewer.expectChain('complete');
  expect(asked.filter((url) => url.includes('secret'))).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('secret');
});

test('a link to the page with an address asks before it fetches anything', ONCE, async ({ page, site, viewer }) => {
  await page.goto(`${site.url}#open=${paths[2]}&open=https://other.example/a.vhd`);
  await expect(page.getByTestId('url-brought')).toContainText('Nothing has been fetched');
  await expect(page.getByTestId('url-list')).toHaveValue(`${paths[2]}\nhttps://other.example/a.vhd`);
  await expect(page.getByTestId('url-unread')).toContainText('has not allowed');
  expect(site.asked).toEqual([]);
  await openUrls(page, paths[2]);
  await viewer.expectChain('complete');
});

test('a link that is dropped on the page is asked about', async ({ page, site, viewer }) => {
  await page.evaluate((url) => {
    const transfer = new DataTransfer();
    transfer.setData('text/uri-list', `# a comment\r\n${url}`);
    for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, `${site.url}${paths[2]}`);
  await expect(page.getByTestId('url-list')).toHaveValue(`${site.url}${paths[2]}`);
  expect(site.asked).toEqual([]);
  await page.getByTestId('url-open').click();
  await viewer.expectChain('complete');
});

test('parents are found beside their child, where one says so', ONCE, async ({ page, site, viewer, watched }) => {
  watched.forgive();
  await openUrls(page, paths[0]);
  await viewer.expectChain('incomplete');
  await page.getByTestId('look-beside').click();
  await viewer.expectChain('complete');
  expect(await viewer.layerStates()).toMatchObject(paths.map((path, depth) => ({ name: `${new URL(site.url).host}/${path}`, depth, state: 'resolved' })));
});

test('where the network fails the bytes say so, and come when one tries again', async ({ page, site, viewer, watched }) => {
  watched.forgive();
  await openUrls(page, ...paths);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  site.down = true;
  const fact = facts.chain.sectors.at(-1);
  await viewer.goTo(`s:${fact.sector}`);
  const again = page.getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible();
  site.down = false;
  await again.click();
  await expect(viewer.row(fact.sector * SECTOR)).toContainText(fact.text.slice(0, 16));
  await expect(again).toBeHidden();
});

test('an image that changed on the server is not read further, and can be opened anew', async ({ page, site, viewer, watched }) => {
  watched.forgive();
  await openUrls(page, ...paths);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  // Far from what was read when it was opened.
  const fact = facts.chain.sectors.find(({ layer, source }) => layer === 2 && source > 1 << 20);
  const name = paths[fact.layer];
  const changed = Uint8Array.from(site.images.get(name));
  changed[fact.source] ^= 1;
  site.images.set(name, changed);
  await viewer.goTo(`s:${fact.sector}`);
  const notice = page.getByTestId('notice').filter({ hasText: 'has changed on the server' });
  await expect(notice).toBeVisible();
  await notice.getByTestId('notice-action').click();
  const want = Buffer.from(changed.subarray(fact.source, fact.source + SECTOR));
  // At first the chain is still the one that was open, and then one that lacks a parent.
  await expect.poll(async () => {
    const [disk] = await viewer.disks();
    return viewer.read(disk.id, fact.sector * SECTOR, SECTOR).then((bytes) => bytes.equals(want), () => false);
  }).toBe(true);
  await viewer.expectChain('complete');
});

test('scripts open addresses together with files', ONCE, async ({ page, viewer }) => {
  const leaf = readFileSync(chain[0]).toString('base64');
  await page.evaluate(async ([content, ...urls]) => {
    const file = new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], 'leaf.vhd');
    await globalThis.vhdscope.open([file, urls[0], { url: urls[1] }]);
  }, [leaf, paths[1], paths[2]]);
  await viewer.expectChain('complete');
});
