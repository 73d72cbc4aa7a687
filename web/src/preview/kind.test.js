import assert from 'node:assert/strict';
import {test} from 'node:test';
import {imageType, modeOf} from './kind.js';

const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('pictures are known by their first bytes', () => {
  assert.equal(imageType(bytes('\x89PNG\r\n\x1a\n....')), 'image/png');
  assert.equal(imageType(bytes('\xff\xd8\xff\xe0..JFIF')), 'image/jpeg');
  assert.equal(imageType(bytes('GIF89a....')), 'image/gif');
  assert.equal(imageType(bytes('RIFF....WEBPVP8 ')), 'image/webp');
  assert.equal(imageType(bytes('RIFF....WAVEfmt ')), '');
  assert.equal(imageType(bytes('BM....\0\0\0\0')), 'image/bmp');
  assert.equal(imageType(bytes('BMW is a maker of cars')), '');
  assert.equal(imageType(bytes('')), '');
});

test('a drawing in SVG is a picture, a page that holds one is not', () => {
  assert.equal(imageType(bytes('<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="…">')), 'image/svg+xml');
  assert.equal(imageType(bytes('<html><body><svg>')), '');
});

test('what is neither picture nor text is shown as bytes', () => {
  assert.equal(modeOf(bytes('GIF89a'), true), 'image');
  assert.equal(modeOf(bytes('hello'), true), 'text');
  assert.equal(modeOf(bytes('MZ\x90\0'), false), 'hex');
});
