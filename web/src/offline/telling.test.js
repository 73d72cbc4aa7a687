import assert from 'node:assert/strict';
import {test} from 'node:test';
import {tellReload} from './telling.js';

/** @param {object} changes */
const state = (changes) => /** @type {any} */ ({forest: {files: [{}]}, edits: new Map(), jobs: [], ...changes});

/** @param {object} info */
const edited = (info) => state({edits: new Map([[1, {id: 'a', name: 'leaf.vhd', sectors: 1, saved: false, ...info}]])});

test('with nothing open there is nothing to lose', () => {
  assert.doesNotMatch(tellReload(state({forest: {files: []}})), /closes/);
});

test('what is open is said to be closed, and no more than that', () => {
  assert.match(tellReload(state({})), /closes the files/);
  assert.doesNotMatch(tellReload(state({})), /[Ee]dits|finished/);
  assert.doesNotMatch(tellReload(edited({saved: true})), /[Ee]dits/);
  assert.doesNotMatch(tellReload(edited({sectors: 0})), /[Ee]dits/);
  assert.doesNotMatch(tellReload(state({jobs: [{state: 'done'}]})), /finished/);
});

test('edits that are kept are told from those that would be lost', () => {
  assert.match(tellReload(edited({})), /Edits are kept/);
  assert.doesNotMatch(tellReload(edited({})), /save them/);
  assert.match(tellReload(edited({id: ''})), /The edits of leaf\.vhd are in this tab only: save them first/);
  assert.doesNotMatch(tellReload(edited({id: ''})), /are kept/);
});

test('a file that is being made would not be finished', () => {
  assert.match(tellReload(state({jobs: [{state: 'running'}]})), /not finished/);
});
