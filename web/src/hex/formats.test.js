import assert from 'node:assert/strict';
import {test} from 'node:test';
import {base64, cArray, copyFormats, goSlice, hexDump, hexString, jsonArray, latin1, utf8} from './formats.js';

const all = Uint8Array.from({length: 256}, (_, i) => i);
/** More than any group that the formats work in. */
const long = Uint8Array.from({length: 20000}, (_, i) => (i * 7) & 255);

test('hex string', () => {
  assert.equal(hexString(Uint8Array.of(0x4f, 0, 0x7a)), '4F 00 7A');
  assert.equal(hexString(long).replaceAll(' ', '').toLowerCase(), Buffer.from(long).toString('hex'));
  assert.equal(hexString(long).length, long.length * 3 - 1);
});

test('hex dump keeps offsets and columns', () => {
  assert.equal(
    hexDump(Buffer.from('conectix\0A'), 0x1f8),
    '000001F0                           63 6F 6E 65 63 74 69 78  |        conectix|\n' +
    '00000200  00 41                                             |.A|\n',
  );
  assert.match(hexDump(Uint8Array.of(1), 2 ** 41), /^20000000000 {2}01/);
  // A blank at the end of what was selected is a byte, not padding.
  assert.match(hexDump(Buffer.from('a '), 0), /\|a \|\n$/);
});

test('text', () => {
  assert.equal(latin1(all), Buffer.from(all).toString('latin1'));
  assert.equal(latin1(long), Buffer.from(long).toString('latin1'));
  assert.equal(utf8(Buffer.from('\uFEFFGrüße €')), '\uFEFFGrüße €');
  assert.equal(utf8(Uint8Array.of(0x41, 0xff)), 'A\uFFFD');
});

test('C array', () => {
  assert.equal(cArray(Uint8Array.of(0, 255)), 'const unsigned char data[2] = {\n  0x00, 0xFF\n};\n');
  assert.equal(cArray(all.subarray(0, 13)).split('\n').length, 5);
  assert.deepEqual(bytesIn(cArray(long)), [...long]);
});

test('Go slice', () => {
  assert.equal(goSlice(Uint8Array.of(0, 255)), 'data := []byte{\n\t0x00, 0xFF,\n}\n');
  assert.deepEqual(bytesIn(goSlice(long)), [...long]);
});

test('JSON array', () => {
  assert.equal(jsonArray(Uint8Array.of(0, 255)), '[0, 255]');
  assert.deepEqual(JSON.parse(jsonArray(long)), [...long]);
});

test('Base64', () => {
  for (const length of [1, 2, 3, 6143, 6144, 6145, 20000]) {
    assert.equal(base64(long.subarray(0, length)), Buffer.from(long.subarray(0, length)).toString('base64'));
  }
});

test('every format has its own name', () => {
  assert.equal(new Set(copyFormats.map(({id}) => id)).size, copyFormats.length);
  assert.equal(copyFormats[0]?.id, 'hex');
});

/** @param {string} source */
function bytesIn(source) {
  return [...source.matchAll(/0x([0-9A-F]{2})/g)].map(([, digits]) => Number.parseInt(digits ?? '', 16));
}
