import assert from 'node:assert/strict';
import {test} from 'node:test';
import {characterByte, digitOf, mustFit, parseHex, parsePasted, parseText, pasteLimit, withDigit, WriteRefusal} from './typing.js';

const hex = (/** @type {string} */ text) => Buffer.from(parseHex(text)).toString('hex');

test('a typed digit replaces one half of a byte', () => {
  assert.equal(withDigit(0x12, 0xa, false), 0xa2);
  assert.equal(withDigit(0x12, 0xa, true), 0x1a);
});

test('only hex digits are digits, and only visible ASCII is text', () => {
  assert.deepEqual(['0', '9', 'a', 'F', 'g', 'Enter', 'é', ''].map(digitOf), [0, 9, 10, 15, -1, -1, -1, -1]);
  assert.deepEqual(['A', ' ', '~', 'é', '€', 'Tab', '\u007f', '\n'].map(characterByte), [0x41, 0x20, 0x7e, -1, -1, -1, -1, -1]);
});

test('hex is read as dumps and programs write it', () => {
  assert.equal(hex('48656c6C6f'), '48656c6c6f');
  assert.equal(hex('48 65 6c'), '48656c');
  assert.equal(hex(' 48,65;\n6c '), '48656c');
  assert.equal(hex('0x48, 0x65, 0x6C'), '48656c');
  assert.equal(hex('\\x48\\x65'), '4865');
  assert.equal(hex('48:65-6c'), '48656c');
  assert.equal(hex('{ 0x0, 0x1, 0xf }'), '00010f');
  assert.equal(hex('4865 6c6c'), '48656c6c');
});

test('what is no hex is refused, and nothing of it is taken', () => {
  for (const text of ['', '   ', '4', '48 6', '486', '48 6 5f', 'hello', '48 zz', '0x']) {
    assert.throws(() => parseHex(text), WriteRefusal, JSON.stringify(text));
  }
  assert.throws(() => parseHex('48 zz'), /“z” is no hex digit/);
});

test('text becomes UTF-8', () => {
  assert.deepEqual([...parseText('Aé')], [0x41, 0xc3, 0xa9]);
  assert.throws(() => parseText(''), WriteRefusal);
});

test('a paste is bounded', () => {
  assert.equal(parsePasted('x'.repeat(pasteLimit), 'text').length, pasteLimit);
  assert.throws(() => parsePasted('x'.repeat(pasteLimit + 1), 'text'), /at most/);
  assert.throws(() => parsePasted(' '.repeat(9 * pasteLimit), 'bytes'), /at most/);
  assert.deepEqual([...parsePasted('4142', 'bytes')], [0x41, 0x42]);
  assert.deepEqual([...parsePasted('4142', 'text')], [0x34, 0x31, 0x34, 0x32]);
});

test('a disk does not grow', () => {
  mustFit(510, 2, 512);
  assert.throws(() => mustFit(510, 3, 512), /the disk ends 2 bytes on/);
});
