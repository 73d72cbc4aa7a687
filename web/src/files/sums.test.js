import assert from 'node:assert/strict';
import test from 'node:test';
import {asSums} from './sums.js';

const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('sums are written as sha256sum checks them', () => {
  assert.equal(asSums([{path: '/a/b c.txt', size: 0, sha256, problem: ''}]), `${sha256}  a/b c.txt\n`);
});

test('a name with a line break or a backslash is escaped as sha256sum does', () => {
  assert.equal(asSums([{path: '/a\\b\nc', size: 0, sha256, problem: ''}]), `\\${sha256}  a\\\\b\\nc\n`);
});

test('a file without a sum is a remark, on one line', () => {
  assert.equal(asSums([{path: '/x\ny', size: 1, sha256: '', problem: 'It is\ndamaged.'}]), '# x\\ny: It is damaged.\n');
});
