import assert from 'node:assert/strict';
import {test} from 'node:test';
import {gotoExamples, parseGoto, resolveGoto} from './goto.js';

const size = 2 * 1024 ** 4;
const here = {size, caret: 0x1000};

for (const [text, offset] of /** @type {[string, number][]} */ ([
  ['0', 0],
  ['496', 496],
  ['1,048,576', 1048576],
  ['1_048_576', 1048576],
  ['0x1F0', 0x1f0],
  ['0X1f0', 0x1f0],
  [' 1f0h ', 0x1f0],
  ['1B0h', 0x1b0],
  ['0x10B', 0x10b],
  ['@0x20', 0x20],
  ['byte 12', 12],
  ['offset 0xC', 12],
  ['64K', 65536],
  ['64 KiB', 65536],
  ['1.5 GiB', 1.5 * 1024 ** 3],
  ['.5T', 1024 ** 4 / 2],
  ['0x10 MiB', 16 * 1024 ** 2],
  ['1FFFFFFFFFFh', size - 1],
  ['+1', 0x1001],
  ['+ 0x10', 0x1010],
  ['+1K', 0x1400],
  ['-16', 0xff0],
  ['-0x1000', 0],
  ['end', size - 1],
  ['END', size - 1],
  ['end-1', size - 1],
  ['end - 512', size - 512],
  ['end-2T', 0],
  ['end+0', size - 1],
  ['-0', size - 1],
])) {
  test(`${text} is byte ${offset}`, () => {
    assert.deepEqual(parseGoto(text, here), {kind: 'byte', offset});
  });
}

for (const [text, unit, index] of /** @type {[string, string, number][]} */ ([
  ['s:123', 'sector', 123],
  ['s: 0x7B', 'sector', 123],
  ['sector 123', 'sector', 123],
  ['sector123', 'sector', 123],
  ['Sector #123', 'sector', 123],
  ['lba 4294967296', 'sector', 4294967296],
  ['b:7', 'block', 7],
  ['block 7', 'block', 7],
])) {
  test(`${text} is ${unit} ${index}`, () => {
    assert.deepEqual(parseGoto(text, here), {kind: 'locate', unit, index});
  });
}

for (const [text, words] of /** @type {[string, RegExp][]} */ ([
  ['', /^Type where to go/],
  ['elsewhere', /“elsewhere” is not a number/],
  ['1F0', /write 0x1F0/],
  ['0xZZ', /is not a number/],
  ['10 KB', /Write KiB/],
  ['s:', /A number is missing/],
  ['block x', /“x” is not a number/],
  ['1.5', /not a whole number of bytes/],
  ['99999999999999999999', /larger than any disk/],
  ['0x20000000000', /past the end: the last byte is at 0x1FFFFFFFFFF/],
  ['+2T', /past the end/],
  ['-0x1001', /before the start: the caret is at 0x1000/],
  ['end-3T', /before the start/],
  ['end+1', /Nothing comes after the end/],
  ['+', /A number is missing/],
])) {
  test(`${JSON.stringify(text)} is refused: ${words.source}`, () => {
    const target = parseGoto(text, here);
    assert.ok(target.kind === 'error');
    assert.match(target.message, words);
  });
}

test('nothing can be found in nothing', () => {
  assert.equal(parseGoto('0', {size: 0, caret: 0}).kind, 'error');
});

test('every example that is shown is understood', () => {
  for (const [written] of gotoExamples) {
    for (const text of /** @type {string} */ (written).split(', ')) {
      assert.notEqual(parseGoto(text, here).kind, 'error', text);
    }
  }
});

test('what the engine locates is held against the size, and its refusal is told', async () => {
  const at = (/** @type {number} */ offset) => async () => ({offset});
  assert.equal(await resolveGoto('b:2', here, at(4096)), 4096);
  assert.match(String(await resolveGoto('b:2', here, at(size))), /no block 2/);
  assert.match(String(await resolveGoto('b:2', here, at(-1))), /no block 2/);
  assert.equal(await resolveGoto('b:2', here, async () => { throw new Error('no blocks'); }), 'no blocks');
  assert.equal(await resolveGoto('7', here, at(1)), 7);
});
