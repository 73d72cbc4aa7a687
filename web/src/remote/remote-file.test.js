import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asGiven, isRemote, isSame, nameOf, pathOf, plainAddress} from './remote-file.js';

/** @param {Partial<import('./remote-file.js').RemoteFile>} changes */
const remote = (changes = {}) => ({name: 'a.vhd', url: 'https://x.example/d/a.vhd', size: 7, etag: '"1"', lastModified: 5, authorization: '', ...changes});

test('a remote file is told from a browser’s', () => {
  assert.equal(isRemote(remote()), true);
  assert.equal(isRemote(new File([], 'url')), false);
  assert.equal(isRemote(undefined), false);
});

test('a path begins with the server and is decoded, unless that would make other folders of it', () => {
  assert.equal(pathOf('https://x.example:8443/d%20e/%C3%A9.vhd?key=secret'), 'x.example:8443/d e/é.vhd');
  assert.equal(pathOf('https://x.example/a%2Fb%5C/c%FF.vhd'), 'x.example/a%2Fb%5C/c%FF.vhd');
  assert.deepEqual(asGiven(remote()), {file: remote(), path: 'x.example/d/a.vhd', direct: true});
});

test('a file without a name is called as its server', () => {
  assert.equal(nameOf('https://x.example/d/a.vhd'), 'a.vhd');
  assert.equal(nameOf('https://x.example/'), 'x.example');
});

test('an address that is shown or noted holds no secret', () => {
  assert.equal(plainAddress('https://x.example/a%20b.vhd?signature=secret'), 'https://x.example/a%20b.vhd?…');
  assert.equal(plainAddress('https://x.example/a.vhd'), 'https://x.example/a.vhd');
});

test('the same bytes at the same address are the same file, whoever asks', () => {
  assert.equal(isSame(remote(), remote({authorization: 'Bearer x'})), true);
  for (const change of [{url: 'https://y.example/d/a.vhd'}, {size: 8}, {etag: '"2"'}, {etag: ''}]) {
    assert.equal(isSame(remote(), remote(change)), false, JSON.stringify(change));
  }
});

test('the time counts only where there is no ETag', () => {
  assert.equal(isSame(remote(), remote({lastModified: 6})), true);
  assert.equal(isSame(remote({etag: ''}), remote({etag: '', lastModified: 6})), false);
});
