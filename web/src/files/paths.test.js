import assert from 'node:assert/strict';
import test from 'node:test';
import {folderOf, nameOf, pathIn, stepsTo} from './paths.js';

test('paths are taken apart and put together again', () => {
  for (const path of ['/a', '/a/b', '/a/b c/ü']) assert.equal(pathIn(folderOf(path), nameOf(path)), path);
  assert.equal(folderOf('/'), '/');
  assert.equal(nameOf('/'), '');
});

test('each step on the way is a path of its own', () => {
  assert.deepEqual(stepsTo('/'), []);
  assert.deepEqual(stepsTo('/a/b'), [{name: 'a', path: '/a'}, {name: 'b', path: '/a/b'}]);
});
