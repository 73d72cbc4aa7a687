import assert from 'node:assert/strict';
import {test} from 'node:test';
import {makeNetwork} from './fake-network.js';
import {Library} from './library.js';
import {lackingChains, seekParents, tellSought} from './seeking.js';

/**
 * A library of these keys over a network, with what was listed of it.
 *
 * @param {import('./fake-network.js').Images} images
 */
function setUp(images) {
  const network = makeNetwork(images);
  /** @type {string[]} */
  const listed = [];
  const library = new Library('https://vhd.example/images', network.remote.tokens, async (url) => {
    const prefix = new URL(String(url)).searchParams.get('prefix') ?? '';
    listed.push(prefix);
    const keys = Object.keys(images).map((path) => path.slice('images/'.length)).filter((key) => key.startsWith(prefix));
    return new Response(JSON.stringify({images: keys.map((key) => ({key, size: 2048, etag: '"1"', uploaded: ''}))}));
  });
  const {signal} = new AbortController();
  /** @type {import('./seeking.js').Standing[]} */
  const standings = [];
  const seek = () => seekParents(network.workspace, library, {signal, onStanding: (standing) => standings.push(standing)});
  return {...network, library, seek, listed, standings};
}

test('the folder of the child is looked through first, and the rest not where that is enough', async () => {
  const {remote, workspace, file, seek, listed, looked} = setUp({
    'images/vm/a b/child.vhd': {parent: 'images/vm/a b/mid.vhd'},
    'images/vm/a b/mid.vhd': {parent: 'images/vm/a b/base.vhd'},
    'images/vm/a b/base.vhd': {parent: ''},
    'images/other.vhd': {parent: ''},
  });
  await remote.open([file('images/vm/a b/child.vhd')]);
  const sought = await seek();
  assert.deepEqual(listed, ['vm/a b/']);
  assert.deepEqual(looked, ['vhd.example/images/vm/a b/mid.vhd', 'vhd.example/images/vm/a b/base.vhd']);
  assert.deepEqual(sought.found, ['vhd.example/images/vm/a b/mid.vhd', 'vhd.example/images/vm/a b/base.vhd']);
  assert.deepEqual(sought.lacking, []);
  assert.deepEqual(lackingChains(workspace), []);
  assert.equal(tellSought(sought), 'Found mid.vhd, base.vhd: 2 images of the library were looked at, 4 KiB read.');
});

test('a folder whose address has a % that escapes nothing is looked through, too', async () => {
  const {remote, file, seek, listed} = setUp({'images/5%/child.vhd': {parent: 'images/5%/base.vhd'}, 'images/5%/base.vhd': {parent: ''}});
  await remote.open([file('images/5%/child.vhd')]);
  const sought = await seek();
  assert.deepEqual([listed, sought.lacking], [['5%/'], []]);
});

test('then all others, each once, and what is no image by name and size is passed over', async () => {
  const {remote, file, seek, listed, looked, standings} = setUp({
    'images/vm/child.vhd': {parent: 'images/bases/base.vhd'},
    'images/vm/beside.vhd': {parent: ''},
    'images/bases/base.vhd': {parent: ''},
  });
  await remote.open([file('images/vm/child.vhd')]);
  const sought = await seek();
  assert.deepEqual(listed, ['vm/', '']);
  assert.deepEqual(looked, ['vhd.example/images/vm/beside.vhd', 'vhd.example/images/bases/base.vhd']);
  assert.deepEqual(sought.lacking, []);
  assert.deepEqual(standings.at(-1), {listing: false, looked: 2, total: 2});
});

test('a parent in another folder may have its own in the first', async () => {
  const {remote, file, seek, looked} = setUp({
    'images/vm/child.vhd': {parent: 'images/mid.vhd'},
    'images/vm/base.vhd': {parent: ''},
    'images/mid.vhd': {parent: 'images/vm/base.vhd'},
  });
  await remote.open([file('images/vm/child.vhd')]);
  const sought = await seek();
  assert.deepEqual(sought.lacking, []);
  assert.deepEqual(looked, ['vhd.example/images/vm/base.vhd', 'vhd.example/images/mid.vhd']);
});

test('what is still lacking is told by name and identity', async () => {
  const {remote, file, seek} = setUp({'images/child.vhd': {parent: 'images/gone.vhd'}, 'images/other.vhd': {parent: ''}});
  await remote.open([file('images/child.vhd')]);
  const sought = await seek();
  assert.deepEqual(sought.found, []);
  assert.deepEqual(sought.lacking, ['child.vhd still lacks its parent gone.vhd, uuid of images/gone.vhd.']);
  assert.equal(tellSought(sought), '1 image of the library was looked at, 2 KiB read.');
});

test('where nothing is lacking nothing is asked', async () => {
  const {remote, file, seek, listed} = setUp({'images/base.vhd': {parent: ''}});
  await remote.open([file('images/base.vhd')]);
  await seek();
  assert.deepEqual(listed, []);
});

test('a library with more images than are considered is said to be one', () => {
  assert.match(tellSought({found: [], looked: 10_000, bytes: 20_480_000, lacking: [], problems: [], all: false}), /more than 10,000 images; the rest was not looked at/);
});
