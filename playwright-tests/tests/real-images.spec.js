// Real chains by other people's tools resolve to the bytes that independent
// readers found in them, in whatever order and way the files come.

import path from 'node:path';
import { haveImages, realChains, withoutImages } from '../support/images.js';
import { seed, shuffled } from '../support/shuffle.js';
import { drop } from '../support/drop.js';
import { expect, test } from '../support/test.js';

test.skip(!haveImages, withoutImages);

const chains = realChains();

for (const { leaf, names, paths, size, sha256, tag } of chains) {
  test(`resolves ${leaf}`, { tag }, async ({ viewer }) => {
    test.info().annotations.push({ type: 'seed', description: String(seed) });
    await viewer.open(...shuffled(paths));
    await viewer.expectChain('complete');
    const disks = await viewer.disks();
    expect(disks).toEqual([
      {
        id: expect.any(Number),
        name: path.basename(leaf),
        size,
        complete: true,
        layers: names.map((name) => ({ name: path.basename(name), state: expect.stringMatching(/^(resolved|damaged)$/) })),
      },
    ]);
    expect(await viewer.sha256(disks[0])).toBe(sha256);
  });
}

test('resolves every chain of a dropped folder at once', async ({ page, viewer }) => {
  test.setTimeout(180_000);
  const files = new Map(chains.flatMap(({ names, paths }) => names.map((name, i) => [name, paths[i]])));
  await drop(page, shuffled([...files]).map(([name, from]) => ({ name: `images/${name}`, path: from })));

  const parents = new Set(chains.flatMap(({ names }) => names.slice(1)));
  const leaves = chains.filter(({ leaf }) => !parents.has(leaf));
  await viewer.expectDisks(leaves.length);
  const disks = await viewer.disks();
  const sums = {};
  for (const disk of disks) sums[disk.name] = disk.complete && (await viewer.sha256(disk));
  expect(sums).toEqual(Object.fromEntries(leaves.map(({ leaf, sha256 }) => [path.basename(leaf), sha256])));
});
