// Files reach the page one by one, in any order, by picker, drop and folder.

import { chain, facts, fixture } from '../support/images.js';
import { drop } from '../support/drop.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const [leaf, middle, base] = chain;
const named = (name) => ({ name, path: fixture(name) });

test('a chain completes itself as its files come, leaf last or first', async ({ viewer }) => {
  await viewer.open(middle);
  await viewer.expectChain('incomplete');
  await viewer.open(leaf);
  await viewer.expectChain('incomplete');
  await viewer.open(base);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(disk.layers.map(({ name }) => name)).toEqual(['leaf.vhd', 'middle.vhd', 'base.vhd']);
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('layers are listed leaf to base with their states', ONCE, async ({ viewer }) => {
  await viewer.open(base, leaf, middle);
  await viewer.expectChain('complete');
  expect(await viewer.layerStates()).toEqual([
    { name: 'leaf.vhd', depth: 0, state: 'resolved' },
    { name: 'middle.vhd', depth: 1, state: 'resolved' },
    { name: 'base.vhd', depth: 2, state: 'resolved' },
  ]);
});

test('files dropped on the page open', async ({ page, viewer }) => {
  await drop(page, [named('chain/base.vhd'), named('chain/middle.vhd'), named('chain/leaf.vhd')].map((file) => ({
    ...file,
    name: file.name.replace('chain/', ''),
  })));
  await viewer.expectChain('complete');
});

test('a folder dropped on the page opens with the folders in it', async ({ page, viewer }) => {
  await drop(page, [
    { name: 'disks/deep/down/base.vhd', path: base },
    { name: 'disks/leaf.vhd', path: leaf },
    { name: 'disks/deep/middle.vhd', path: middle },
  ]);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('a folder picked in the folder picker opens', async ({ page, viewer, browserName }) => {
  test.skip(browserName === 'firefox', 'Firefox takes no folder from a test over BiDi');
  await page.locator('input[type=file][webkitdirectory]').setInputFiles(fixture('chain'));
  await viewer.expectChain('complete');
});

test('a base with two children makes two disks', ONCE, async ({ viewer }) => {
  await viewer.open(leaf, middle, base, fixture('sibling/sibling.vhd'));
  await viewer.expectDisks(2);
  const disks = await viewer.disks();
  expect(disks.map(({ name, complete, layers }) => [name, complete, layers.at(-1).name]).sort()).toEqual([
    ['leaf.vhd', true, 'base.vhd'],
    ['sibling.vhd', true, 'base.vhd'],
  ]);
});

test('the same file given twice is no second disk', async ({ viewer }) => {
  await viewer.open(leaf, middle, base);
  await viewer.expectDisks(1);
  await viewer.open(leaf);
  await viewer.expectChain('complete');
  await viewer.expectDisks(1);
});
