// What one can do to bytes beside typing: a row of buttons, and the form in
// which bytes are written that are repeated over a selection, or that no
// keyboard types.

import {element} from './dom.js';
import {fillLimit, mustFit, parseHex, parseText, WriteRefusal} from './typing.js';
import {byteCount, count, hexWord} from './words.js';

/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').Span} Span */

/**
 * @typedef {object} Tools
 * @property {() => number} size bytes of the disk
 * @property {() => Span} selection at least the byte at the caret
 * @property {() => void} leave gives the focus back to the grid
 */

export class EditTools {
  #undo = tool('Undo', 'Ctrl+Z', 'undo');
  #redo = tool('Redo', 'Ctrl+Y', 'redo');
  #revert = tool('Revert', '', 'revert', 'Lets the selected sectors read again as below the edits');
  #write = element('button', {type: 'button', class: 'button', popovertarget: 'write-form', 'data-testid': 'hex-write'}, 'Write bytes…');
  #value = element('input', {
    type: 'text', id: 'write-value', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'done',
    'aria-describedby': 'write-where write-error', 'data-testid': 'hex-write-value',
  });
  #hex = element('input', {type: 'radio', name: 'write-as', id: 'write-hex', checked: ''});
  #text = element('input', {type: 'radio', name: 'write-as', id: 'write-text'});
  #where = element('p', {id: 'write-where', class: 'where'});
  #error = element('p', {id: 'write-error', class: 'goto-error', role: 'alert'});
  #form = element(
    'form', {class: 'write', id: 'write-form', popover: 'auto', 'aria-label': 'Write bytes'},
    element('label', {for: 'write-value'}, 'Bytes'), this.#value,
    element(
      'div', {class: 'choice', role: 'group', 'aria-label': 'Given as'},
      element('label', {for: 'write-hex'}, this.#hex, ' hex'), element('label', {for: 'write-text'}, this.#text, ' text'),
    ),
    this.#where, this.#error,
    element('div', {class: 'ways'}, element('button', {type: 'submit', class: 'button'}, 'Write')),
  );
  element = element(
    'div', {class: 'tools', role: 'group', 'aria-label': 'Editing', hidden: ''},
    this.#undo, this.#redo, this.#write, this.#revert, this.#form,
    element('p', {class: 'hint'}, 'Type to overwrite. Tab changes the column, Escape ends editing.'),
  );
  #editor;
  #view;

  /**
   * @param {Editor} editor
   * @param {Tools} view
   */
  constructor(editor, view) {
    this.#editor = editor;
    this.#view = view;
    this.#undo.addEventListener('click', () => this.#editor.undo());
    this.#redo.addEventListener('click', () => this.#editor.redo());
    this.#revert.addEventListener('click', () => this.#editor.revert());
    this.#form.addEventListener('beforetoggle', () => this.#open());
    this.#form.addEventListener('toggle', (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === 'open') this.#value.select();
    });
    this.#form.addEventListener('input', () => this.#tell());
    this.#form.addEventListener('submit', (event) => this.#submit(event));
  }

  /** Shows what can be done now. */
  show() {
    const {on, steps, halfTyped} = this.#editor;
    this.element.hidden = !on;
    able(this.#undo, steps.undo > 0 || halfTyped >= 0);
    able(this.#redo, steps.redo > 0);
  }

  #open() {
    const {bottom, left} = this.#write.getBoundingClientRect();
    this.#form.style.top = `${bottom + 4}px`;
    this.#form.style.left = `${Math.max(4, Math.min(left, document.documentElement.clientWidth - 340))}px`;
    this.#error.textContent = '';
    this.#tell();
  }

  /** Says where the bytes will go. */
  #tell() {
    const {offset, length} = this.#view.selection();
    this.#error.textContent = '';
    this.#where.textContent = length > 1
      ? `Repeated over the ${byteCount(length)} selected at ${hexWord(offset)}.`
      : `Written once, from ${hexWord(offset)} on. Select bytes first to fill them.`;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const {offset, length} = this.#view.selection();
    try {
      const bytes = this.#hex.checked ? parseHex(this.#value.value) : parseText(this.#value.value);
      const whole = length > 1 ? length : bytes.length;
      if (whole > fillLimit) throw new WriteRefusal(`${count(whole)} bytes are more than the ${count(fillLimit)} that are written at once.`);
      mustFit(offset, whole, this.#view.size());
      this.#form.hidePopover();
      this.#view.leave();
      this.#editor.write(offset, bytes.subarray(0, whole), length > 1 ? whole : undefined);
    } catch (error) {
      if (!(error instanceof WriteRefusal)) throw error;
      this.#error.textContent = error.message;
      this.#value.select();
    }
  }
}

/**
 * @param {string} label
 * @param {string} keys
 * @param {string} id
 * @param {string} [title]
 */
function tool(label, keys, id, title = keys ? `${label} (${keys})` : label) {
  return element('button', {type: 'button', class: 'button', title, 'data-testid': `hex-${id}`}, label);
}

/**
 * A button that cannot be used keeps its place and the focus.
 * @param {HTMLElement} button
 * @param {boolean} usable
 */
function able(button, usable) {
  button.setAttribute('aria-disabled', String(!usable));
}
