import assert from 'node:assert/strict';
import {test} from 'node:test';
import {leaveOutKnown, namedLikeImage, sizedLikeImage, takeLikely, unnamedLimit} from './filter.js';

/**
 * @param {string} path
 * @param {number} size
 * @param {boolean} [direct]
 */
function given(path, size, direct = false) {
  const file = /** @type {File} */ ({name: path.split('/').at(-1), size, lastModified: 7});
  return {file, path, direct};
}

test('names of images', () => {
  for (const name of ['a.vhd', 'A.VHD', 'x/y.avhd', 'snap.v01']) assert.ok(namedLikeImage(name), name);
  for (const name of ['a.vhdx', 'vhd', 'a.vhd.txt', 'a.vmdk', 'a.v1']) assert.ok(!namedLikeImage(name), name);
});

test('sizes of images', () => {
  for (const size of [1023, 1024, 1535, 2048, 2 ** 41 + 511]) assert.ok(sizedLikeImage(size), String(size));
  for (const size of [0, 511, 512, 1022, 1025, 1537]) assert.ok(!sizedLikeImage(size), String(size));
});

test('a folder is searched, a named file is taken as it is', () => {
  const {taken, passed, beyond} = takeLikely([
    given('d/readme.txt', 100), given('d/a.vhd', 100), given('d/disk', 4096), given('notes.txt', 100, true),
  ]);
  assert.deepEqual(taken.map(({path}) => path), ['d/a.vhd', 'd/disk', 'notes.txt']);
  assert.equal(passed, 1);
  assert.equal(beyond, 0);
});

test('there is an end to files of no telling name', () => {
  const many = Array.from({length: unnamedLimit + 5}, (_, i) => given(`d/${i}`, 4096));
  const {taken, passed, beyond} = takeLikely([...many, given('d/last.vhd', 4096), given('d/readme.txt', 100)]);
  assert.equal(taken.length, unnamedLimit + 1);
  assert.equal(passed, 1);
  assert.equal(beyond, 5);
  assert.equal(taken.at(-1)?.path, 'd/last.vhd');
});

/**
 * A file with content, all of one time.
 *
 * @param {string} path
 * @param {string} text
 */
function written(path, text) {
  const file = new File([text], path.split('/').at(-1) ?? '', {lastModified: 7});
  return {file, path, direct: true};
}

test('a file is opened once, with or without its folder', async () => {
  const known = [written('d/a.vhd', 'one'), written('b.vhd', 'two')];
  const {fresh, repeated} = await leaveOutKnown([
    written('a.vhd', 'one'), written('e/a.vhd', 'one'), written('d/b.vhd', 'two'),
    written('a.vhd', 'longer'), written('a.vhd', 'longer'),
  ], known);
  assert.deepEqual(fresh.map(({path, file}) => [path, file.size]), [['e/a.vhd', 3], ['a.vhd', 6]]);
  assert.equal(repeated, 3);
});

test('files that differ at an end only are two', async () => {
  const body = 'x'.repeat(10_000);
  const {fresh} = await leaveOutKnown(
    [written('a.vhd', `${body}2`), written('a.vhd', `2${body}`), written('a.vhd', `${body}1`)], [written('a.vhd', `${body}1`)]);
  assert.equal(fresh.length, 2);
});

test('what is read over a network is open already where its address and bytes are the same', async () => {
  const remote = (/** @type {object} */ changes = {}) => ({
    file: {name: 'a.vhd', url: 'https://x.example/a.vhd', size: 3, etag: '"1"', lastModified: 7, authorization: '', ...changes}, path: 'x.example/a.vhd', direct: true,
  });
  const {fresh, repeated} = await leaveOutKnown(
    [remote(), remote({authorization: 'Bearer x'}), remote({etag: '"2"'}), remote({url: 'https://y.example/a.vhd'}), written('a.vhd', 'one')], [remote()]);
  assert.deepEqual(fresh.map(({file}) => 'url' in file && [file.url, file.etag]), [['https://x.example/a.vhd', '"2"'], ['https://y.example/a.vhd', '"1"'], false]);
  assert.equal(repeated, 2);
});
