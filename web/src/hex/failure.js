// Says that something was not written, as long as it is marked in the bytes.

import {element} from './dom.js';

export class Failure {
  #words = element('p', {role: 'alert'});
  element = element('div', {class: 'problem', hidden: '', 'data-testid': 'hex-failure'}, this.#words);

  /** @param {string | undefined} why undefined hides it */
  show(why = '') {
    if (this.#words.textContent === why) return;
    this.#words.textContent = why;
    this.element.hidden = why === '';
  }
}
