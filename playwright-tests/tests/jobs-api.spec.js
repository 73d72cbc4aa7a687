// New files by the console API: of real chains by other people's tools, whose
// bytes independent readers found, and of the made one.

import path from 'node:path';
import { chain, facts, haveImages, realChains, withoutImages } from '../support/images.js';
import { closeAll, complaints, make, openAs, sumOf } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const FOOTER = 512;

/** Opens one chain, and gives its disk. */
async function openChain(viewer, paths) {
  await viewer.open(...paths);
  await viewer.expectDisks(1);
  const [disk] = await viewer.disks();
  return disk;
}

test.describe('of a real chain', () => {
  test.skip(!haveImages, withoutImages);

  for (const { leaf, names, paths, size, sha256, tag } of realChains()) {
    test(`${leaf} is saved as raw, fixed and dynamic`, { tag }, async ({ page, viewer }) => {
      const { id } = await openChain(viewer, paths);
      expect(await sumOf(await make(page, 'save', id, { as: 'raw' }))).toEqual({ size, sha256 });
      const made = { fixed: await make(page, 'save', id, { as: 'fixed' }), dynamic: await make(page, 'save', id, { as: 'dynamic' }) };
      expect((await sumOf(made.fixed)).size).toBe(size + FOOTER);
      for (const [as, blob] of Object.entries(made)) {
        await closeAll(page);
        await openAs(blob, `${as}.vhd`);
        const [disk] = await viewer.disks();
        expect(disk).toMatchObject({ name: `${as}.vhd`, size, complete: true, layers: [{ state: 'resolved' }] });
        expect(await viewer.sha256(disk)).toBe(sha256);
        expect(await complaints(page, disk.id)).toEqual([]);
      }
    });

    test(`${leaf} is checked`, ONCE, async ({ page, viewer }) => {
      const { id } = await openChain(viewer, paths);
      const rules = (await complaints(page, id)).map(({ rule }) => rule);
      if (leaf.startsWith('no-locators-bad-checksums/')) expect(rules).toContain('header-checksum');
      else expect(rules).toEqual([]);
    });

    if (names.length > 1) {
      test(`${leaf} is relinked to a parent of another name`, { tag }, async ({ page, viewer }) => {
        const { id } = await openChain(viewer, paths);
        const relative = '../верх/new parent.vhd';
        const blob = await make(page, 'relink', id, 0, { names: { relative, absolute: 'D:\\верх\\new parent.vhd' } });
        expect(await blob.evaluate(async (made) => new TextDecoder('utf-16le').decode(await made.arrayBuffer())))
          .toContain('..\\верх\\new parent.vhd');
        await closeAll(page);
        await viewer.open(...paths.slice(2));
        await openAs(blob, 'relinked.vhd');
        await openRenamed(page, paths[1], 'new parent.vhd');
        await expect.poll(async () => (await viewer.disks()).map(({ name, complete }) => ({ name, complete })))
          .toEqual([{ name: 'relinked.vhd', complete: true }]);
        const [made] = await viewer.disks();
        expect(made.layers.map(({ name }) => name))
          .toEqual(['relinked.vhd', 'new parent.vhd', ...names.slice(2).map((name) => path.posix.basename(name))]);
        expect(await viewer.sha256(made)).toBe(sha256);
      });
    }
  }
});

/** Opens a file under another name. */
async function openRenamed(page, from, name) {
  const carrier = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    return input;
  });
  await carrier.asElement().setInputFiles(from);
  await carrier.evaluate((input, called) => globalThis.vhdscope.open([new File([input.files[0]], called)]), name);
}

test('the made chain is saved, and the file is the same each time', async ({ page, viewer }) => {
  const { id } = await openChain(viewer, chain);
  for (let i = 0; i < 2; i++) {
    expect(await sumOf(await make(page, 'save', id, { as: 'raw' }))).toEqual({ size: facts.chain.size, sha256: facts.chain.sha256 });
  }
});

test('a chain without its base is not saved, and the error says what is missing', async ({ page, viewer }) => {
  const { id } = await openChain(viewer, chain.slice(0, 2));
  const error = await page.evaluate((disk) => globalThis.vhdscope.save(disk, { as: 'raw' }).then(() => '', String), id);
  expect(error).toMatch(/EngineError: .*parent/i);
});

test('a signal ends a save, and the engine answers as before', async ({ page, viewer }) => {
  const disk = await openChain(viewer, chain);
  const outcome = await page.evaluate((id) => {
    const controller = new AbortController();
    const saving = globalThis.vhdscope.save(id, { as: 'dynamic', signal: controller.signal });
    controller.abort();
    return saving.then(() => 'saved', (error) => error.name);
  }, disk.id);
  expect(outcome).toBe('AbortError');
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});
