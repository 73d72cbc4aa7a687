import assert from 'node:assert/strict';
import {test} from 'node:test';
import {asSentence, baseName, formatCount, formatNumber, formatShare, formatSize, isolated, legible} from './format.js';

test('sizes take the unit that fits', () => {
  assert.equal(formatSize(0), '0 bytes');
  assert.equal(formatSize(1), '1 byte');
  assert.equal(formatSize(1023), '1023 bytes');
  assert.equal(formatSize(1024), '1 KiB');
  assert.equal(formatSize(1536), '1.5 KiB');
  assert.equal(formatSize(127 * 2 ** 30), '127 GiB');
  assert.equal(formatSize(2040 * 2 ** 30), '1.99 TiB');
  assert.equal(formatSize(Number.MAX_SAFE_INTEGER), '8 PiB');
});

test('thousands are set apart', () => {
  assert.equal(formatNumber(999), '999');
  assert.equal(formatNumber(1000), '1,000');
  assert.equal(formatNumber(2 ** 40), '1,099,511,627,776');
});

test('a share is nothing or all only when it is', () => {
  assert.equal(formatShare(0, 10), '0 %');
  assert.equal(formatShare(1, 1e9), '< 0.1 %');
  assert.equal(formatShare(999_999_999, 1e9), '> 99.9 %');
  assert.equal(formatShare(10, 10), '100 %');
  assert.equal(formatShare(1, 3), '33 %');
  assert.equal(formatShare(0, 0), '0 %');
});

test('counts agree in number', () => {
  assert.equal(formatCount(1, 'file'), '1 file');
  assert.equal(formatCount(0, 'file'), '0 files');
  assert.equal(formatCount(2, 'entry', 'entries'), '2 entries');
});

test('the base name ends a path of either kind', () => {
  assert.equal(baseName('a/b/c.vhd'), 'c.vhd');
  assert.equal(baseName('C:\\disks\\c.vhd'), 'c.vhd');
  assert.equal(baseName('/'), '/');
});

test('a sentence has one mark at its end', () => {
  for (const text of ['It ended', 'It ended.', 'It ended..', 'It ended.\n']) assert.equal(asSentence(text), 'It ended.');
  assert.equal(asSentence('It ended!'), 'It ended!');
  assert.equal(asSentence('It ended (2)'), 'It ended (2).');
});

test('a name keeps its direction to itself', () => {
  assert.equal(isolated('enfant-été.vhd'), 'enfant-été.vhd');
  for (const name of ['קובץ.vhd', '\u202edhv.exe']) assert.equal(isolated(name), `\u2068${name}\u2069`);
});

test('what cannot be seen in a name is written out', () => {
  assert.equal(legible('a\u202egpj.exe'), 'a⟨U+202E⟩gpj.exe');
  assert.equal(legible('line\nbreak\u200b'), 'line⟨U+000A⟩break⟨U+200B⟩');
  assert.equal(legible('Zoë 👩‍🚀 שלום'), 'Zoë 👩‍🚀 שלום');
});
