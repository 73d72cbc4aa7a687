import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {clear, pickPlace, writeTo} from './place.js';

const global = /** @type {any} */ (globalThis);
afterEach(() => delete global.showSaveFilePicker);

/**
 * A place that was picked, where a file is, or none.
 *
 * @param {File | null} file
 * @param {boolean} [lasting] whether it cannot be removed
 */
function placeOf(file, lasting = false) {
  const handle = {
    file,
    getFile: async () => {
      if (!handle.file) throw new DOMException('There is none.', 'NotFoundError');
      return handle.file;
    },
    remove: async () => {
      if (lasting) throw new DOMException('No.', 'NotAllowedError');
      handle.file = null;
    },
    createWritable: async () => new WritableStream({
      write() {
        throw new DOMException('The disk is full.', 'QuotaExceededError');
      },
    }),
  };
  return /** @type {FileSystemFileHandle & typeof handle} */ (/** @type {unknown} */ (handle));
}

const full = new File(['mine'], 'x.vhd', {lastModified: 1});
const empty = new File([], 'x.vhd', {lastModified: 2});

test('clearing up removes what the picker made, and nothing else', async () => {
  for (const [before, now, lasting, remains, left] of /** @type {[File | null, File | null, boolean, string, File | null][]} */ ([
    [empty, empty, false, '', null],
    [empty, empty, true, 'unfit', empty],
    [full, full, false, 'before', full],
    [empty, full, false, 'unfit', full],
    [full, new File(['mine'], 'x.vhd', {lastModified: 3}), false, 'unfit', null],
    [null, null, false, '', null],
  ])) {
    const handle = placeOf(now, lasting);
    assert.equal(await clear(handle, before), remains);
    if (left || remains === '') assert.equal(handle.file, left);
    else assert.equal(handle.file, now);
  }
});

test('a write that fails leaves the file that was there', async () => {
  const handle = placeOf(full);
  const options = {signal: new AbortController().signal, onProgress: () => {}};
  await assert.rejects(writeTo(new Blob(['new']), handle, options), {name: 'QuotaExceededError'});
  assert.equal(handle.file, full);
});

test('a picker that is not to be had leaves the downloads; one that is open already, nothing', async () => {
  assert.equal(await pickPlace('x.vhd'), null);
  for (const [error, place] of /** @type {[Error, null | undefined][]} */ ([
    [new DOMException('', 'AbortError'), undefined],
    [new DOMException('', 'NotAllowedError'), undefined],
    [new DOMException('', 'SecurityError'), null],
    [new TypeError('That name is not allowed.'), null],
  ])) {
    global.showSaveFilePicker = async () => {
      throw error;
    };
    assert.equal(await pickPlace('x.vhd'), place, error.name);
  }
});
