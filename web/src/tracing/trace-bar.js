// Above the sectors: the file that is outlined in them, and what the byte at
// the caret belongs to.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {formatOffset, formatShare} from '../format.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import '../views/icon.js';

/** @import {DiskInfo} from '../engine/protocol.js' */

/** <vs-trace-bar .disk .offset>: the caret's, on the resolved disk. */
export class TraceBar extends View {
  static properties = {disk: {attribute: false}, offset: {attribute: false}};

  static styles = [shared, css`
    :host { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; min-inline-size: 0; }
    p { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; min-inline-size: 0; }
    bdi { overflow-wrap: anywhere; }
    .outline { display: inline-block; inline-size: 12px; block-size: 12px; border-inline: 2px solid var(--focus); background: color-mix(in srgb, var(--focus) 12%, transparent); }
  `];

  constructor() {
    super();
    /** @type {DiskInfo} */
    this.disk = /** @type {any} */ (undefined);
    this.offset = 0;
  }

  render() {
    const {disk, offset, workspace: {tracing}} = this;
    const {outline, traced} = this.state;
    return html`
      <button type="button" class="link" data-testid="which-file" @click=${() => void tracing.ask(disk.id, offset)}>Which file is this?</button>
      ${traced?.disk === disk.id ? this.#renderTraced(traced) : nothing}
      ${outline?.disk === disk.id ? html`<p data-testid="outlined"><span class="outline"></span> <span>Outlined${outline.more ? ', the first part of' : ''}:</span>
        ${this.#renderPath(outline.start, outline.path)}
        <button type="button" class="link" @click=${() => this.#end(() => tracing.clear())}>Clear</button></p>` : nothing}`;
  }

  /** @param {import('./tracing.js').Traced} traced */
  #renderTraced({running, done, total, offset, answer, start, path}) {
    const {tracing} = this.workspace;
    return html`<p role="status" data-testid="traced"><code>${formatOffset(offset)}</code>
      ${running ? html`<span class="muted">Looking through the volume… <span aria-hidden="true">${total > 0 ? formatShare(done, total) : ''}</span></span>
        <button type="button" class="link" @click=${() => this.#end(() => tracing.forget())}>Cancel</button>`
    : html`<span>${answer}</span>${path ? html`${this.#renderPath(start, path)}
        <button type="button" class="link" @click=${() => void tracing.outline({disk: this.disk.id, start}, path)}>Outline it</button>` : nothing}
        <button type="button" class="link" @click=${() => this.#end(() => tracing.forget())}>Dismiss</button>`}</p>`;
  }

  /**
   * Takes something away, and with it the button that has the focus.
   *
   * @param {() => void} takeAway
   */
  #end(takeAway) {
    takeAway();
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('button'))?.focus();
  }

  /**
   * @param {number} start
   * @param {string} path
   */
  #renderPath(start, path) {
    return html`<button type="button" class="link" title="Show it in Files" @click=${() => this.workspace.looking.showFile(this.disk.id, start, path)}><bdi>${path}</bdi></button>`;
  }
}

customElements.define('vs-trace-bar', TraceBar);
