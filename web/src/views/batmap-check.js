// What is known of a batmap, and the check that settles it.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {formatCount, formatShare, messageOf} from '../format.js';
import {shared} from '../styles/shared.js';
import './icon.js';

/** @import {BatmapCheck} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {IconName} from './icon.js' */

/** @type {Record<string, {icon: IconName, tone: string, word: string}>} */
const signs = {
  invalid: {icon: 'warning', tone: 'warning', word: 'Invalid, and not used'},
  unchecked: {icon: 'question', tone: 'muted', word: 'Not checked yet: bitmaps are read all the same'},
  agrees: {icon: 'pass-filled', tone: 'good', word: 'Agrees with the bitmaps'},
  contradicts: {icon: 'error', tone: 'bad', word: 'Contradicts the bitmaps, and is not used'},
};

/** <vs-batmap-check .batmap .file> */
export class BatmapCheckView extends LitElement {
  static properties = {
    workspace: {attribute: false}, batmap: {attribute: false}, file: {attribute: false},
    progress: {state: true}, error: {state: true},
  };

  static styles = [shared, css`
    section { display: grid; gap: 8px; }
    h2 { font-size: 14px; }
    .sign { display: flex; gap: 6px; align-items: center; }
    .run { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; }
    .run div { flex: 1 1 200px; max-inline-size: 360px; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
  `];

  /** @type {AbortController | null} */
  #running = null;

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {BatmapCheck} */
    this.batmap = {state: 'none', marked: 0, message: ''};
    this.file = 0;
    /** How far the check is. @type {{done: number, total: number} | null} */
    this.progress = null;
    this.error = '';
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#running?.abort();
  }

  render() {
    const {batmap, progress} = this;
    const sign = signs[batmap.state];
    return html`<section aria-labelledby="title">
      <h2 id="title">Batmap</h2>
      <p class="sign ${sign?.tone ?? ''}" data-testid="batmap" data-state=${batmap.state}>
        ${sign ? html`<vs-icon name=${sign.icon}></vs-icon>` : nothing}<span>${sign?.word ?? batmap.state}</span></p>
      <p class="muted">${formatCount(batmap.marked, 'block')} marked as full.${batmap.message ? ` ${batmap.message}` : ''}</p>
      ${this.error ? html`<p class="bad" role="alert">${this.error}</p>` : nothing}
      ${progress ? html`<div class="run">
          <div><vscode-progress-bar .value=${progress.done} .max=${Math.max(progress.total, 1)} .indeterminate=${progress.total === 0}
            aria-label="Batmap check"></vscode-progress-bar><span class="muted">${formatShare(progress.done, progress.total)}</span></div>
          <vscode-button secondary @click=${() => this.#running?.abort()}>Cancel</vscode-button></div>`
        : batmap.state === 'unchecked' ? html`<div><vscode-button secondary data-testid="check-batmap" @click=${this.#check}>Check against the bitmaps</vscode-button></div>` : nothing}
    </section>`;
  }

  async #check() {
    const running = new AbortController();
    this.#running = running;
    this.error = '';
    this.progress = {done: 0, total: 0};
    try {
      this.batmap = await this.workspace.engine.request('checkBatmap', {file: this.file}, {
        signal: running.signal,
        onProgress: (done, total) => {
          if (!running.signal.aborted) this.progress = {done, total};
        },
      });
    } catch (error) {
      if (!running.signal.aborted) this.error = messageOf(error);
    } finally {
      this.progress = null;
    }
  }
}

customElements.define('vs-batmap-check', BatmapCheckView);
