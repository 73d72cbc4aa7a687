// What is typed or pasted, as bytes.

import {byteCount} from './words.js';

/** Most bytes that one paste brings. */
export const pasteLimit = 1024 * 1024;

/** Most bytes that one writing fills. */
export const fillLimit = 16 * 1024 * 1024;

/** @typedef {'bytes' | 'text'} Column */

/** Why something cannot be written, in a sentence. */
export class WriteRefusal extends Error {}

/**
 * A byte with one of its two digits replaced.
 * @param {number} byte
 * @param {number} digit 0 to 15
 * @param {boolean} low the second digit, not the first
 */
export function withDigit(byte, digit, low) {
  return low ? (byte & 0xf0) | digit : (byte & 0x0f) | (digit << 4);
}

/**
 * The hex digit that a key types; -1 where it types none.
 * @param {string} key as in KeyboardEvent.key
 */
export function digitOf(key) {
  return /^[0-9a-f]$/i.test(key) ? parseInt(key, 16) : -1;
}

/**
 * The byte that a key types in the text column; -1 where it is not ASCII,
 * for what it would be on the disk depends on who reads it.
 * @param {string} key as in KeyboardEvent.key
 */
export function characterByte(key) {
  const code = key.length === 1 ? key.charCodeAt(0) : -1;
  return code >= 0x20 && code < 0x7f ? code : -1;
}

/**
 * Bytes written in hex, as they are copied out of dumps and programs: digits
 * in pairs, with or without blanks, commas, dashes, colons, 0x or \x.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {WriteRefusal}
 */
export function parseHex(text) {
  const groups = text.replaceAll(/[\s,;:_[\](){}-]+/g, ' ').replaceAll(/0x|\\x/gi, ' ').trim();
  const digits = groups.replaceAll(' ', '');
  if (digits === '') throw new WriteRefusal('There are no bytes in it.');
  const strange = /[^0-9a-f]/i.exec(digits);
  if (strange) throw new WriteRefusal(`“${strange[0]}” is no hex digit. In hex, bytes are written like 48 65 6C.`);
  const groupList = groups.split(/ +/);
  // One-digit groups are bytes below 16, as in 0x0, 0x1; otherwise digits come in pairs.
  const pairs = groupList.every(({length}) => length === 1) && groupList.length > 1
    ? groupList
    : groupList.flatMap((group) => group.match(/../g)?.length === group.length / 2 ? /** @type {string[]} */ (group.match(/../g)) : ['?']);
  if (pairs.includes('?')) throw new WriteRefusal('A byte has two hex digits; here one is left over.');
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/**
 * The bytes of a text: UTF-8, which for ASCII is a byte a character.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {WriteRefusal}
 */
export function parseText(text) {
  if (text === '') throw new WriteRefusal('There is no text in it.');
  return new TextEncoder().encode(text);
}

/**
 * What is pasted into a column. A selection of more than one byte is not a
 * frame: what is pasted is written whole, from its start.
 * @param {string} text
 * @param {Column} column
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {WriteRefusal}
 */
export function parsePasted(text, column) {
  // Three characters a byte are what hex takes; far more is not worth reading.
  const tooLong = new WriteRefusal(`A paste brings at most ${byteCount(pasteLimit)}.`);
  if (text.length > 8 * pasteLimit) throw tooLong;
  const bytes = column === 'bytes' ? parseHex(text) : parseText(text);
  if (bytes.length > pasteLimit) throw tooLong;
  return bytes;
}

/**
 * Refuses a range that is not on the disk.
 * @param {number} offset
 * @param {number} length
 * @param {number} size
 */
export function mustFit(offset, length, size) {
  if (offset + length > size) {
    throw new WriteRefusal(`${byteCount(length)} do not fit here: the disk ends ${byteCount(size - offset)} on, and it does not grow.`);
  }
}
