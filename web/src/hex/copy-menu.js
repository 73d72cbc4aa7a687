// The button that offers every way to copy.

import {element} from './dom.js';
import {copyFormats} from './formats.js';

/** @typedef {import('./formats.js').CopyFormat} CopyFormat */

export class CopyMenu {
  #menu = element('div', {class: 'menu', id: 'copy-menu', role: 'menu', popover: 'auto', 'aria-label': 'Copy as'});
  #button = element('button', {
    type: 'button', class: 'button', 'aria-haspopup': 'menu', popovertarget: 'copy-menu', 'aria-expanded': 'false',
  }, 'Copy as', element('span', {class: 'arrow', 'aria-hidden': 'true'}, '▾'));
  element = element('div', {class: 'copy'}, this.#button, this.#menu);

  /** @param {(format: CopyFormat) => void} choose */
  constructor(choose) {
    for (const format of copyFormats) {
      const item = element('button', {type: 'button', role: 'menuitem', tabindex: '-1', class: 'item'}, format.label);
      if (format.id === 'hex') item.append(element('kbd', {}, 'Ctrl+C'));
      item.addEventListener('click', () => {
        this.#menu.hidePopover();
        choose(format);
      });
      this.#menu.append(item);
    }
    this.#menu.addEventListener('beforetoggle', (event) => {
      if (/** @type {ToggleEvent} */ (event).newState !== 'open') return;
      const {bottom, right} = this.#button.getBoundingClientRect();
      this.#menu.style.top = `${bottom + 4}px`;
      this.#menu.style.right = `${Math.max(4, document.documentElement.clientWidth - right)}px`;
    });
    this.#menu.addEventListener('toggle', (event) => {
      const open = /** @type {ToggleEvent} */ (event).newState === 'open';
      this.#button.setAttribute('aria-expanded', String(open));
      if (open) this.#items[0]?.focus();
    });
    this.#menu.addEventListener('keydown', (event) => this.#key(event));
    this.#button.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.#menu.showPopover();
    });
  }

  get #items() {
    return /** @type {HTMLElement[]} */ ([...this.#menu.children]);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const items = this.#items;
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1}[event.key];
    if (event.key === 'Tab') this.#menu.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[next % items.length]?.focus();
  }
}
