// The places where new files are made, and that nothing is left there of one
// that was cancelled or failed.

import { chain, facts, fixture } from '../support/images.js';
import { make, sumOf } from '../support/jobs.js';
import { FAULT_SITE } from '../support/sites.js';
import { expect, test } from '../support/test.js';

/** Runs a job as the page's own dialogs do, and tells how it ended. */
function run(page, command, value, options = {}) {
  return page.evaluate(async ([name, request, { handle = '', abortAt = -1 }]) => {
    const { jobs } = document.querySelector('vs-app').workspace;
    const root = await navigator.storage.getDirectory();
    if (handle) request.to.handle = await root.getFileHandle(handle, { create: true });
    const controller = new AbortController();
    const onProgress = (done) => {
      if (abortAt >= 0 && done >= abortAt) controller.abort();
    };
    const ended = await jobs.run(name, request, { signal: controller.signal, onProgress })
      .catch((error) => ({ error: error.name, code: error.code ?? '' }));
    globalThis.made = ended.blob ?? (ended.error ? null : await (await root.getFileHandle(handle)).getFile());
    return { ...ended, blob: ended.blob ? 'a Blob' : null };
  }, [command, value, options]);
}

const save = (id, last, as) => ({
  disk: id, first: 0, last, as, blockSize: 0, parent: 0, salvage: false, to: { name: 'new.img', handle: null },
});

/** All files in the browser's private file system; those that go while one looks are not among them. */
function privateFiles(page) {
  return page.evaluate(async () => {
    const list = [];
    const walk = async (folder, path) => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'file') list.push(path + name);
        else {
          await walk(entry, `${path}${name}/`).catch((error) => {
            if (error.name !== 'NotFoundError') throw error;
          });
        }
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    return list;
  });
}

/** Opens the made chain. */
async function openChain(viewer) {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  return disk;
}

test('a file is streamed to where the person wants it', async ({ page, viewer }) => {
  const { id } = await openChain(viewer);
  expect(await run(page, 'save', save(id, 2, 'raw'), { handle: 'picked.img' }))
    .toEqual({ blob: null, name: 'new.img', size: facts.chain.size, way: 'stream', lost: [], changes: [] });
  expect(await sumOf(await page.evaluateHandle(() => globalThis.made))).toEqual({ size: facts.chain.size, sha256: facts.chain.sha256 });
  expect(await privateFiles(page)).toEqual(['picked.img']);
});

test('an assembled file is staged, and gone when the page is loaded again', async ({ page, viewer }) => {
  const { id } = await openChain(viewer);
  expect(await run(page, 'save', save(id, 2, 'dynamic'))).toMatchObject({ blob: 'a Blob', way: 'staged' });
  expect(await privateFiles(page)).toEqual([expect.stringMatching(/^staged\/[0-9a-f-]{36}\/1$/)]);
  // Another page that is opened meanwhile leaves it alone.
  const other = await page.context().newPage();
  await other.goto('/');
  await expect(other.getByTestId('sample')).toBeVisible();
  expect(await privateFiles(other)).toHaveLength(1);
  await page.goto('about:blank');
  await other.reload();
  await expect.poll(() => privateFiles(other)).toEqual([]);
});

for (const as of ['raw', 'dynamic']) {
  for (const handle of ['picked.img', '']) {
    if (as === 'raw' && handle === '') continue; // that is a Blob at once
    test(`a cancelled save as ${as} leaves ${handle ? 'what was picked as it was' : 'nothing behind'}`, async ({ page, viewer }) => {
      // A picked place has what was finished before the job was told to stop.
      await viewer.open(fixture(handle ? 'short.vhd' : 'distant.vhd'));
      await viewer.expectDisks(1);
      const [{ id }] = await viewer.disks();
      expect(await run(page, 'save', save(id, 0, as), { handle, abortAt: 0 })).toEqual({ blob: null, error: 'AbortError', code: 20 });
      expect((await privateFiles(page)).filter((name) => name !== 'picked.img')).toEqual([]);
      // Whether an empty file goes is up to who picked it: see saving.spec.js.
      const left = await page.evaluate(async (name) => {
        const root = await navigator.storage.getDirectory();
        return name && (await (await root.getFileHandle(name)).getFile()).size;
      }, handle);
      expect(left || 0).toBe(0);
      await viewer.expectDisks(1);
    });
  }
}

test('a disk of 2040 GiB is one Blob, whose bytes are right wherever one looks', async ({ page, viewer }) => {
  await viewer.open(fixture('huge/child.vhd'), fixture('huge/base.vhd'));
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  const blob = await make(page, 'save', id, { as: 'raw' });
  const found = await blob.evaluate(async (made, places) => ({
    size: made.size,
    texts: await Promise.all(places.map((at) => made.slice(at, at + 512).text())),
  }), [...facts.huge.sectors.map(({ sector }) => sector * 512), 2 ** 40 + 512]);
  expect(found.size).toBe(facts.huge.size);
  facts.huge.sectors.forEach(({ text }, i) => expect(found.texts[i]).toContain(text));
  expect(found.texts.at(-1)).toBe('\0'.repeat(512));
});

test.describe('when its worker is lost', () => {
  test.use({ baseURL: FAULT_SITE });

  for (const kind of ['panic', 'exit']) {
    test(`a job ends with an error by ${kind}, and the engine lives on`, async ({ page, viewer, watched }) => {
      watched.forgive();
      const disk = await openChain(viewer);
      expect(await run(page, 'fault', { kind, to: { name: 'new.img', handle: null } }, { handle: 'picked.img' })).toMatchObject({ code: 'crash' });
      await expect(viewer.text(/engine stopped/i)).toHaveCount(0);
      expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
      expect(await run(page, 'save', save(disk.id, 2, 'raw'))).toMatchObject({ size: facts.chain.size });
    });
  }
});
