// Says that bytes in sight could not be loaded, and offers to try again.

import {element} from './dom.js';

export class ProblemBar {
  #words = element('p', {role: 'alert'});
  element = element('div', {class: 'problem', hidden: ''}, this.#words);

  /** @param {() => void} retry */
  constructor(retry) {
    const button = element('button', {type: 'button', class: 'button'}, 'Try again');
    button.addEventListener('click', retry);
    this.element.append(button);
  }

  /** @param {string | undefined} why undefined hides the bar */
  show(why) {
    const text = why === undefined ? '' : `These bytes could not be loaded: ${why}`;
    if (this.#words.textContent === text) return;
    this.#words.textContent = text;
    this.element.hidden = text === '';
  }
}
