// Says where the caret is: to the page at once, and after a rest to those who
// listen rather than look.

import {element} from './dom.js';
import {rangeOf} from './selection.js';
import {byteCount, positionSentence} from './words.js';

/** @typedef {import('./types.js').Known} Known */
/** @typedef {import('./types.js').Selection} Selection */
/** @typedef {import('./types.js').Source} Source */

/** Milliseconds of rest before the live region speaks. */
const rest = 350;

export class Announcer {
  element = element('div', {class: 'unseen live', role: 'status', 'aria-live': 'polite'});
  #sentence = '';
  /** What was done, to be said before where the caret is. */
  #done = '';
  /** @type {any} */
  #timer = undefined;

  /**
   * @param {Source} source
   * @param {Selection} selection
   * @param {Known} known of the byte at the caret
   */
  tell(source, selection, known) {
    const {length} = rangeOf(selection);
    const selected = length > 0 ? `, ${byteCount(length)} selected` : '';
    const sentence = positionSentence(source, selection.caret, known) + selected;
    if (sentence === this.#sentence) return;
    this.#sentence = sentence;
    this.element.dispatchEvent(new CustomEvent('vs-position', {
      detail: {offset: selection.caret, sentence}, bubbles: true, composed: true,
    }));
    this.#speak();
  }

  /**
   * Says what was done; of several things in a row, the last.
   * @param {string} done
   */
  say(done) {
    this.#done = done;
    this.#speak();
  }

  #speak() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.textContent = this.#done ? `${this.#done}. Now ${this.#sentence}` : this.#sentence;
      this.#done = '';
    }, rest);
  }

  /** Says nothing more: the view has left the page. */
  stop() {
    clearTimeout(this.#timer);
  }
}
