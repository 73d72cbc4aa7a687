// No state of the page breaks a rule that axe-core can check, light or dark.

import axe from 'axe-core';
import { FilesTab } from '../support/files.js';
import { chain, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { act, expectJob, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

/** @param {import('@playwright/test').Page} page */
async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(' | ')}`);
}

/** Opens the chain, and one of its dialogs, until something in it is seen. */
async function openDialog(viewer, page, name, sign) {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await act(page, name);
  await expect(sign).toBeVisible();
}

const states = {
  empty: async () => {},
  'the help, about, and addresses that cannot be read': async (viewer, page) => {
    for (const name of [/^keyboard and console help/i, /^about/i]) {
      await page.getByRole('button', { name }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Alt+Shift+U');
    await page.getByTestId('url-list').fill('ftp://server.example/a.vhd');
    await page.getByTestId('url-open').click();
    await expect(page.getByTestId('url-unread')).toBeVisible();
  },
  'an open chain': async (viewer) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
  },
  'the sectors of a chain': async (viewer) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await viewer.showSectors();
  },
  'edited bytes': async (viewer, page) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await viewer.showSectors();
    await page.getByTestId('edit').click();
    await page.keyboard.type('41424');
    await expect(page.getByTestId('edit-state')).toContainText('1 sector edited');
    await page.getByTestId('hex-write').click();
    await expect(page.getByTestId('hex-write-value')).toBeFocused();
  },
  'the details of a damaged layer': async (viewer, page) => {
    await viewer.open(fixture('damaged/bad-checksums.vhd'));
    await viewer.expectChain('complete');
    await page.getByRole('tab', { name: /details/i }).click();
    await expect(viewer.findings.first()).toBeVisible();
  },
  'the menu of a chain that is not whole': async (viewer, page) => {
    await viewer.open(chain[0]);
    await viewer.expectChain('incomplete');
    await page.getByTestId('chain-menu').click();
    await expect(page.getByRole('menuitem').first()).toBeVisible();
  },
  'merging layers': (viewer, page) => openDialog(viewer, page, /^merge/i, page.getByTestId('outcome')),
  'relinking a child': (viewer, page) => openDialog(viewer, page, /^relink/i, page.getByTestId('relink-after')),
  'a new child': (viewer, page) => openDialog(viewer, page, /^new child/i, page.getByTestId('absolute')),
  'repairing a file': async (viewer, page) => {
    await viewer.open(fixture('damaged/block-outside.vhd'));
    await viewer.expectChain('complete');
    await act(page, /^repair/i);
    await expect(page.getByTestId('repair-lost')).toBeVisible();
  },
  'the report of a check': async (viewer, page) => {
    await viewer.open(chain[0], chain[1], fixture('damaged/block-outside.vhd'));
    await expect(viewer.chainState.first()).toBeVisible();
    await act(page, /^check/i);
    await expect(page.getByTestId('check-verdict')).toBeVisible();
  },
  'a failed job and one with losses': async (viewer, page) => {
    await viewer.open(fixture('damaged/block-outside.vhd'));
    await viewer.expectChain('complete');
    await withoutPicker(page);
    await act(page, /^raw disk/i);
    await expectJob(page, 'failed');
    await page.getByTestId('salvage').click();
    await expectJob(page, 'done');
    await act(page, /^fixed/i);
    await expectJob(page, 'failed');
  },
  'the volumes of a disk': async (viewer, page) => {
    await viewer.open(fixture('several.vhd'));
    await new FilesTab(page).show();
    await page.getByTestId('all-volumes').click();
    await expect(page.getByTestId('why-not')).toBeVisible();
  },
  'the files of a volume': async (viewer, page) => {
    const files = new FilesTab(page);
    await files.openSample();
    await page.getByTestId('show-deleted').check();
    await files.entry('Stations').click();
    await files.entry('README.txt').click({ modifiers: ['Shift'] });
    await expect(files.entry('Readings, corrected.csv')).toContainText('layer A');
  },
  'the properties of a file': async (viewer, page) => {
    const files = new FilesTab(page);
    await files.openSample();
    await files.showProperties('Readings.csv');
    await expect(page.getByTestId('extent').first()).toBeVisible();
    await expect(page.getByTestId('supply')).toBeVisible();
  },
  'a file as text, as a picture and byte by byte': async (viewer, page) => {
    const files = new FilesTab(page);
    await files.openSample();
    await files.entry('README.txt').click();
    await expect(page.getByTestId('preview-text')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await files.entry('Map.bmp').click();
    await expect(page.getByTestId('preview-image')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('preview-as-hex').check({ force: true });
    await expect(viewer.rows.first()).toBeVisible();
  },
  'a deleted file': async (viewer, page) => {
    const files = new FilesTab(page);
    await files.openSample();
    await page.getByTestId('show-deleted').check();
    await files.entry('Zoë\'s list.txt').click();
    await expect(page.getByTestId('guess')).toContainText('content is a guess');
  },
  'found files': async (viewer, page) => {
    await new FilesTab(page).openSample();
    await page.getByTestId('find-files').fill('*.txt');
    await page.getByTestId('find-files').press('Enter');
    await expect(page.getByTestId('found-file').filter({ hasText: 'deleted' })).toBeVisible();
  },
  'what a layer changed, and the sectors of a change': async (viewer, page) => {
    await viewer.sample.click();
    await viewer.expectChain('complete');
    await page.getByTestId('tab-changes').click();
    await page.getByTestId('compare').click();
    const change = page.getByTestId('change').and(page.locator('[data-path="/README.txt"]'));
    await change.locator('summary').click();
    await expect(change.getByTestId('changed-range').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await change.getByTestId('changed-range').first().getByRole('button').click();
    await expect(page.getByTestId('outlined')).toBeVisible();
    await page.getByTestId('which-file').click();
    await expect(page.getByTestId('traced')).toContainText('/README.txt');
  },
  'the sums of files': async (viewer, page) => {
    await new FilesTab(page).openSample();
    await page.getByTestId('hash').click();
    await expect(page.getByTestId('sum').first()).toBeVisible();
  },
  'a missing parent': async (viewer) => {
    await viewer.open(chain[0]);
    await viewer.expectChain('incomplete');
  },
  'a refused parent and a refused file': async (viewer) => {
    await viewer.open(chain[0], chain[1], fixture('impostor/base.vhd'), fixture('foreign/vhdx.vhd'));
    await viewer.expectChains({ 'leaf.vhd': 'incomplete', 'base.vhd': 'complete' });
  },
};

for (const theme of ['light', 'dark']) {
  for (const [state, reach] of Object.entries(states)) {
    test(`${state}, ${theme}`, theme === 'dark' ? ONCE : {}, async ({ page, viewer }) => {
      await viewer.useTheme(theme);
      await reach(viewer, page);
      expect(await violations(page)).toEqual([]);
    });
  }
}
