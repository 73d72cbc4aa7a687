// The main job in one click, and what the page is not allowed to do.

import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

test('the sample opens with one click: three layers, complete, sectors in view', async ({ viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  await expect(viewer.layers).toHaveCount(3);
  for (const { state } of await viewer.layerStates()) expect(state).toBe('resolved');
  await expect(viewer.row(0)).toBeVisible();
  const [disk] = await viewer.disks();
  const first = await viewer.read(disk.id, 0, 512);
  expect(first.readUInt16LE(510), 'signature of a boot record').toBe(0xaa55);
});

test('more than one layer supplies sectors of the sample', ONCE, async ({ viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  const suppliers = new Set((await viewer.extents(disk.id, 0, disk.size)).map(({ layer }) => layer));
  expect([...suppliers].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
});

test('the page is served with a strict policy', async ({ page }) => {
  const response = await page.goto('/');
  const headers = await response.allHeaders();
  const policy = headers['content-security-policy'];
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).not.toContain('*');
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('the policy holds: no calling out, no text turned into script or style', async ({ page, viewer, watched }) => {
  // The violations are this test's own doing.
  watched.forgive();
  await page.evaluate(async () => {
    const attempts = [
      () => fetch('https://example.com/'),
      () => (document.createElement('div').innerHTML = '<b>'),
      () => (document.createElement('script').src = 'https://example.com/x.js'),
      () => document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' })),
      () => (document.body.append(Object.assign(new Image(), { src: 'https://example.com/x.png' }))),
    ];
    for (const attempt of attempts) await new Promise((done) => done(attempt())).catch(() => {});
  });
  const broken = async () => [...new Set((await watched.violations()).map((violation) => violation.split(' ')[0]))].sort();
  await expect.poll(broken).toEqual(['connect-src', 'img-src', 'require-trusted-types-for', 'style-src-elem']);
  await expect(viewer.sample).toBeVisible();
});
