// No state of the page breaks a rule that axe-core can check, light or dark.

import axe from 'axe-core';
import { chain, fixture } from '../support/images.js';
import { expect, test } from '../support/test.js';

/** @param {import('@playwright/test').Page} page */
async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.flat().join(' ')).join(' | ')}`);
}

const states = {
  empty: async () => {},
  'an open chain': async (viewer) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
  },
  'the sectors of a chain': async (viewer) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await viewer.showSectors();
  },
  'the details of a damaged layer': async (viewer, page) => {
    await viewer.open(fixture('damaged/bad-checksums.vhd'));
    await viewer.expectChain('complete');
    await page.getByRole('tab', { name: /details/i }).click();
    await expect(viewer.findings.first()).toBeVisible();
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
    test(`${state}, ${theme}`, async ({ page, viewer }) => {
      await viewer.useTheme(theme);
      await reach(viewer, page);
      expect(await violations(page)).toEqual([]);
    });
  }
}
