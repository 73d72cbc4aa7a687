// The image library of a site that is served with one: the Worker itself, over
// a bucket that lasts as long as the tests.

import axe from 'axe-core';
import { startEdge } from '../support/edge.js';
import { chain, facts } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const [leaf, middle, base_] = ['leaf', 'middle', 'base'].map((name) => `Build servers/2026 (größe)/${name}.vhd`);
const decoys = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`archive/snapshot ${i}.avhd`, new Uint8Array(2048 + 512 * i)]));
const library = { ...decoys, [leaf]: chain[0], [`bases/${middle}`]: chain[1], [base_]: chain[2] };

/** A Worker for each of the tests that ask for other options. */
const test = base.extend({
  options: [{ files: library }, { option: true }],
  edge: async ({ options }, use) => {
    const edge = await startEdge(options);
    await use(edge);
    await edge.stop();
  },
  viewer: async ({ page, edge }, use) => {
    const viewer = new Viewer(page);
    await viewer.load(edge.url);
    await use(viewer);
  },
});

const image = (page, key) => page.getByTestId('library-image').and(page.locator(`[data-key=${JSON.stringify(key)}]`));

async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run(document));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(' | ')}`);
}

test('a child is chosen, and its parents are found wherever they are', async ({ page, viewer }) => {
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  await image(page, leaf).click();
  await page.getByTestId('library-open').click();
  await viewer.expectChain('complete');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'Found' })).toContainText(/Found middle\.vhd, base\.vhd|Found base\.vhd, middle\.vhd/);
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  await page.getByTestId('tab-chain').click();
  await expect(page.getByTestId('network')).toHaveCount(3);
});

test('by the keyboard alone: from the shortcut to the open chain', async ({ page, viewer }) => {
  await page.keyboard.press('Alt+Shift+M');
  await expect(image(page, leaf)).toBeVisible();
  await expect(page.getByTestId('library-filter')).toBeFocused();
  await page.keyboard.type('2026');
  await expect(page.getByTestId('library-count')).toContainText('3 of 23 images');
  await page.keyboard.press('ArrowDown');
  for (const key of [' ', 'ArrowDown', ' ', 'End', ' ']) await page.keyboard.press(key);
  await expect(page.getByTestId('library-open')).toContainText('Open 3 images');
  await page.keyboard.press('Enter');
  await viewer.expectChain('complete');
});

test('the parents of a file on this computer are looked for in the library', ONCE, async ({ page, viewer }) => {
  await viewer.open(chain[0]);
  await viewer.expectChain('incomplete');
  await page.getByTestId('seek-library').click();
  await viewer.expectChain('complete');
});

test('a path is filtered by the server, a name by the page, and no rule of axe is broken', ONCE, async ({ page, viewer }) => {
  await viewer.useTheme('light');
  await page.keyboard.press('Alt+Shift+M');
  await expect(page.getByTestId('library-image')).toHaveCount(23);
  expect(await violations(page)).toEqual([]);
  await page.getByTestId('library-prefix').fill('bases/');
  await expect(page.getByTestId('library-image')).toHaveCount(1);
  await page.getByTestId('library-prefix').fill('nowhere/');
  await expect(page.getByRole('dialog')).toContainText('No image of the library begins with “nowhere/”.');
  await page.getByTestId('library-prefix').fill('archive/');
  await page.getByTestId('library-filter').fill('SHOT 1');
  await expect(page.getByTestId('library-image')).toHaveCount(11);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+Shift+U');
  await expect(page.getByTestId('url-list')).toBeFocused();
  expect(await violations(page)).toEqual([]);
});

test.describe('a library that lacks a parent and wants a token', () => {
  test.use({ options: { files: { ...decoys, [leaf]: chain[0], [base_]: chain[2] }, token: 'secret' } });

  test('asks for the token, and says what is still lacking', ONCE, async ({ page, viewer, watched }) => {
    watched.forgive();
    await page.keyboard.press('Alt+Shift+M');
    await expect(page.getByRole('dialog')).toContainText('asks for an access token');
    const token = page.getByTestId('library-token');
    await expect(token).toBeFocused();
    await token.fill('wrong');
    await token.press('Enter');
    await expect(page.getByRole('dialog')).toContainText('does not accept this access token');
    await expect(token).toBeFocused();
    await token.fill('secret');
    await token.press('Enter');
    // The field that had the focus is gone.
    await expect(page.getByTestId('library-filter')).toBeFocused();
    await image(page, leaf).click();
    await page.getByTestId('library-open').click();
    await viewer.expectChain('incomplete');
    const notice = page.getByTestId('notice');
    await expect(notice).toContainText('The parent was not found in the image library');
    await expect(notice).toContainText(/leaf\.vhd still lacks its parent middle\.vhd, [0-9a-f]{8}-/i);
    await expect(notice).toContainText('21 images of the library were looked at');
  });
});

test.describe('a library of nothing', () => {
  test.use({ options: {} });

  test('is said to be empty', ONCE, async ({ page, viewer }) => {
    await viewer.expectDisks(0);
    await page.keyboard.press('Alt+Shift+M');
    await expect(page.getByRole('dialog')).toContainText('The image library is empty.');
  });
});
