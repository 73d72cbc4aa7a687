// The images that tests open: those made by fixtures/, and real ones by other
// people's tools where they lie beside the repository.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ONCE } from './once.js';
import { folders } from './sites.js';

/** @param {string} name such as chain/leaf.vhd */
export const fixture = (name) => path.join(folders.fixtures, name);

/** What is in the fixtures, by the model they were made of. */
export const facts = existsSync(fixture('manifest.json'))
  ? JSON.parse(readFileSync(fixture('manifest.json'), 'utf8'))
  : missingFixtures();

/** The three files of the made chain, leaf first. */
export const chain = facts.chain.layers.map(({ name }) => fixture(`chain/${name}`));

export const haveImages = existsSync(path.join(folders.images, 'expected.tsv'));
export const withoutImages = `the real images are not at ${folders.images}`;

/**
 * The real chains: paths leaf first, the disk's size and the sum of its bytes,
 * as several independent readers found it. Those that are part of a longer one
 * have a tag: tests of these run in one browser, as ONCE says.
 */
export function realChains() {
  if (!haveImages) return [];
  const all = readFileSync(path.join(folders.images, 'expected.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [leaf, ancestors, size, sha256] = line.split('\t');
      const names = [leaf, ...ancestors.split(',').filter(Boolean)];
      return { leaf, names, paths: names.map((name) => path.join(folders.images, name)), size: Number(size), sha256 };
    });
  const parents = new Set(all.flatMap(({ names }) => names.slice(1)));
  return all.map((one) => ({ ...one, tag: parents.has(one.leaf) ? [ONCE.tag] : [] }));
}

function missingFixtures() {
  throw new Error('There are no fixtures: run ../build.sh fixtures');
}
