import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Editor} from './editor.js';

/** @typedef {import('./types.js').Edited} Edited */

/** An editor over bytes that are only in this test. */
function setUp(size = 16) {
  const disk = new Uint8Array(size);
  const view = {caret: 0, anchor: /** @type {number | null} */ (null), left: false, said: /** @type {string[]} */ ([])};
  /** @type {{offset: number, before: Uint8Array, after: Uint8Array}[]} */
  const done = [];
  const calls = /** @type {string[]} */ ([]);
  let failure = '';
  const shown = () => editor.overlay.over({offset: 0, bytes: disk, extents: []}, false).bytes;
  const editor = new Editor({
    size: () => size,
    caret: () => view.caret,
    selection: () => (view.anchor === null ? {offset: view.caret, length: 0}
      : {offset: Math.min(view.caret, view.anchor), length: Math.abs(view.caret - view.anchor) + 1}),
    byteAt: (offset) => shown()[offset],
    moveTo: (offset) => Object.assign(view, {caret: offset, anchor: null}),
    age: () => editor.overlay.prune(() => false),
    changed: () => {},
    say: (sentence) => view.said.push(sentence),
    leave: () => (view.left = true),
  });
  /** @param {Partial<Edited>} edited @returns {Edited} */
  const reply = (edited) => ({undo: done.length, redo: 0, offset: 0, length: 0, ...edited});
  editor.edits = {
    write: async (offset, bytes, length = bytes.length) => {
      calls.push(`write ${offset} ${Buffer.from(bytes).toString('hex')}${length === bytes.length ? '' : ` over ${length}`}`);
      if (failure) throw new Error(failure);
      const before = disk.slice(offset, offset + length);
      for (let i = 0; i < length; i++) disk[offset + i] = /** @type {number} */ (bytes[i % bytes.length]);
      done.push({offset, before, after: disk.slice(offset, offset + length)});
      return reply({offset, length});
    },
    revert: async ({offset, length}) => {
      calls.push(`revert ${offset} ${length}`);
      return reply({offset, length});
    },
    undo: async () => {
      calls.push('undo');
      const last = done.pop();
      if (!last) return reply({});
      disk.set(last.before, last.offset);
      return reply({offset: last.offset, length: last.before.length});
    },
    redo: async () => {
      calls.push('redo');
      return reply({});
    },
  };
  editor.turn(true);
  /** @param {string} key @param {Partial<KeyboardEvent>} [modifiers] */
  const press = (key, modifiers = {}) => editor.key(/** @type {any} */ ({key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, getModifierState: () => false, ...modifiers}));
  /** @param {string} text */
  const type = (text) => [...text].forEach((key) => press(key));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {editor, disk, view, calls, press, type, settle, shown, fail: (/** @type {string} */ why) => (failure = why)};
}

/** @param {string} text */
const pasted = (text) => /** @type {any} */ ({preventDefault() {}, clipboardData: {getData: () => text}});

test('two digits make a byte, and the first shows at once', async () => {
  const {editor, disk, view, calls, press, settle, shown} = setUp();
  assert.equal(press('4'), true);
  assert.deepEqual([shown()[0], view.caret, editor.halfTyped], [0x40, 0, 0]);
  assert.deepEqual(calls, []);
  press('f');
  assert.deepEqual([shown()[0], view.caret, editor.halfTyped], [0x4f, 1, -1]);
  await settle();
  assert.deepEqual(calls, ['write 0 4f']);
  assert.equal(disk[0], 0x4f);
});

test('what is typed is written in its order, however long the first one takes', async () => {
  const {calls, type, settle} = setUp();
  type('010203');
  await settle();
  assert.deepEqual(calls, ['write 0 01', 'write 1 02', 'write 2 03']);
});

test('what was typed on one disk is not written to the next, however late it is sent', async () => {
  const {editor, calls, type, press, settle} = setUp();
  const other = /** @type {string[]} */ ([]);
  const refuse = async () => {
    other.push('asked');
    return {undo: 9, redo: 9, offset: 0, length: 0};
  };
  type('01020');
  press('z', {ctrlKey: true});
  editor.finish();
  editor.edits = {write: refuse, revert: refuse, undo: refuse, redo: refuse};
  await settle();
  assert.deepEqual([calls, other], [['write 0 01', 'write 1 02'], []]);
  assert.deepEqual(editor.steps, {undo: 0, redo: 0});
  editor.edits = null;
});

test('a byte half typed is written when one goes elsewhere, and taken back by Escape and Backspace', async () => {
  const {editor, disk, calls, press, settle, shown, view} = setUp();
  press('a');
  editor.moved();
  await settle();
  assert.deepEqual([calls, disk[0]], [['write 0 a0'], 0xa0]);
  for (const key of ['Escape', 'Backspace']) {
    view.caret = 1;
    press('b');
    assert.equal(shown()[1], 0xb0);
    press(key);
    assert.equal(shown()[1], 0);
  }
  await settle();
  assert.deepEqual([calls.length, view.left], [1, false]);
});

test('Backspace takes back what was typed, byte by byte, and then only moves', async () => {
  const {disk, view, calls, press, type, settle} = setUp();
  view.caret = 2;
  type('1122');
  press('Backspace');
  press('Backspace');
  await settle();
  assert.deepEqual([calls.slice(2), [...disk.subarray(2, 4)], view.caret], [['undo', 'undo'], [0, 0], 2]);
  press('Backspace');
  await settle();
  assert.deepEqual([calls.length, view.caret], [4, 1], 'nothing else is undone');
});

test('text is typed into the text column, and only ASCII', async () => {
  const {editor, disk, view, press, type, settle} = setUp();
  press('Tab');
  assert.equal(editor.column, 'text');
  type('Hi!');
  press('é');
  await settle();
  assert.deepEqual([...disk.subarray(0, 4)], [0x48, 0x69, 0x21, 0]);
  assert.match(view.said.at(-1) ?? '', /not ASCII/);
  assert.equal(view.caret, 3);
});

test('Tab goes through the columns and out, and Shift+Tab back', () => {
  const {editor, press} = setUp();
  assert.equal(press('Tab', {shiftKey: true}), false, 'out before the bytes');
  assert.equal(press('Tab'), true);
  assert.equal(press('Tab'), false, 'out behind the text');
  assert.equal(press('Tab', {shiftKey: true}), true);
  assert.equal(editor.column, 'bytes');
});

test('typing over a selection begins where it does', async () => {
  const {calls, view, type, settle} = setUp();
  Object.assign(view, {caret: 7, anchor: 4});
  type('ff');
  await settle();
  assert.deepEqual([calls, view.caret], [['write 4 ff'], 5]);
});

test('what is no digit is no byte', async () => {
  const {calls, view, type, settle} = setUp();
  type('xyz ');
  await settle();
  assert.deepEqual([calls, view.caret], [[], 0]);
  assert.match(view.said.at(-1) ?? '', /Space is no hex digit/);
});

test('AltGr types, Control does not', async () => {
  const {editor, disk, press, settle} = setUp();
  editor.use('text');
  press('@', {ctrlKey: true, altKey: true, getModifierState: () => true});
  assert.equal(press('b', {ctrlKey: true}), false);
  await settle();
  assert.deepEqual([...disk.subarray(0, 2)], [0x40, 0]);
});

test('a refused byte is taken back and told, and those after it are written', async () => {
  const {editor, disk, calls, type, settle, shown, fail} = setUp();
  fail('The rest of the sector cannot be read.');
  type('11');
  await settle();
  assert.deepEqual([disk[0], shown()[0]], [0, 0]);
  assert.deepEqual({...editor.failure}, {offset: 0, length: 1, message: 'Not written at 0x0: The rest of the sector cannot be read.'});
  fail('');
  type('22');
  await settle();
  assert.deepEqual([disk[1], editor.failure, calls.length], [0x22, null, 2]);
});

test('a paste is one step, whole or not at all', async () => {
  const {editor, disk, view, calls, settle} = setUp(8);
  editor.paste(pasted('48 65 6c'));
  await settle();
  assert.deepEqual([calls, view.caret], [['write 0 48656c'], 3]);
  editor.use('text');
  editor.paste(pasted('abc'));
  await settle();
  assert.deepEqual(Buffer.from(disk).toString('latin1'), 'Helabc\0\0');
  editor.paste(pasted('abc'));
  await settle();
  assert.match(editor.failure?.message ?? '', /do not fit/);
  assert.equal(calls.length, 2);
});

test('a pattern fills a length in one step', async () => {
  const {editor, disk, calls, settle} = setUp(8);
  editor.write(1, Uint8Array.of(1, 2), 5);
  await settle();
  assert.deepEqual(calls, ['write 1 0102 over 5']);
  assert.deepEqual([...disk], [0, 1, 2, 1, 2, 1, 0, 0]);
});

test('the caret goes to what was undone, and nothing to undo is said', async () => {
  const {editor, view, type, press, settle} = setUp();
  view.caret = 5;
  type('aa');
  editor.moved();
  view.caret = 0;
  press('z', {ctrlKey: true});
  await settle();
  assert.equal(view.caret, 5);
  press('Z', {ctrlKey: true});
  await settle();
  assert.equal(view.said.at(-1), 'There is nothing to undo.');
});

test('the last byte of the disk can be typed over and over', async () => {
  const {disk, view, type, settle} = setUp(2);
  type('010203');
  await settle();
  assert.deepEqual([[...disk], view.caret], [[1, 3], 1]);
});

test('Escape ends editing', () => {
  const {view, press} = setUp();
  press('Escape');
  assert.equal(view.left, true);
});
