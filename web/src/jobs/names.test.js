import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nameFor, pickerTypes, safeName, savedName} from './names.js';

test('a new file is called after the one it comes from, and never as it', () => {
  assert.equal(nameFor('disks/leaf.vhd', '', 'img'), 'leaf.img');
  assert.equal(nameFor('leaf.AVHD', 'merged'), 'leaf (merged).vhd');
  assert.equal(nameFor('C:\\disks\\a.b.vhd', 'fixed'), 'a.b (fixed).vhd');
  assert.equal(nameFor('.vhd', 'repaired'), 'disk (repaired).vhd');
  assert.equal(nameFor('raw.img', 'raw', 'img'), 'raw (raw).img');
});

test('files of a volume are called as they are there, and an archive after its folder', () => {
  assert.equal(savedName(['/docs/a b.txt'], false), 'a b.txt');
  assert.equal(savedName(['/docs'], true), 'docs.zip');
  assert.equal(savedName(['/docs/a', '/docs/b'], true), 'docs.zip');
  assert.equal(savedName(['/a', '/b'], true), 'volume.zip');
  assert.equal(savedName(['/'], true), 'volume.zip');
});

test('a name is one that every system takes', () => {
  for (const [name, safe] of /** @type {[string, string][]} */ ([
    ['文件-日本語 😀.txt', '文件-日本語 😀.txt'],
    ['.bashrc', '.bashrc'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['line\nbreak\0\u2028', 'line_break__'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['lone \ud800', 'lone _'],
    ['dots. .', 'dots___'],
    ['  led', 'led'],
    ['..', '__'],
    ['', '_'],
    ['con', '_con'],
    ['Lpt1.tar.gz', '_Lpt1.tar.gz'],
    ['aux .txt', '_aux .txt'],
    ['context', 'context'],
  ])) assert.equal(safeName(name), safe);
});

test('a name that is too long keeps its extension and whole characters', () => {
  const name = safeName(`${'😀'.repeat(100)}.jpeg`);
  assert.match(name, /^(😀)+\.jpeg$/u);
  assert.ok(new TextEncoder().encode(name).length <= 230);
  assert.ok(new TextEncoder().encode(safeName(`.${'x'.repeat(1000)}`)).length <= 230);
});

test('a picker is told of the kinds of files that are made here, and of no other', () => {
  for (const [name, kind] of /** @type {[string, string | undefined][]} */ ([
    ['a.img', 'Raw disk'], ['a.raw', 'Raw disk'], ['a.VHD', 'Virtual hard disk'], ['a.zip', 'Zip archive'], ['a.txt', undefined], ['img', undefined],
  ])) assert.equal(pickerTypes(name)[0]?.description, kind, name);
});
