// What opening chains over a network costs, up to their first sector: requests,
// bytes, and the time with and without latency.

import path from 'node:path';
import { expect, test } from '@playwright/test';
import { startFaulty } from '../support/faulty.js';
import { startRangeSite } from '../support/range-site.js';
import { Viewer } from '../support/viewer.js';
import { benchImages, median } from './support.js';

for (const kind of ['usual', 'huge']) {
  test(`opening the ${kind} chain over a network`, async ({ page }) => {
    const { layers } = benchImages(kind);
    const site = await startRangeSite(path.dirname(layers[0]));
    const proxy = await startFaulty(site.url);
    try {
      const urls = layers.map((layer) => `${proxy.url}images/${path.basename(layer)}`);
      const times = { 0: [], 50: [] };
      let asked = [];
      for (let turn = 0; turn < 6; turn++) {
        for (const delay of [0, 50]) {
          const viewer = new Viewer(page);
          await viewer.load(proxy.url);
          Object.assign(proxy, { delay }).take();
          const start = performance.now();
          await page.evaluate((all) => globalThis.vhdscope.open(all), urls);
          await viewer.showSectors();
          await expect(viewer.row(0)).toHaveAttribute('data-layer', /^-?\d/);
          if (turn > 0) times[delay].push(performance.now() - start); // the first warms up
          asked = proxy.take();
        }
      }
      const bytes = asked.reduce((sum, one) => sum + one.bytes, 0);
      console.log(
        `${kind} chain of ${layers.length} layers over a network, opened and its first sector shown: ${asked.length} requests, ` +
          `${(bytes / 2 ** 20).toFixed(2)} MiB; ${median(times[0]).toFixed(0)} ms, with 50 ms of latency ${median(times[50]).toFixed(0)} ms`,
      );
    } finally {
      await proxy.stop();
      await site.stop();
    }
  });
}
