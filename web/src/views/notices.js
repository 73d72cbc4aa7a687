// Messages that need the person: they stay until dismissed. They are plain
// text; names out of images never become markup.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './icon.js';

/** @import {Notice} from '../engine/store.js' */
/** @import {IconName} from './icon.js' */

/** @type {Record<Notice['kind'], {icon: IconName, word: string}>} */
const kinds = {
  error: {icon: 'error', word: 'Error'},
  warning: {icon: 'warning', word: 'Warning'},
  info: {icon: 'info', word: 'Note'},
};

/** <vs-notices> */
export class Notices extends View {
  static styles = [shared, css`
    :host {
      position: absolute;
      inset-block-end: 12px;
      inset-inline-end: 12px;
      z-index: 5;
      display: grid;
      gap: 8px;
      inline-size: min(420px, calc(100vw - 24px));
      max-block-size: min(60dvh, 100% - 24px);
      overflow: auto;
    }
    article {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 8px;
      padding: 10px;
      border: 1px solid var(--line);
      border-inline-start: 3px solid currentColor;
      border-radius: 6px;
      background: var(--raised);
      box-shadow: 0 4px 16px var(--shadow);
    }
    .error { color: var(--bad); }
    .info { color: var(--accent); }
    .warning { color: var(--warning); }
    div { color: var(--text); overflow-wrap: anywhere; }
    p { white-space: pre-line; color: var(--muted); }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-block-start: 8px; }
    button { align-self: start; border: 0; padding: 2px; border-radius: 4px; background: none; color: var(--muted); cursor: pointer; line-height: 0; }
    button:hover { background: var(--hover); color: var(--text); }
  `];

  render() {
    const {notices} = this.state;
    return html`<div role="log" aria-label="Messages" aria-live="assertive">${notices.map(({id, kind, title, tell, text = tell?.(), actions}) => html`
      <article class=${kind} data-testid="notice">
        <vs-icon name=${kinds[kind].icon}></vs-icon>
        <div><h2><span class="visually-hidden">${kinds[kind].word}: </span><bdi>${title}</bdi></h2>
          ${text ? html`<p>${text}</p>` : nothing}
          ${actions ? html`<div class="actions">${actions.map(({label, act}, i) => html`<vscode-button ?secondary=${i > 0}
            data-testid="notice-action" @click=${() => { this.workspace.dismiss(id); void act(); }}>${label}</vscode-button>`)}</div>` : nothing}</div>
        <button type="button" aria-label="Dismiss" title="Dismiss" @click=${() => this.workspace.dismiss(id)}>
          <vs-icon name="close"></vs-icon></button>
      </article>`)}</div>`;
  }
}

customElements.define('vs-notices', Notices);
