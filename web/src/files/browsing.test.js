import assert from 'node:assert/strict';
import test from 'node:test';
import {Browsing} from './browsing.js';
import {fakeVolume} from './fake-volume.js';

const tree = {docs: {'a.txt': 1, 'b.txt': 22, deep: {'c.txt': 3}}, 'z.txt': 4, '~gone.txt': 5};

/** @param {Browsing} browsing */
const shown = ({folder}) => (folder ? [...folder.order].map((row) => folder.nameOf(row)) : null);

/** @param {Browsing} browsing */
const picked = ({folder}) => folder?.pickedPaths;

test('one goes into a folder, back, and forward again', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/');
  assert.deepEqual(shown(browsing), ['docs', 'z.txt']);
  assert.equal(browsing.canGoBack, false);
  await browsing.go('/docs');
  assert.deepEqual(shown(browsing), ['deep', 'a.txt', 'b.txt']);
  await browsing.back();
  assert.equal(browsing.path, '/');
  assert.equal(browsing.canGoForward, true);
  await browsing.forward();
  assert.equal(browsing.path, '/docs');
  await browsing.back();
  await browsing.go('/docs/deep');
  assert.equal(browsing.canGoForward, false);
  await browsing.back();
  assert.equal(browsing.path, '/');
});

test('going up picks the folder that one came from', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/docs/deep');
  await browsing.up();
  assert.deepEqual(picked(browsing), ['/docs/deep']);
  await browsing.up();
  assert.deepEqual(picked(browsing), ['/docs']);
  await browsing.up();
  assert.equal(browsing.path, '/');
});

test('a folder comes back as it was left, without being listed again', async () => {
  const volume = fakeVolume(tree);
  const browsing = new Browsing(volume);
  await browsing.go('/docs');
  const {folder} = browsing;
  assert.ok(folder);
  browsing.sort({by: 'size', down: true});
  folder.picking.only(folder.rowOf('b.txt'));
  folder.top = 120;
  await browsing.go('/docs/deep');
  await browsing.back();
  assert.equal(browsing.folder, folder);
  assert.deepEqual(shown(browsing), ['deep', 'b.txt', 'a.txt']);
  assert.equal(browsing.folder?.top, 120);
  assert.deepEqual(volume.listed, ['/docs', '/docs/deep']);
});

test('a folder that one has not seen is sorted as the last one was', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/');
  browsing.sort({by: 'name', down: true});
  await browsing.go('/docs');
  assert.deepEqual(shown(browsing), ['deep', 'b.txt', 'a.txt']);
});

test('a filter shows what fits, and what is filtered away is not picked', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/docs');
  browsing.folder?.picking.all(browsing.folder.order);
  browsing.filter('.TXT');
  assert.deepEqual(shown(browsing), ['a.txt', 'b.txt']);
  assert.deepEqual(picked(browsing), ['/docs/a.txt', '/docs/b.txt']);
  browsing.filter('');
  assert.equal(shown(browsing)?.length, 3);
});

test('an entry that is to be shown is picked, also where a filter hid it', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/docs');
  browsing.filter('a');
  await browsing.go('/docs', 'b.txt');
  assert.deepEqual(picked(browsing), ['/docs/b.txt']);
  assert.ok(shown(browsing)?.includes('b.txt'));
});

test('deleted entries are shown where that is asked for', async () => {
  const browsing = new Browsing(fakeVolume(tree));
  await browsing.go('/', 'z.txt');
  await browsing.showDeleted(true);
  assert.deepEqual(shown(browsing), ['docs', '~gone.txt', 'z.txt']);
  assert.deepEqual(picked(browsing), ['/z.txt']);
  await browsing.showDeleted(false);
  assert.deepEqual(shown(browsing), ['docs', 'z.txt']);
});

test('of two folders asked for in a row the last is shown, whichever comes first', async () => {
  /** @type {() => void} */
  let release = () => {};
  const slow = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  const browsing = new Browsing(fakeVolume(tree, {before: async (path) => { if (path === '/docs') await slow; }}));
  await browsing.go('/');
  const first = browsing.go('/docs');
  await browsing.go('/docs/deep');
  release();
  await first;
  assert.equal(browsing.path, '/docs/deep');
  assert.deepEqual(shown(browsing), ['c.txt']);
});

test('a folder that cannot be listed says why, and is tried again', async () => {
  let broken = true;
  const browsing = new Browsing(fakeVolume(tree, {before: async (path) => { if (broken && path === '/docs') throw new Error('It hangs.'); }}));
  await browsing.go('/');
  await browsing.go('/docs');
  assert.equal(browsing.problem?.message, 'It hangs.');
  assert.equal(browsing.folder, null);
  broken = false;
  await browsing.again();
  assert.equal(browsing.problem, null);
  assert.equal(shown(browsing)?.length, 3);
  await browsing.back();
  assert.equal(browsing.path, '/');
});
