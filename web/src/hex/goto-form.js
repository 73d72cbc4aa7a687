// The field in which one types where to go.

import {element} from './dom.js';
import {gotoExamples} from './goto.js';

export class GotoForm {
  #input = element('input', {
    'data-testid': 'goto', id: 'goto', type: 'text', placeholder: '0x1F0, s:63', autocomplete: 'off',
    autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'go', 'aria-describedby': 'goto-error',
  });
  #error = element('p', {class: 'goto-error', id: 'goto-error', role: 'alert'});
  #help = element('div', {class: 'help', id: 'goto-help', popover: 'auto', role: 'dialog', 'aria-label': 'What can be typed'});
  #helpButton = element('button', {type: 'button', class: 'button round', popovertarget: 'goto-help', 'aria-label': 'What can be typed'}, '?');
  element = element(
    'form', {class: 'goto', role: 'search', 'aria-label': 'Go to'},
    element('label', {for: 'goto'}, 'Go to'),
    element('span', {class: 'field'}, this.#input, this.#helpButton),
    element('button', {type: 'submit', class: 'button'}, 'Go'),
    this.#error,
    this.#help,
  );

  /**
   * @param {(text: string) => Promise<string>} go goes there, or returns a
   *   sentence that says why not
   * @param {() => void} leave gives the focus back to the grid
   */
  constructor(go, leave) {
    const list = element('dl');
    for (const [written, meaning] of gotoExamples) {
      list.append(element('dt', {}, element('code', {}, written ?? '')), element('dd', {}, meaning ?? ''));
    }
    this.#help.append(list);
    this.#help.addEventListener('beforetoggle', () => {
      const {bottom, left} = this.#input.getBoundingClientRect();
      this.#help.style.top = `${bottom + 6}px`;
      this.#help.style.left = `${Math.max(4, Math.min(left, document.documentElement.clientWidth - 320))}px`;
    });
    this.element.addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = this.#input.value;
      const error = await go(text);
      if (this.#input.value !== text) return;
      this.#tell(error);
      if (error === '') leave();
      else this.#input.select();
    });
    this.#input.addEventListener('input', () => this.#tell(''));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#tell('');
      leave();
    });
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} error */
  #tell(error) {
    this.#error.textContent = error;
    if (error === '') this.#input.removeAttribute('aria-invalid');
    else this.#input.setAttribute('aria-invalid', 'true');
  }
}
