// Measurements of the built site in Chromium: one at a time, figures printed,
// none of them a pass or a fail.

import { defineConfig } from '@playwright/test';
import { browserOptions } from '../browsers.js';
import { SITE, folders } from '../support/sites.js';

export default defineConfig({
  testDir: '.',
  testMatch: '*.bench.js',
  outputDir: '../test-results/bench',
  workers: 1,
  retries: 0,
  timeout: 600_000,
  reporter: 'line',
  use: { baseURL: SITE, viewport: { width: 1280, height: 800 } },
  projects: [{ name: 'chromium', use: browserOptions('chromium') ?? { browserName: 'chromium' } }],
  webServer: {
    command: `node ../web/serve.mjs "${folders.site}" ${new URL(SITE).port}`,
    cwd: '..',
    port: Number(new URL(SITE).port),
    reuseExistingServer: false,
  },
});
