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
  for (const size of [1536, 2047, 2048, 2 ** 41 + 511]) assert.ok(sizedLikeImage(size), String(size));
  for (const size of [0, 512, 1024, 1535, 1537]) assert.ok(!sizedLikeImage(size), String(size));
});

test('a folder is searched, a named file is taken as it is', () => {
  const {taken, passed} = takeLikely([
    given('d/readme.txt', 100), given('d/a.vhd', 100), given('d/disk', 4096), given('notes.txt', 100, true),
  ]);
  assert.deepEqual(taken.map(({path}) => path), ['d/a.vhd', 'd/disk', 'notes.txt']);
  assert.equal(passed, 1);
});

test('there is an end to files of no telling name', () => {
  const many = Array.from({length: unnamedLimit + 5}, (_, i) => given(`d/${i}`, 4096));
  const {taken, passed} = takeLikely([...many, given('d/last.vhd', 4096)]);
  assert.equal(passed, 5);
  assert.equal(taken.at(-1)?.path, 'd/last.vhd');
});

test('a file is opened once, with or without its folder', () => {
  const known = [given('d/a.vhd', 10), given('b.vhd', 20)];
  const {fresh, repeated} = leaveOutKnown(
    [given('a.vhd', 10), given('e/a.vhd', 10), given('d/b.vhd', 20), given('a.vhd', 11), given('a.vhd', 11)], known);
  assert.deepEqual(fresh.map(({path, file}) => [path, file.size]), [['e/a.vhd', 10], ['a.vhd', 11]]);
  assert.equal(repeated, 3);
});
