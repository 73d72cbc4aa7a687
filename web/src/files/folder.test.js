import assert from 'node:assert/strict';
import test from 'node:test';
import {fakeVolume} from './fake-volume.js';
import {Folder} from './folder.js';

/** @param {import('./fake-volume.js').Tree} tree */
const folderFrom = async (tree) => new Folder('/', await fakeVolume(tree).list('/'), {by: 'name', down: false});

/** @param {Folder} folder */
const shown = (folder) => [...folder.order].map((row) => folder.nameOf(row));

test('typing finds the next name that begins so, round to the start', async () => {
  const folder = await folderFrom({apple: 1, apricot: 1, berry: 1});
  const {picking} = folder;
  picking.only(folder.rowOf('apple'));
  assert.equal(folder.nameOf(folder.find('ap', false)), 'apple');
  assert.equal(folder.nameOf(folder.find('ap', true)), 'apricot');
  picking.only(folder.rowOf('berry'));
  assert.equal(folder.nameOf(folder.find('ap', true)), 'apple');
  assert.equal(folder.nameOf(folder.find('b', true)), 'berry');
  assert.equal(folder.find('c', false), -1);
});

test('files of the layers on top come first when sorted by layers', async () => {
  const folder = await folderFrom({a: 10, b: 10, c: 10, d: 0, dir: {}});
  const supply = {a: [0, 10], b: [9, 1], c: [1, 9]};
  for (const [name, bytes] of Object.entries(supply)) folder.layers.set(folder.rowOf(name), {path: `/${name}`, bytes, zeros: 0, problem: ''});
  folder.sort = {by: 'layers', down: false};
  assert.deepEqual(shown(folder), ['dir', 'b', 'c', 'a', 'd']);
});

test('folders have no size to be sorted by', async () => {
  const folder = await folderFrom({small: 1, large: 100, zdir: {'a.txt': 1}, adir: {}});
  folder.sort = {by: 'size', down: true};
  assert.deepEqual(shown(folder), ['adir', 'zdir', 'large', 'small']);
});

test('what is picked is told in the order in which it is shown', async () => {
  const folder = await folderFrom({c: 3, a: 1, b: 2});
  folder.picking.all(folder.order);
  assert.deepEqual(folder.pickedPaths, ['/a', '/b', '/c']);
  folder.sort = {by: 'size', down: true};
  assert.deepEqual(folder.pickedPaths, ['/c', '/b', '/a']);
});
