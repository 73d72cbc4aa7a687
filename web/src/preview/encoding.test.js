import assert from 'node:assert/strict';
import {test} from 'node:test';
import {encodings, guess} from './encoding.js';

/** Bytes of text in a single-byte encoding, by what TextDecoder makes of each byte. @param {string} label @param {string} text */
function encode(label, text) {
  const decoder = new TextDecoder(label);
  const table = new Map(Array.from({length: 256}, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  return Uint8Array.from(text, (character) => table.get(character) ?? assert.fail(`${label} has no ${character}`));
}

const ascii = (/** @type {string} */ text) => new TextEncoder().encode(text);
const wide = (/** @type {string} */ text, little = true) => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  [...text].forEach((character, i) => view.setUint16(i * 2, character.charCodeAt(0), little));
  return bytes;
};

test('every encoding that can be chosen is one that can be decoded', () => {
  for (const {label} of encodings) assert.equal(new TextDecoder(label).encoding, label);
});

test('UTF-8 is known, also when a character is cut at the end', () => {
  assert.equal(guess(ascii('plain')), 'utf-8');
  assert.equal(guess(ascii('Grüße, 世界 🌍')), 'utf-8');
  assert.equal(guess(ascii('Grüße 世').subarray(0, -1)), 'utf-8');
  assert.equal(guess(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)), 'utf-8');
});

test('UTF-16 is known with its mark and without', () => {
  assert.equal(guess(Uint8Array.of(0xff, 0xfe, 0x16, 0x4e)), 'utf-16le');
  assert.equal(guess(Uint8Array.of(0xfe, 0xff, 0x4e, 0x16)), 'utf-16be');
  assert.equal(guess(wide('Windows Registry Editor\r\n')), 'utf-16le');
  assert.equal(guess(wide('Windows Registry Editor\r\n', false)), 'utf-16be');
});

test('an older encoding is guessed by its language', () => {
  const russian = 'В этом письме мы расскажем о том, что было сделано за последний год и что ещё предстоит сделать. '.repeat(2);
  assert.equal(guess(encode('windows-1251', russian)), 'windows-1251');
  assert.equal(guess(encode('koi8-r', russian)), 'koi8-r');
  assert.equal(guess(encode('windows-1252', "Voilà où la fête s'achève : à côté du café, près de la forêt. ".repeat(3))), 'windows-1252');
});

test('what is no text has no encoding', () => {
  assert.equal(guess(Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0)), '');
  assert.equal(guess(Uint8Array.from({length: 64}, (_, i) => (i % 2 ? 0 : i))), '');
  assert.equal(guess(new Uint8Array(512)), '');
});
