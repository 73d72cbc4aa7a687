// `test` with the page opened and watched: `viewer` is the page as a person
// has it, and a test in which the page itself did something wrong fails.

import { test as base, expect } from '@playwright/test';
import { Viewer } from './viewer.js';
import { watch } from './watch.js';

export { expect };

export const test = base.extend({
  /** What the page does behind the person's back: see watch.js. */
  watched: [
    async ({ page }, use) => {
      const watched = await watch(page);
      await use(watched);
      if (watched.forgiven) return;
      expect(watched.requests, 'requests after the page had loaded').toEqual([]);
      expect(await watched.violations(), 'violations of the content security policy').toEqual([]);
      expect(watched.errors, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],

  viewer: async ({ page, watched }, use) => {
    const viewer = new Viewer(page);
    await viewer.load();
    watched.loaded();
    await use(viewer);
  },
});
