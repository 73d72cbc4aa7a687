// The main job in one click, and what the page is not allowed to do.

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

test('more than one layer supplies sectors of the sample', async ({ viewer }) => {
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

test('the policy holds: the page can neither call out nor turn text into script', async ({ page, viewer, watched }) => {
  const outcome = await page.evaluate(async () => {
    const refused = async (attempt) => {
      try {
        await attempt();
        return false;
      } catch {
        return true;
      }
    };
    return {
      fetch: await refused(() => fetch('http://127.0.0.1:9/')),
      markup: await refused(() => (document.createElement('div').innerHTML = '<b>')),
      script: await refused(() => {
        const script = document.createElement('script');
        script.src = 'https://example.com/x.js';
      }),
    };
  });
  expect(outcome).toEqual({ fetch: true, markup: true, script: true });
  // Those were this test's own doing.
  watched.forgive();
  await expect(viewer.sample).toBeVisible();
});
