// A question before something that may mislead.

import {LitElement, css, html} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {dialogStyles} from '../styles/dialog.js';
import {shared} from '../styles/shared.js';
import './icon.js';

/** @typedef {{title: string, paragraphs: string[], confirm: string}} Question */

/** <vs-confirm-dialog> */
export class ConfirmDialog extends LitElement {
  static properties = {question: {state: true}};

  static styles = [shared, dialogStyles, css`
    dialog { inline-size: min(480px, calc(100vw - 32px)); }
    .ways { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; }
  `];

  /** @type {(confirmed: boolean) => void} */
  #answer = () => {};

  constructor() {
    super();
    /** @type {Question} */
    this.question = {title: '', paragraphs: [], confirm: ''};
  }

  render() {
    const {title, paragraphs, confirm} = this.question;
    return html`<dialog aria-labelledby="title" @close=${() => this.#answer(this.#dialog().returnValue === 'yes')}>
      <header><vs-icon class="warning" name="warning"></vs-icon><h2 id="title">${title}</h2></header>
      ${paragraphs.map((text) => html`<p>${text}</p>`)}
      <div class="ways">
        <vscode-button secondary autofocus @click=${() => this.#dialog().close('')}>Cancel</vscode-button>
        <vscode-button data-testid="confirm" @click=${() => this.#dialog().close('yes')}>${confirm}</vscode-button>
      </div>
    </dialog>`;
  }

  /**
   * @param {Question} question
   * @returns {Promise<boolean>} whether the person confirmed
   */
  async ask(question) {
    this.question = question;
    await this.updateComplete;
    const dialog = this.#dialog();
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

customElements.define('vs-confirm-dialog', ConfirmDialog);

/**
 * Asks a question that belongs to no view.
 *
 * @param {Question} question
 * @returns {Promise<boolean>} whether the person confirmed
 */
export async function ask(question) {
  const dialog = /** @type {ConfirmDialog} */ (document.createElement('vs-confirm-dialog'));
  document.body.append(dialog);
  try {
    return await dialog.ask(question);
  } finally {
    dialog.remove();
  }
}
