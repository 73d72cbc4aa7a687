// globalThis.vhdscope, for people who script.

import { carry } from '../support/carrier.js';
import { chain, facts, fixture } from '../support/images.js';
import { expect, test } from '../support/test.js';

/** Opens files through vhdscope.open, as a script on the page would. */
async function openByScript(page, paths) {
  const carrier = await carry(page, paths);
  return page.evaluate(async (input) => void (await globalThis.vhdscope.open([...input.files])), carrier);
}

test('open, disks, read, extents and close', async ({ page, viewer }) => {
  await openByScript(page, chain);
  const [disk, ...more] = await viewer.disks();
  expect(more).toEqual([]);
  expect(disk).toEqual({
    id: expect.any(Number),
    name: 'leaf.vhd',
    size: facts.chain.size,
    complete: true,
    layers: [
      { name: 'leaf.vhd', state: 'resolved' },
      { name: 'middle.vhd', state: 'resolved' },
      { name: 'base.vhd', state: 'resolved' },
    ],
  });
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  await viewer.expectChain('complete');

  await page.evaluate(() => globalThis.vhdscope.close());
  expect(await viewer.disks()).toEqual([]);
  await expect(viewer.layers).toHaveCount(0);
  await expect(viewer.sample).toBeVisible();
});

test('reads at any offset and of any length', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  const whole = await viewer.read(disk.id, 0, 8192);
  for (const [offset, length] of [[0, 1], [511, 2], [513, 1000], [1023, 3073], [8191, 1], [5, 0]]) {
    expect((await viewer.read(disk.id, offset, length)).equals(whole.subarray(offset, offset + length))).toBe(true);
  }
  expect(await page.evaluate(async (id) => (await globalThis.vhdscope.read(id, 0, 16)).constructor.name, disk.id)).toBe('Uint8Array');
});

test('many reads at once each get their own bytes', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  const sectors = facts.chain.sectors.filter(({ layer }) => layer >= 0);
  const texts = await page.evaluate(
    ([id, offsets]) =>
      Promise.all(offsets.map(async (offset) => String.fromCharCode(...(await globalThis.vhdscope.read(id, offset, 64))))),
    [disk.id, sectors.map(({ sector }) => sector * 512)],
  );
  sectors.forEach(({ text }, i) => expect(texts[i]).toContain(text));
});

test('what cannot be answered is an error with a message, and nothing breaks', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  for (const [what, ...args] of [
    ['a disk that is not open', 'read', 1000, 0, 16],
    ['a read past the end', 'read', 0, 8 * 2 ** 20 - 8, 16],
    ['a negative offset', 'read', 0, -1, 16],
    ['an offset that is no number', 'read', 0, 'here', 16],
    ['a length that is no integer', 'extents', 0, 0, 1.5],
    ['an offset beyond 2^53', 'read', 0, 2 ** 60, 16],
  ]) {
    const message = await page.evaluate(
      async ([id, method, fromId, offset, length]) => {
        try {
          await globalThis.vhdscope[method](id + fromId, offset, length);
          return '';
        } catch (error) {
          return error instanceof Error ? error.message : '';
        }
      },
      [disk.id, ...args],
    );
    expect(message, what).toMatch(/\w+ \w+/);
  }
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('a wrong argument is a TypeError that names it', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const errors = await page.evaluate(() => Promise.all(
    [['1', 0, 1], [1, -1, 1], [1, 0, 1.5]].flatMap((args) => ['read', 'extents'].map((method) =>
      globalThis.vhdscope[method](...args).then(() => '', (error) => `${error.name}: ${error.message}`))),
  ));
  ['id', 'id', 'offset', 'offset', 'length', 'length'].forEach((name, i) =>
    expect(errors[i]).toMatch(new RegExp(`^TypeError: The argument ${name} `)));
});

test('a signal ends a read, and the next read is answered', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  const outcome = await page.evaluate(async ([id, size]) => {
    const controller = new AbortController();
    const reading = globalThis.vhdscope.read(id, 0, size, { signal: controller.signal });
    controller.abort();
    return reading.then(() => 'read', (error) => error.name);
  }, [disk.id, disk.size]);
  expect(outcome).toBe('AbortError');
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('opening what is no VHD leaves the rest open', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await openByScript(page, [fixture('foreign/vhdx.vhd')]).catch(() => {});
  await viewer.expectDisks(1);
});
