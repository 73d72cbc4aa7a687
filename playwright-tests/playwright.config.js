// The built site, driven as a person would in Chromium and Firefox.
//
// `../build.sh test` builds the site and the fixtures first. By hand:
// `../build.sh`, then `npm test -- --project=firefox tests/sample.spec.js`.

import process from 'node:process';
import { defineConfig } from '@playwright/test';
import { browserOptions } from './browsers.js';
import { FAULT_SITE, SITE, folders } from './support/sites.js';

// Decides the orders in which tests give files: see support/shuffle.js.
process.env.VHDSCOPE_SEED ??= String(Math.floor(Math.random() * 2 ** 31));

// A project whose browser is missing stays in the list and fails loudly.
const project = (name) => ({ name, use: browserOptions(name) ?? { browserName: name } });

const serve = (folder, site) => ({
  command: `node ../web/serve.mjs "${folder}" ${new URL(site).port}`,
  port: Number(new URL(site).port),
  reuseExistingServer: false,
});

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  forbidOnly: Boolean(process.env.CI),
  fullyParallel: true,
  retries: 0,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['./support/closing-line.js']],
  use: {
    baseURL: SITE,
    // A trace doubles the time of a run: ask for one with --trace=retain-on-failure.
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    // Only tests of it want the service worker, which would keep the whole site for each.
    serviceWorkers: 'block',
  },
  // To run all in two browsers takes twice the time: what depends on neither
  // runs in one. See support/once.js.
  projects: [project('chromium'), { ...project('firefox'), grepInvert: /@once\b/ }],
  webServer: [serve(folders.site, SITE), serve(folders.faultSite, FAULT_SITE)],
});
