// Volumes, files and changes by the console API: of real chains, whose files
// other tools listed, of the sample, whose files are known from its story, and
// of volumes that the tools of their file systems made.

import { existsSync } from 'node:fs';
import { facts, fixture, haveImages, realChains, withoutImages } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';
import { browsable, changesOf, differences, fileSums, listOf, ofFiles } from '../support/volumes.js';

/** Opens one chain, and gives its disk. */
async function openChain(viewer, paths) {
  await viewer.open(...paths);
  await viewer.expectDisks(1);
  const [disk] = await viewer.disks();
  return disk;
}

test.describe('of a real chain', () => {
  test.skip(!haveImages, withoutImages);

  for (const { leaf, names, paths, tag } of realChains().filter(({ leaf: image }) => listOf(image))) {
    test(`${leaf} has the files that other tools find`, { tag }, async ({ page, viewer }) => {
      const { id } = await openChain(viewer, paths);
      expect(await fileSums(page, id, await browsable(page, id))).toEqual(listOf(leaf));
    });

    if (names.length > 1) {
      test(`${leaf}: what each layer changed is the difference of the files`, { tag }, async ({ page, viewer }) => {
        const { id } = await openChain(viewer, paths);
        for (const [layer, image] of names.slice(0, -1).entries()) {
          const [before, after] = [listOf(names[layer + 1]), listOf(image)];
          const changes = await changesOf(page, id, layer);
          expect(ofFiles(changes, before, after), image).toEqual(differences(before, after));
          const touched = Object.keys(changes).filter((at) => changes[at] === 'metadata' && before[at] !== after[at]);
          expect(touched, 'called metadata').toEqual([]);
        }
      });
    }
  }

  for (const [kind, links] of [['fat', []], ['ntfs', ['/a_link']]]) {
    test(`the Windows ${kind} child adds passwords.txt and a_directory`, ONCE, async ({ page, viewer }) => {
      const { paths } = realChains().find(({ leaf }) => leaf === `windows-10-diskpart/${kind}-differential.vhd`);
      const { id } = await openChain(viewer, paths);
      const changes = await changesOf(page, id, 0);
      const added = Object.keys(changes).filter((at) => changes[at] === 'added' && !at.startsWith('/System Volume Information/'));
      expect(added.sort()).toEqual(['/a_directory', '/a_directory/a_file', '/a_directory/another_file', ...links, '/passwords.txt'].sort());
    });
  }
});

test('the sample has the files of its story, and each layer changed what the story says', async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  const volumes = await page.evaluate((disk) => globalThis.vhdscope.volumes(disk), id);
  expect(volumes).toEqual([{
    index: 0, type: 'FAT16', label: 'FIELD NOTES', start: facts.sample.start, size: facts.sample.length, browsable: true, problem: '',
  }]);
  const { files } = facts.sample;
  expect(await fileSums(page, id, 0)).toEqual(files[0]);
  for (const layer of [0, 1]) {
    const [after, before] = files.slice(layer);
    expect(ofFiles(await changesOf(page, id, layer), before, after)).toEqual(differences(before, after));
  }
});

test('entries have kinds, sizes and times, and what was deleted is told', ONCE, async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  const root = await page.evaluate((disk) => globalThis.vhdscope.list(disk, 0, '/'), id);
  const named = (name) => root.find((entry) => entry.name === name);
  expect(named('Stations')).toMatchObject({ kind: 'directory' });
  const readme = await page.evaluate((disk) => globalThis.vhdscope.file(disk, 0, '/README.txt').then((blob) => blob.text()), id);
  expect(named('README.txt')).toEqual({ name: 'README.txt', kind: 'file', size: readme.length, modified: Date.UTC(2026, 3, 20, 18, 5) });
  expect(root.filter(({ kind }) => kind === 'deleted').map(({ name }) => name)).toContainEqual(expect.stringMatching(/list\.txt$/i));
});

test('a volume near the end of 2040 GiB has its files, and what changed there', async ({ page, viewer }) => {
  const { id } = await openChain(viewer, [fixture('far/child.vhd'), fixture('far/base.vhd')]);
  const { files, start, length } = facts.far;
  const volumes = await page.evaluate((disk) => globalThis.vhdscope.volumes(disk), id);
  expect(volumes).toMatchObject([{ index: 0, type: 'FAT16', start, size: length, browsable: true }]);
  expect(await fileSums(page, id, 0)).toEqual(files[0]);
  expect(ofFiles(await changesOf(page, id, 0), files[1], files[0])).toEqual(differences(files[1], files[0]));
});

for (const kind of ['ext4', 'fat32', 'ntfs']) {
  test(`a volume that the tools of ${kind} made has the files that they were given`, async ({ page, viewer }) => {
    test.skip(!existsSync(fixture(`tools/${kind}.vhd`)), `the tools of ${kind} are not installed`);
    const { id } = await openChain(viewer, [fixture(`tools/${kind}.vhd`)]);
    expect(await fileSums(page, id, await browsable(page, id))).toEqual(facts.tools[kind]);
  });
}

test('what is not there is an error with a message, and nothing breaks', async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  for (const [what, method, ...args] of [
    ['a volume that is not there', 'list', 7, '/'],
    ['a folder that is not there', 'list', 0, '/nowhere'],
    ['a file in place of a folder', 'list', 0, '/README.txt'],
    ['a folder in place of a file', 'file', 0, '/Stations'],
    ['a path without its slash', 'file', 0, 'README.txt'],
    ['a path that leads out of the volume', 'file', 0, '/../README.txt'],
    ['a layer that is not there', 'changes', 3],
  ]) {
    const message = await page.evaluate(([disk, name, given]) => (
      globalThis.vhdscope[name](disk, ...given).then(() => '', (error) => (error instanceof Error ? error.message : ''))), [id, method, args]);
    expect(message, what).toMatch(/\w+ \w+/);
  }
  expect(Object.keys(await fileSums(page, id, 0)).sort()).toEqual(Object.keys(facts.sample.files[0]).sort());
});

test('a signal ends a call, and the next one is answered', async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  const outcome = await page.evaluate((disk) => {
    const controller = new AbortController();
    const changes = globalThis.vhdscope.changes(disk, 0, { signal: controller.signal });
    controller.abort();
    return changes.then(() => 'told', (error) => error.name);
  }, id);
  expect(outcome).toBe('AbortError');
  expect(await fileSums(page, id, 0)).toEqual(facts.sample.files[0]);
});

test('edits on top of a chain are not seen in its volumes', async ({ page, viewer }) => {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  await page.evaluate((disk) => document.querySelector('vs-app').workspace.layEdits(disk, 'edits', ''), id);
  await expect.poll(async () => (await viewer.disks())[0].layers.length).toBe(4);
  const [edited] = await viewer.disks();
  expect(await fileSums(page, edited.id, 0)).toEqual(facts.sample.files[0]);
});
