// Images that are read over a network: from the Worker as Cloudflare runs it,
// through a proxy that counts what is asked for and spoils the answers.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startEdge } from '../support/edge.js';
import { startFaulty } from '../support/faulty.js';
import { FilesTab } from '../support/files.js';
import { chain, facts, fixture } from '../support/images.js';
import { sumOf } from '../support/jobs.js';
import { folders } from '../support/sites.js';
import { ONCE } from '../support/once.js';
import { startRangeSite } from '../support/range-site.js';
import { expectJob, lastDownload, withoutPicker } from '../support/saving.js';
import { generator, seed } from '../support/shuffle.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const MiB = 2 ** 20;
const names = chain.map((file) => path.basename(file));

/** What is told from other images by its footer, and is no more. */
const unrelated = Buffer.concat([Buffer.alloc(64 << 10), readFileSync(fixture('huge/base.vhd')).subarray(-512)]);

const test = base.extend({
  /** A site behind the proxy, which the test's end ends. */
  behind: async ({}, use) => {
    const started = [];
    await use(async (site) => {
      started.push(site);
      const proxy = await startFaulty(site.url);
      started.push(proxy);
      return proxy;
    });
    for (const one of started.reverse()) await one.stop();
  },

  /** The page out of the Worker, over a library with the chain in vm/, and the proxy in between. */
  edge: async ({ page, behind }, use) => {
    const files = Object.fromEntries(chain.map((file) => [`vm/${path.basename(file)}`, file]));
    for (const other of ['unrelated.vhd', 'other.vhd']) files[`vm/${other}`] = unrelated;
    const proxy = await behind(await startEdge({ files }));
    await new Viewer(page).load(proxy.url);
    await use(proxy);
  },
});

/** Opens the chain anew by its addresses; nothing of it is kept from before. */
const openAnew = (page, url) =>
  page.evaluate(async (all) => {
    await globalThis.vhdscope.close();
    await globalThis.vhdscope.open(all);
  }, addresses(url));

/** Reads the whole disk. @returns {Promise<{sum?: string, error?: string}>} */
const readAll = (page) =>
  page.evaluate(async () => {
    const { vhdscope } = globalThis;
    const [{ id, size }] = vhdscope.disks();
    try {
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await vhdscope.read(id, 0, size)));
      return { sum: Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    } catch (error) {
      return { error: error.message };
    }
  });

const addresses = (url) => names.map((name) => `${url}images/vm/${name}`);

const total = (asked) => asked.reduce((sum, { bytes }) => sum + bytes, 0);

test('a chain in the library of the Worker is opened by its leaf, and reads as it was made', async ({ page, edge }) => {
  const viewer = new Viewer(page);
  await page.evaluate((url) => globalThis.vhdscope.open([url]), addresses(edge.url)[0]);
  await viewer.expectChain('incomplete');
  edge.take();
  await page.getByTestId('seek-library').click();
  await viewer.expectChain('complete');
  const asked = edge.take();

  // The two that are its parents have its names; the others need no look.
  expect(new Set(asked.map((one) => path.posix.basename(one.path)))).toEqual(new Set(names.slice(1)));
  for (const name of names.slice(1)) {
    const [first] = asked.filter((one) => one.path.endsWith(name));
    expect(first, `${name} is first known by its footer`).toMatchObject({ status: 206, bytes: 512 });
  }
  await expect.poll(() => asked.every(({ status }) => status === 206)).toBe(true); // the last may be on its way

  const [disk] = await viewer.disks();
  expect(disk.layers.map(({ name }) => name)).toEqual(names);
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  const blob = await page.evaluate(async (id) => {
    const raw = await globalThis.vhdscope.save(id, { as: 'raw' });
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await raw.arrayBuffer()));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, disk.id);
  expect(blob, 'the disk saved as a raw file').toBe(facts.chain.sha256);
});

test('a parent that was renamed is found by at most 1 KiB of each image', ONCE, async ({ page, behind }) => {
  const files = { 'a/leaf.vhd': chain[0], 'b/was in the middle.vhd': chain[1], 'base.vhd': chain[2] };
  for (let i = 0; i < 20; i++) files[`c/${i}.vhd`] = unrelated;
  const proxy = await behind(await startEdge({ files }));
  const viewer = new Viewer(page);
  await viewer.load(proxy.url);
  await page.evaluate((url) => globalThis.vhdscope.open([url]), `${proxy.url}images/a/leaf.vhd`);
  await viewer.expectChain('incomplete');
  proxy.take();
  await page.getByTestId('seek-library').click();
  await viewer.expectChain('complete');
  const asked = proxy.take();
  for (let i = 0; i < 20; i++) {
    expect(total(asked.filter((one) => one.path.endsWith(`/c/${i}.vhd`))), `bytes of ${i}.vhd`).toBe(512);
  }
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

// What the network does once is got over; what goes on, or is another file, is
// told. Never is a byte wrong.
const NETWORK = /network or the server failed/;
const OTHER = /something else than was asked for/;
const WHOLE = /gives the file only whole/;
const faults = [
  { fault: 'late' },
  { fault: 'drop', lasting: NETWORK },
  { fault: 'cut' }, // each time half of it comes
  { fault: 500 },
  { fault: 'short' },
  { fault: 'long' },
  { fault: 'shifted', lasting: OTHER },
  { fault: 'resized', once: /changed/ },
  { fault: 'retagged', lasting: /changed/, once: /changed/ },
  { fault: 'whole', once: WHOLE, lasting: WHOLE },
  { fault: 401, once: /token/ },
  { fault: 404, once: /no such file/ },
];

test('whatever becomes of an answer, no byte is wrong, and it is said what is the matter', ONCE, async ({ page, edge, watched }) => {
  watched.forgive(); // the browser logs every answer that is none
  await openAnew(page, edge.url);
  edge.take();
  expect(await readAll(page)).toEqual({ sum: facts.chain.sha256 });
  const requests = edge.take().length;
  expect(requests).toBeGreaterThan(0);
  const random = generator(seed);
  for (const { fault, once, lasting } of faults) {
    for (const goesOn of lasting ? [false, true] : [false]) {
      await openAnew(page, edge.url);
      const from = goesOn ? 0 : Math.floor(random() * requests);
      edge.take();
      edge.fault = (nth) => (nth === from || (goesOn && nth > from) ? fault : undefined);
      const { sum, error = '' } = await readAll(page);
      edge.fault = undefined;
      const about = `${fault} ${goesOn ? 'from' : 'at'} request ${from} of ${requests}`;
      const words = goesOn ? lasting : once;
      // What was read ahead and spoilt may not be needed.
      if (error === '' && !goesOn) expect.soft(sum, about).toBe(facts.chain.sha256);
      else expect.soft(error, about).toMatch(words ?? /^$/);
    }
  }
});

test('a read that hangs is given up when it is cancelled, and the disk reads on', async ({ page, edge }) => {
  await openAnew(page, edge.url);
  edge.take();
  edge.fault = () => 'hang';
  const read = page.evaluate(async () => {
    const abort = (globalThis.abortRead = new AbortController());
    const [{ id, size }] = globalThis.vhdscope.disks();
    return globalThis.vhdscope.read(id, 0, size, { signal: abort.signal }).then(() => 'it was read', ({ name }) => name);
  });
  await expect.poll(() => edge.asked.length, { message: 'requests that hang' }).toBeGreaterThan(0);
  await page.evaluate(() => globalThis.abortRead.abort());
  expect(await read).toBe('AbortError');
  edge.fault = undefined;
  edge.release();
  expect(await readAll(page)).toEqual({ sum: facts.chain.sha256 });
});

test('opening a 2040 GiB chain and showing its first and last bytes moves less than 16 MiB', ONCE, async ({ page, behind }) => {
  const proxy = await behind(await startRangeSite(folders.fixtures));
  const viewer = new Viewer(page);
  await viewer.load(proxy.url);
  await page.evaluate(
    (urls) => globalThis.vhdscope.open(urls),
    ['child', 'base'].map((name) => `${proxy.url}images/huge/${name}.vhd`),
  );
  await viewer.expectChain('complete');
  await viewer.showSectors();
  await expect(viewer.row(0)).toHaveAttribute('data-layer', '1');
  const [disk] = await viewer.disks();
  expect(disk.size).toBe(facts.huge.size);
  for (const { sector, text } of facts.huge.sectors) {
    const bytes = await viewer.read(disk.id, sector * 512, 512);
    expect(bytes.toString('latin1', 0, text.length)).toBe(text);
  }
  const asked = proxy.take();
  await expect.poll(() => asked.every(({ status }) => status === 206)).toBe(true); // the last may be on its way
  expect(total(asked)).toBeLessThan(16 * MiB);
});

test('a file is saved out of a volume of a chain that is on a server', ONCE, async ({ page, behind }) => {
  const { url } = await behind(await startRangeSite(folders.fixtures));
  const viewer = new Viewer(page);
  await viewer.load(url);
  await page.evaluate((urls) => globalThis.vhdscope.open(urls), ['child', 'base'].map((name) => `${url}images/far/${name}.vhd`));
  await viewer.expectChain('complete');
  const files = new FilesTab(page);
  await files.show();
  await withoutPicker(page);
  await files.choose('Readings.csv', /^download$/i);
  await expectJob(page, 'done');
  expect((await sumOf(await lastDownload(page))).sha256).toBe(facts.far.files[0]['/Readings.csv']);
});
