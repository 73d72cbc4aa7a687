import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asJson, asText, factsOf, filtered, sectorsOf, tally, treeOf} from './report.js';

/** @import {Change} from '../engine/volumes-protocol.js' */

/** @param {Partial<Change>} given @returns {Change} */
const change = (given) => ({
  change: 'added', path: '/a', from: '', kind: 'file', content: false, before: null, after: null, ranges: [], rangesBytes: 0, fields: [], problem: '', ...given,
});
const side = (/** @type {number} */ size) => ({size, modified: '', attributes: ''});

const files = [
  change({path: '/docs/plan.txt', after: side(2048)}),
  change({path: '/docs/deep/old.bin', change: 'removed', before: side(3)}),
  change({path: '/docs', kind: 'directory'}),
  change({path: '/boot.ini', change: 'content', before: side(10), after: side(20), ranges: [{offset: 0, length: 5}], rangesBytes: 5, fields: ['modified']}),
];
const report = {
  name: 'leaf.vhd', below: 'base.vhd',
  volumes: [{start: 65536, index: 1, title: 'Volume 1, FAT16', files, elsewhere: [{name: 'FAT 1', start: 0, length: 512, bytes: 512, runs: []}], notes: [], problem: ''}],
};

test('changes make a tree, with what happened to folders themselves', () => {
  const root = treeOf(files);
  assert.equal(root.count, 4);
  assert.deepEqual(root.files.map(({path}) => path), ['/boot.ini']);
  const [docs] = root.folders;
  assert.deepEqual([docs?.name, docs?.count, docs?.change?.change], ['docs', 3, 'added']);
  assert.deepEqual(docs?.folders.map(({name, change: own, count}) => [name, own, count]), [['deep', null, 1]]);
});

test('changes are filtered by what happened and by name, also the one before', () => {
  assert.deepEqual(filtered(files, {kind: 'removed', text: ''}).map(({path}) => path), ['/docs/deep/old.bin']);
  assert.deepEqual(filtered(files, {kind: '', text: ' PLAN '}).map(({path}) => path), ['/docs/plan.txt']);
  assert.equal(filtered([change({change: 'renamed', from: '/before.txt'})], {kind: '', text: 'before'}).length, 1);
});

test('what a change is about is told in words', () => {
  assert.equal(factsOf(files[3] ?? change({})), '10 bytes → 20 bytes; 5 bytes changed in 1 range; modification time differs');
  assert.equal(factsOf(change({change: 'renamed', from: '/x', before: side(1), after: side(1), content: true})), 'was /x; 1 byte; content changed, too');
});

test('runs are led to by their sectors, each once', () => {
  const runs = [{offset: 512, length: 2}, {offset: 600, length: 2}, {offset: 1024, length: 2}];
  assert.deepEqual(sectorsOf(runs).map(({offset}) => offset), [512, 1024]);
});

test('a report is counted, and written as text and JSON', () => {
  assert.equal(tally(report), '2 added, 1 removed, 1 changed in content');
  assert.equal(tally({...report, volumes: []}), 'No file changed');
  assert.match(asText(report), /removed: \/docs\/deep\/old\.bin \(3 bytes\)/);
  assert.match(asText(report), /outside of files: FAT 1, 512 bytes/);
  assert.equal(JSON.parse(asJson(report)).volumes[0].files.length, 4);
});
