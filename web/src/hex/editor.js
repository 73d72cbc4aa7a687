// Edit mode: what keys and pastes do to the bytes. Everything that is typed
// shows at once; it is sent in the order in which it was typed, and what the
// engine refuses is taken back and told.

import {Overlay} from './overlay.js';
import {clampOffset} from './selection.js';
import {characterByte, digitOf, mustFit, parsePasted, withDigit, WriteRefusal} from './typing.js';
import {byteCount, hexDigits, hexWord} from './words.js';

/** @typedef {import('./typing.js').Column} Column */
/** @typedef {import('./types.js').Edited} Edited */
/** @typedef {import('./types.js').Edits} Edits */
/** @typedef {import('./types.js').Span} Span */

/**
 * What the editor acts on.
 *
 * @typedef {object} EditedView
 * @property {() => number} size bytes of the disk
 * @property {() => number} caret
 * @property {() => Span} selection length 0 where nothing is selected
 * @property {(offset: number) => number | undefined} byteAt as it is shown; undefined where it is not known
 * @property {(offset: number, length?: number) => void} moveTo puts the caret there, or selects a range
 * @property {(changed: Span) => void} age what was read of a range is no longer so
 * @property {() => void} changed draw again
 * @property {(sentence: string) => void} say
 * @property {() => void} leave the person is done
 */

export class Editor {
  on = false;
  /** @type {Column} */
  column = 'bytes';
  overlay = new Overlay();
  /** What was not written, and why. @type {(Span & {message: string}) | null} */
  failure = null;
  /** Steps that can be undone and redone. */
  steps = {undo: 0, redo: 0};
  /** @type {Edits | null} */
  edits = null;
  #view;
  /** A byte of which one digit was typed. @type {{offset: number, byte: number, write: import('./overlay.js').Written} | null} */
  #half = null;
  /** Offsets of the bytes that were typed without a pause to move. @type {number[]} */
  #typed = [];
  /** The end of what is on its way to the engine. @type {Promise<unknown>} */
  #sent = Promise.resolve();

  /** @param {EditedView} view */
  constructor(view) {
    this.#view = view;
  }

  /** Offset of the byte whose second digit is next; -1 for none. */
  get halfTyped() {
    return this.#half?.offset ?? -1;
  }

  /** @param {boolean} on */
  turn(on) {
    if (on === this.on) return;
    this.finish();
    this.on = on;
    this.column = 'bytes';
    this.failure = null;
    this.#typed = [];
    this.#view.changed();
  }

  /**
   * Sends a byte that is half typed: what one sees is what is written.
   */
  finish() {
    const half = this.#half;
    if (!half) return;
    this.#half = null;
    this.#typed.push(half.offset);
    this.#send((edits) => edits.write(half.offset, Uint8Array.of(half.byte)), {offset: half.offset, length: 1}, half.write);
  }

  /** The caret was moved by other means than typing. */
  moved() {
    this.finish();
    this.#typed = [];
    this.failure = null;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was for the editor
   */
  key(event) {
    if (!this.on) return false;
    const {key, shiftKey} = event;
    // AltGr types characters; on Windows it comes as Control and Alt.
    const typing = event.getModifierState('AltGraph') || !(event.ctrlKey || event.metaKey || event.altKey);
    const control = !typing && (event.ctrlKey || event.metaKey) && !event.altKey;
    const letter = key.toLowerCase();
    if (control && (letter === 'y' || (letter === 'z' && shiftKey))) this.redo();
    else if (control && letter === 'z') this.undo();
    else if (!typing) return false;
    else if (key === 'Tab') return this.#tab(shiftKey);
    else if (key === 'Escape') return this.#escape();
    else if (key === 'Backspace') this.#backspace();
    else if (key.length !== 1) return false;
    else if (this.column === 'bytes') this.#typeDigit(key);
    else this.#typeCharacter(key);
    return true;
  }

  /**
   * Tab goes on to the text and then out, Shift+Tab back: no trap.
   * @param {boolean} back
   */
  #tab(back) {
    if (back === (this.column === 'bytes')) {
      this.finish();
      return false;
    }
    this.use(back ? 'bytes' : 'text');
    return true;
  }

  /** @param {Column} column that is typed into from now on */
  use(column) {
    if (column === this.column) return;
    this.finish();
    this.column = column;
    this.#view.say(column === 'text' ? 'Text column' : 'Hex column');
    this.#view.changed();
  }

  #escape() {
    if (this.#half) this.#takeBackHalf();
    else if (this.#view.selection().length > 0) return false;
    else this.#view.leave();
    return true;
  }

  /** @param {string} key */
  #typeDigit(key) {
    const digit = digitOf(key);
    if (digit < 0) return this.#view.say(`${key === ' ' ? 'Space' : key} is no hex digit. Tab goes to the text.`);
    const offset = this.#start();
    this.failure = null;
    if (this.#half) {
      const byte = withDigit(this.#half.byte, digit, true);
      this.overlay.drop(this.#half.write);
      this.#half = null;
      this.#type(offset, byte);
      return;
    }
    const before = this.#view.byteAt(offset);
    if (before === undefined) return this.#view.say('This byte is not loaded yet.');
    const byte = withDigit(before, digit, false);
    this.#half = {offset, byte, write: this.overlay.add(offset, Uint8Array.of(byte))};
    this.#view.say(`${hexDigits(digit, 1)}, second digit of ${hexWord(offset)}`);
    this.#view.changed();
  }

  /** @param {string} key */
  #typeCharacter(key) {
    const byte = characterByte(key);
    if (byte < 0) return this.#view.say(`${key} is not ASCII: type its bytes in hex, or paste it.`);
    this.failure = null;
    this.#type(this.#start(), byte);
  }

  /** Where typing begins: at the caret, or where the selection does. */
  #start() {
    const {offset, length} = this.#view.selection();
    if (length === 0) return this.#view.caret();
    this.#view.moveTo(offset);
    return offset;
  }

  /**
   * @param {number} offset
   * @param {number} byte
   */
  #type(offset, byte) {
    this.#typed.push(offset);
    const bytes = Uint8Array.of(byte);
    this.#send((edits) => edits.write(offset, bytes), {offset, length: 1}, this.overlay.add(offset, bytes));
    this.#view.say(`Wrote ${hexDigits(byte, 2)} at ${hexWord(offset)}`);
    this.#view.moveTo(clampOffset(offset + 1, this.#view.size()));
  }

  /** Takes back what was typed last; with nothing typed, goes back a byte. */
  #backspace() {
    if (this.#half) return this.#takeBackHalf();
    const offset = this.#typed.pop();
    if (offset === undefined) {
      this.#view.moveTo(Math.max(0, this.#view.caret() - 1));
      return;
    }
    this.#view.moveTo(offset);
    this.#view.say(`Took back ${hexWord(offset)}`);
    this.#send((edits) => edits.undo(), {offset, length: 1});
  }

  #takeBackHalf() {
    if (this.#half) this.overlay.drop(this.#half.write);
    this.#half = null;
    this.#view.changed();
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    if (!this.on) return;
    event.preventDefault();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const offset = this.#start();
    this.#refusable(offset, () => {
      const bytes = parsePasted(text, this.column);
      mustFit(offset, bytes.length, this.#view.size());
      this.write(offset, bytes);
    });
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} bytes
   * @param {number} [length] over which they are repeated; the selection then stays
   */
  write(offset, bytes, length) {
    const fills = length !== undefined;
    this.#write(offset, bytes, length ?? bytes.length);
    if (!fills) this.#view.moveTo(clampOffset(offset + bytes.length, this.#view.size()));
  }

  /**
   * @param {number} offset
   * @param {Uint8Array} bytes
   * @param {number} length
   */
  #write(offset, bytes, length) {
    this.finish();
    this.#typed = [];
    const shown = length === bytes.length && length <= 65536 ? this.overlay.add(offset, bytes) : undefined;
    this.#view.say(`Wrote ${byteCount(length)} at ${hexWord(offset)}`);
    this.#send((edits) => edits.write(offset, bytes, length), {offset, length}, shown);
  }

  /** The sectors that are selected, or that of the caret, read again as below the edits. */
  revert() {
    const {offset, length} = this.#view.selection();
    this.finish();
    this.#typed = [];
    this.#send((edits) => edits.revert({offset, length: Math.max(1, length)}), {offset, length: Math.max(1, length)});
    this.#view.say('Reverted to what lies below the edits');
  }

  undo() {
    if (this.#half) return this.#takeBackHalf();
    this.#step((edits) => edits.undo(), 'Undone', 'There is nothing to undo.');
  }

  redo() {
    this.finish();
    this.#step((edits) => edits.redo(), 'Redone', 'There is nothing to redo.');
  }

  /**
   * @param {(edits: Edits) => Promise<Edited>} step
   * @param {string} done
   * @param {string} nothing
   */
  #step(step, done, nothing) {
    this.#typed = [];
    this.#send(async (edits) => {
      const edited = await step(edits);
      if (edits !== this.edits) return edited;
      if (edited.length === 0) this.#view.say(nothing);
      else {
        this.#view.say(`${done}: ${byteCount(edited.length)} at ${hexWord(edited.offset)}`);
        this.#view.moveTo(edited.offset);
      }
      return edited;
    }, {offset: this.#view.caret(), length: 1});
  }

  /**
   * @param {(edits: Edits) => Promise<Edited>} job
   * @param {Span} span what it is about
   * @param {import('./overlay.js').Written} [shown] how it shows meanwhile
   */
  #send(job, span, shown) {
    // The disk that it was typed on, whichever is in view when its turn comes.
    const {edits} = this;
    this.#sent = this.#sent.then(async () => {
      try {
        if (!edits) throw new WriteRefusal('These bytes cannot be edited.');
        const edited = await job(edits);
        if (edits === this.edits) this.steps = {undo: edited.undo, redo: edited.redo};
        if (shown) this.overlay.settle(shown);
        if (edited.length > 0) this.#view.age(edited);
      } catch (error) {
        if (shown) this.overlay.drop(shown);
        this.#typed = [];
        this.#fail(span, error);
      }
      this.#view.changed();
    });
    this.#view.changed();
  }

  /**
   * @param {number} offset
   * @param {() => void} act
   */
  #refusable(offset, act) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof WriteRefusal)) throw error;
      this.#fail({offset, length: 1}, error);
      this.#view.changed();
    }
  }

  /**
   * @param {Span} span
   * @param {unknown} error
   */
  #fail(span, error) {
    const message = error instanceof Error ? error.message : String(error);
    this.failure = {...span, message: `Not written at ${hexWord(span.offset)}: ${message}`};
  }
}
