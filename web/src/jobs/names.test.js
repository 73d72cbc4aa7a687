import assert from 'node:assert/strict';
import {test} from 'node:test';
import {nameFor} from './names.js';

test('a new file is called after the one it comes from, and never as it', () => {
  assert.equal(nameFor('disks/leaf.vhd', '', 'img'), 'leaf.img');
  assert.equal(nameFor('leaf.AVHD', 'merged'), 'leaf (merged).vhd');
  assert.equal(nameFor('C:\\disks\\a.b.vhd', 'fixed'), 'a.b (fixed).vhd');
  assert.equal(nameFor('.vhd', 'repaired'), 'disk (repaired).vhd');
  assert.equal(nameFor('raw.img', 'raw', 'img'), 'raw (raw).img');
});
