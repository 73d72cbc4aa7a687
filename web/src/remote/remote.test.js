import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openBeside} from './beside.js';
import {makeNetwork} from './fake-network.js';

const own = 'https://vhd.example/';

test('images are pinned, opened once, and known by their servers', async () => {
  const {remote, workspace, store} = makeNetwork({'a.vhd': {parent: ''}, 'b.vhd': {parent: ''}});
  const {files, unread} = await remote.pinAll([`${own}a.vhd`, `${own}b.vhd`]);
  assert.deepEqual(unread, []);
  await remote.open(files);
  assert.deepEqual(remote.files.map(({file: {url, etag, size}}) => [url, etag, size]), [[`${own}a.vhd`, '"1"', 2048], [`${own}b.vhd`, '"1"', 2048]]);
  assert.deepEqual(remote.hosts, ['vhd.example']);
  await remote.open(files);
  assert.equal(remote.files.length, 2);
  assert.equal(store.state.status, 'No new files; 2 files open already.');
  await workspace.closeAll();
});

test('a token goes with the requests to its server', async () => {
  const {remote} = makeNetwork({'a.vhd': {parent: ''}});
  remote.tokens.set(own, 'secret');
  assert.equal((await remote.pin(`${own}a.vhd`)).authorization, 'Bearer secret');
});

test('what cannot be read is told by the code of the problem', async () => {
  const {remote} = makeNetwork({'whole.vhd': {parent: '', fails: 'no-ranges'}, 'locked.vhd': {parent: '', fails: 'unauthorized'}, 'cut.vhd': {parent: '', fails: 'network'}, 'odd.vhd': {parent: '', fails: 'internal'}});
  const why = async (/** @type {string} */ name) => (await remote.pinAll([own + name])).unread[0]?.why ?? '';
  assert.match(await why('whole.vhd'), /cannot give parts of a file\. Download it and open the file/);
  assert.match(await why('locked.vhd'), /asks for an access token/);
  remote.tokens.set(own, 'wrong');
  assert.match(await why('locked.vhd'), /does not accept this access token/);
  assert.equal(await why('cut.vhd'), 'The server cannot be reached.');
  assert.match(await why('gone.vhd'), /nothing at this address/);
  assert.equal(await why('odd.vhd'), 'The engine says why.');
});

test('of another server it cannot be told whether it is down or unwilling', async () => {
  const {remote} = makeNetwork({'x.vhd': {parent: '', fails: 'network'}});
  assert.match((await remote.pinAll(['https://other.example/x.vhd'])).unread[0]?.why ?? '', /cannot be reached, or .*CORS/);
});

test('of images that changed the person is told once, and can open them anew', async () => {
  const {remote, images, notices} = makeNetwork({'a.vhd': {parent: ''}, 'b.vhd': {parent: ''}});
  await remote.open((await remote.pinAll([`${own}a.vhd`, `${own}b.vhd`])).files);
  await remote.hearChanged();
  assert.deepEqual(notices(), [], 'none has changed');
  images['b.vhd'] = {parent: '', etag: '2'};
  await Promise.all([remote.hearChanged(), remote.hearChanged()]);
  await remote.hearChanged();
  assert.deepEqual(notices().map(({title}) => title), ['b.vhd has changed on the server']);
  await notices()[0]?.actions?.[0]?.act();
  assert.deepEqual(remote.files.map(({file: {name, etag}}) => [name, etag]), [['a.vhd', '"1"'], ['b.vhd', '"2"']]);
});

test('an image that is gone stays open when it is to be opened anew', async () => {
  const {remote, images, notices} = makeNetwork({'a.vhd': {parent: ''}});
  await remote.open((await remote.pinAll([`${own}a.vhd`])).files);
  delete images['a.vhd'];
  await remote.openAnew(remote.files.map(({key}) => key));
  assert.equal(remote.files.length, 1);
  assert.deepEqual(notices().map(({title}) => title), ['Not all images could be opened again']);
});

test('parents beside a child are opened one after the other, by one request for each place', async () => {
  const {workspace, remote, store, asked, file} = makeNetwork({'vm/child.vhd': {parent: 'vm/mid.vhd'}, 'vm/mid.vhd': {parent: 'vm/base.vhd'}, 'vm/base.vhd': {parent: ''}});
  await remote.open([file('vm/child.vhd')]);
  await openBeside(workspace, missingOf(store));
  assert.equal(store.state.status, 'Opened mid.vhd, base.vhd from beside the child.');
  assert.deepEqual(asked.filter(([command]) => command === 'pin').map(([, {name}]) => name), ['mid.vhd', 'base.vhd']);
  assert.equal(store.state.forest.disks[0]?.complete, true);
});

test('where the parent is not beside its child, the places that were asked for are told', async () => {
  const {workspace, remote, store, notices, file} = makeNetwork({'vm/child.vhd': {parent: 'gone.vhd'}});
  await remote.open([file('vm/child.vhd')]);
  await openBeside(workspace, missingOf(store));
  assert.deepEqual(notices().map(({text}) => text), ['Asked for:\nhttps://vhd.example/vm/gone.vhd: There is nothing at this address.']);
  assert.equal(store.state.busy, '');
});

/** @param {import('../engine/store.js').Store} store */
function missingOf({state}) {
  return state.forest.disks[0]?.missing ?? assert.fail('nothing is missing');
}
