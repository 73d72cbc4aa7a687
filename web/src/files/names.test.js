import assert from 'node:assert/strict';
import test from 'node:test';
import {Typed, folded, matcher} from './names.js';

/** @param {string} text @param {string[]} names */
const through = (text, names) => names.filter((name) => matcher(text)?.(folded(name)) ?? true);

test('a filter takes a part of a name, in any case', () => {
  assert.deepEqual(through('NOTE', ['Notes.txt', 'a note', 'other']), ['Notes.txt', 'a note']);
  assert.equal(matcher('  '), null);
});

test('letters are the same however they are composed', () => {
  assert.deepEqual(through('zoë', ['Zoe\u0308.txt', 'zoe.txt']), ['Zoe\u0308.txt']);
  assert.deepEqual(through('zoe\u0308', ['ZOË']), ['ZOË']);
});

test('a pattern fits a name from end to end', () => {
  const names = ['a.txt', 'ab.txt', 'a.txt.bak', 'b.TXT', '.txt'];
  assert.deepEqual(through('*.txt', names), ['a.txt', 'ab.txt', 'b.TXT', '.txt']);
  assert.deepEqual(through('?.txt', names), ['a.txt', 'b.TXT']);
  assert.deepEqual(through('a*t', names), ['a.txt', 'ab.txt']);
  assert.deepEqual(through('*b*', names), ['ab.txt', 'a.txt.bak', 'b.TXT']);
  assert.deepEqual(through('a**', names), ['a.txt', 'ab.txt', 'a.txt.bak']);
});

test('the parts of a pattern do not share letters of a name', () => {
  assert.deepEqual(through('ab*ba', ['aba', 'abba', 'abxba']), ['abba', 'abxba']);
  assert.deepEqual(through('a*ab*b', ['aab', 'aabb', 'aaabbb']), ['aabb', 'aaabbb']);
});

test('? is one letter, also where that takes two units of UTF-16', () => {
  assert.deepEqual(through('?', ['🚀', 'ab', 'é']), ['🚀', 'é']);
});

test('what is special elsewhere stands for itself', () => {
  assert.deepEqual(through('[a].(b)+', ['x[a].(b)+y', 'a.b']), ['x[a].(b)+y']);
});

test('a pattern that fits badly does not take long', () => {
  const name = folded('a'.repeat(255));
  assert.equal(matcher(`${'*a'.repeat(100)}*b`)?.(name), false);
});

test('letters typed in a row are one beginning, and after a pause another', () => {
  const typed = new Typed();
  assert.deepEqual(typed.add('R', 0), {text: 'r', again: true});
  assert.deepEqual(typed.add('e', 300), {text: 're', again: false});
  assert.equal(typed.isUnderWay(1200), true);
  assert.deepEqual(typed.add('a', 1400), {text: 'a', again: true});
  assert.equal(typed.isUnderWay(3000), false);
});

test('one letter again and again goes from name to name', () => {
  const typed = new Typed();
  typed.add('a', 0);
  assert.deepEqual(typed.add('a', 100), {text: 'a', again: true});
});
