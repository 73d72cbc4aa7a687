// Draws the icons that have to be PNG from logo.svg, by Chromium as the
// browser tests find it: node web/assets/draw-icons.mjs. Run by hand when the
// logo changes; what it draws is committed.

import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {browserOptions} from '../../playwright-tests/browsers.js';
import {chromium} from '../../playwright-tests/node_modules/@playwright/test/index.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** How much of an icon the logo takes: of one that a system cuts to its own shape, the middle; backgrounds where transparency would turn black. */
const icons = [
  {name: 'icon-192.png', size: 192, share: 1, background: 'transparent'},
  {name: 'icon-512.png', size: 512, share: 1, background: 'transparent'},
  {name: 'icon-maskable-512.png', size: 512, share: 0.66, background: '#f3f4f7'},
  {name: 'apple-touch-icon.png', size: 180, share: 0.78, background: '#f3f4f7'},
];

const logo = `data:image/svg+xml;base64,${(await readFile(join(here, 'logo.svg'))).toString('base64')}`;
const browser = await chromium.launch(browserOptions('chromium')?.launchOptions);
const page = await browser.newPage();
for (const {name, size, share, background} of icons) {
  await page.setViewportSize({width: size, height: size});
  await page.setContent(`<body style="margin:0;block-size:100vh;display:grid;place-items:center;background:${background}">
    <img src="${logo}" style="inline-size:${share * 100}%">`);
  await page.locator('img').evaluate((/** @type {HTMLImageElement} */ image) => image.decode());
  await page.screenshot({path: join(here, name), omitBackground: true});
}
await browser.close();
