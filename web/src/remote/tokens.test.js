import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Tokens} from './tokens.js';

test('a token is for one origin only', () => {
  const tokens = new Tokens();
  assert.equal(tokens.set('https://a.example/images', ' secret\n'), '');
  assert.equal(tokens.for('https://a.example/other?x'), 'Bearer secret');
  for (const url of ['https://b.example/', 'http://a.example/', 'https://a.example:8443/']) assert.equal(tokens.for(url), '');
});

test('the word Bearer may come with it, and no text takes it back', () => {
  const tokens = new Tokens();
  tokens.set('https://a.example/', 'bearer  x.y-z~+/=');
  assert.equal(tokens.for('https://a.example/'), 'Bearer x.y-z~+/=');
  tokens.set('https://a.example/', '  ');
  assert.equal(tokens.for('https://a.example/'), '');
});

test('what no header can hold is refused and changes nothing', () => {
  const tokens = new Tokens();
  tokens.set('https://a.example/', 'good');
  for (const text of ['two words', 'zwölf', 'a\r\nX-Header: b', '\u0000']) assert.notEqual(tokens.set('https://a.example/', text), '', text);
  assert.equal(tokens.for('https://a.example/'), 'Bearer good');
});
