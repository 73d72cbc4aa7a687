import assert from 'node:assert/strict';
import test from 'node:test';
import {fileActions, pickedIn} from './actions.js';
import {fakeVolume} from './fake-volume.js';
import {Folder} from './folder.js';

/** @param {string[]} names */
async function offered(...names) {
  const folder = new Folder('/', await fakeVolume({'a.txt': 1, 'disk.avhd': 2, docs: {}}).list('/'), {by: 'name', down: false});
  for (const name of names) folder.picking.toggle(folder.rowOf(name));
  const items = fileActions(pickedIn(folder)).flatMap((group) => group.items);
  return {can: items.filter(({why}) => !why).map(({value}) => value), cannot: items.filter(({why}) => why).map(({value}) => value)};
}

test('of a file one gets the file, its sectors and all that is known of it', async () => {
  assert.deepEqual(await offered('a.txt'), {can: ['open', 'download', 'zip', 'hash', 'copy-path', 'sectors', 'properties'], cannot: []});
});

test('a virtual disk inside can be opened as one', async () => {
  assert.ok((await offered('disk.avhd')).can.includes('open-disk'));
});

test('a folder has no sectors to show, and comes as a zip archive', async () => {
  const {can, cannot} = await offered('docs');
  assert.deepEqual(cannot, ['sectors']);
  assert.ok(can.includes('zip') && !can.includes('download'));
});

test('where nothing is picked, the folder itself is meant', async () => {
  assert.deepEqual(await offered(), {can: ['zip', 'hash', 'copy-path', 'properties'], cannot: ['sectors']});
});

test('of several, all go into one archive', async () => {
  const {can} = await offered('a.txt', 'docs');
  assert.ok(can.includes('zip') && !can.includes('download') && !can.includes('open'));
});
