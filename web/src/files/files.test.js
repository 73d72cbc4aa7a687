import assert from 'node:assert/strict';
import test from 'node:test';
import {Store} from '../engine/store.js';
import {fakeVolume} from './fake-volume.js';
import {Files, chainOf, filesOn} from './files.js';

/** @import {DiskInfo} from '../engine/protocol.js' */

/**
 * @param {number} id
 * @param {number[]} files 0 is a missing one, negative ones are edits
 * @returns {DiskInfo}
 */
const diskOf = (id, ...files) => /** @type {any} */ ({
  id, name: 'disk.vhd', size: 1 << 20, complete: !files.includes(0),
  layers: files.map((file) => ({file: Math.abs(file), name: '', edit: file < 0})),
});

/**
 * @param {{start: number, browsable?: boolean}[]} parts
 * @param {{scan?: () => Promise<void>, open?: (start: number) => Promise<void>}} [faults]
 */
function made(parts, {scan = async () => {}, open = async () => {}} = {}) {
  const store = new Store();
  const asked = {scans: 0, opens: 0};
  const layout = {scheme: 'mbr', sectorSize: 512, uuid: '', findings: [], parts: parts.map((part) => ({gap: false, browsable: true, ...part}))};
  const files = new Files(/** @type {any} */ ({
    async scan() {
      asked.scans++;
      await scan();
      return layout;
    },
    async open(/** @type {number} */ _, /** @type {number} */ start) {
      asked.opens++;
      await open(start);
      return fakeVolume({'a.txt': 1, docs: {'b.txt': 2}});
    },
  }), store);
  const disk = diskOf(1, 1);
  store.set({forest: {files: [], disks: [disk]}, disk: 1});
  return {store, files, disk, asked, known: () => filesOn(store.state.files, disk)};
}

test('the only volume is opened at once', async () => {
  const {files, disk, known} = made([{start: 512}, {start: 4096, browsable: false}]);
  await files.look(disk);
  assert.equal(known().shown, 512);
  assert.equal(known().volumes.get(512)?.browsing?.folder?.listing.count, 2);
});

test('of several volumes none is opened before one is chosen, and each is opened once', async () => {
  const {files, disk, known, asked} = made([{start: 512}, {start: 4096}]);
  await files.look(disk);
  assert.equal(known().shown, -1);
  assert.equal(known().layout?.parts.length, 2);
  await files.open(disk, 4096);
  files.leave(disk);
  await files.open(disk, 4096);
  await files.look(disk);
  assert.deepEqual(asked, {scans: 1, opens: 1});
});

test('a disk that is not complete is not looked at', async () => {
  const {files, asked} = made([{start: 512}]);
  await files.look(diskOf(2, 2, 0));
  assert.equal(asked.scans, 0);
});

test('a disk that cannot be read says why, and is looked at again when that is asked for', async () => {
  let broken = true;
  const {files, disk, known, asked} = made([{start: 512}], {scan: async () => { if (broken) throw new Error('It cannot be read.'); }});
  await files.look(disk);
  assert.equal(known().problem, 'It cannot be read.');
  await files.look(disk);
  assert.equal(asked.scans, 1);
  broken = false;
  await files.scan(disk);
  assert.equal(known().problem, '');
  assert.equal(known().shown, 512);
});

test('a volume that cannot be opened leads back to all of them, with the reason', async () => {
  let broken = true;
  const {files, disk, known} = made([{start: 512}, {start: 4096}], {open: async () => { if (broken) throw new Error('It hangs.'); }});
  await files.look(disk);
  await files.open(disk, 512);
  assert.equal(known().shown, -1);
  assert.equal(known().volumes.get(512)?.problem, 'It hangs.');
  broken = false;
  await files.open(disk, 512);
  assert.equal(known().shown, 512);
  assert.equal(known().volumes.get(512)?.problem, '');
});

test('a file is shown in its folder, of whatever volume', async () => {
  const {files, disk, known} = made([{start: 512}, {start: 4096}]);
  await files.show(disk, 4096, '/docs/b.txt');
  const browsing = known().volumes.get(4096)?.browsing;
  assert.equal(known().shown, 4096);
  assert.equal(browsing?.path, '/docs');
  assert.deepEqual(browsing?.folder?.pickedPaths, ['/docs/b.txt']);
});

test('what is browsed stays when edits are laid on top, and goes when the disk gets another parent', async () => {
  const {files, disk, store, known} = made([{start: 512}]);
  await files.look(disk);
  const edited = diskOf(9, -9, 1);
  assert.equal(chainOf(edited), chainOf(disk));
  store.set({forest: {files: [], disks: [edited]}});
  assert.equal(known().shown, 512);
  store.set({forest: {files: [], disks: [diskOf(1, 1, 2)]}});
  assert.equal(store.state.files.size, 0);
});

test('a disk that was closed while it was looked at leaves nothing', async () => {
  /** @type {() => void} */
  let release = () => {};
  const {files, disk, store} = made([{start: 512}], {scan: () => new Promise((resolve) => { release = resolve; })});
  const looking = files.look(disk);
  store.set({forest: {files: [], disks: []}});
  release();
  await looking;
  assert.equal(store.state.files.size, 0);
});
