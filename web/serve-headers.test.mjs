import assert from 'node:assert/strict';
import {test} from 'node:test';
import {headersFor, parseHeaders} from './serve-headers.mjs';

const rules = parseHeaders(`# all pages
/*
  X-One: 1
  Cache-Control: no-cache

/assets/*
  cache-control: public, max-age=1: really
/a.b
  X-Dot: yes
`);

test('a pattern with * takes all below it, and what two rules say is joined', () => {
  assert.deepEqual(headersFor(rules, '/'), {'X-One': '1', 'Cache-Control': 'no-cache'});
  assert.deepEqual(headersFor(rules, '/assets/x.js'), {'X-One': '1', 'Cache-Control': 'no-cache, public, max-age=1: really'});
});

test('characters of a path mean themselves', () => {
  assert.equal(headersFor(rules, '/a.b')['X-Dot'], 'yes');
  assert.equal(headersFor(rules, '/aXb')['X-Dot'], undefined);
});

test('a line that is no header is an error', () => {
  assert.throws(() => parseHeaders('/*\n  nonsense\n'), /nonsense/);
  assert.throws(() => parseHeaders('  X: early\n'), /early/);
});
