// What the dialogs before a job have in common.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {asksForPlace} from '../jobs/place.js';
import {dialogStyles} from '../styles/dialog.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './icon.js';

/** @import {CSSResultGroup} from 'lit' */

/**
 * These buttons act when Enter goes down; what gets the focus after the
 * dialog is not to be pressed by the rest of it.
 *
 * @param {KeyboardEvent} event
 */
const keepEnter = (event) => {
  if (event.key === 'Enter' && /** @type {Element} */ (event.target).localName === 'vscode-button') event.preventDefault();
};

/** A dialog that ends in a job, or in nothing. */
export class JobDialog extends View {
  /** @type {CSSResultGroup} */
  static styles = [shared, dialogStyles, formStyles, css`
    dialog { inline-size: min(720px, calc(100vw - 24px)); }
    @media (max-width: 480px) { dialog { padding: 14px; } }
  `];

  /**
   * @param {unknown} title
   * @param {unknown} body
   * @param {{label: string, act: () => void, why?: string} | null} way the job to begin, where there is one; why says why it cannot
   */
  renderDialog(title, body, way) {
    const why = way?.why ?? '';
    return html`<dialog aria-labelledby="title" @close=${() => this.closed()} @keydown=${keepEnter}>
      <header role="none"><h2 id="title">${title}</h2><button type="button" class="close" aria-label="Close" @click=${() => this.close()}><vs-icon name="close"></vs-icon></button></header>
      ${body}
      <div class="ways"><span class="said muted">${why || (way && !asksForPlace() ? 'The new file goes to your browser’s downloads.' : nothing)}</span>
        <vscode-button secondary ?autofocus=${!way} @click=${() => this.close()}>${way ? 'Cancel' : 'Close'}</vscode-button>
        ${way ? html`<vscode-button data-testid="go" ?disabled=${why !== ''} @click=${() => this.#go(way.act)}>${way.label}${asksForPlace() ? '…' : ''}</vscode-button>` : nothing}</div>
    </dialog>`;
  }

  /** @param {() => void} act */
  #go(act) {
    // In this order: the browser's picker opens within the click only.
    act();
    this.close();
  }

  async show() {
    await this.updateComplete;
    this.#dialog()?.showModal();
  }

  close() {
    this.#dialog()?.close();
  }

  /** Called when it was closed, in whatever way: what it was about is over. */
  closed() {}

  #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.renderRoot.querySelector('dialog'));
  }
}
