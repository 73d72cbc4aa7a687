// A file that is in no chain: why not, and its bytes where they can be read.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {baseName, formatNumber, formatSize} from '../format.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import '../hex/hex-view.js';
import './icon.js';

/** @import {FileInfo} from '../engine/protocol.js' */

/** <vs-other-file .file> */
export class OtherFile extends View {
  static properties = {file: {attribute: false}};

  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); min-block-size: 0; }
    header { display: grid; gap: 8px; justify-items: start; padding: 16px; max-inline-size: 820px; }
    h2 { font-size: 16px; overflow-wrap: anywhere; }
    .reason { display: flex; gap: 8px; }
    vs-hex-view { min-block-size: 0; border-block-start: 1px solid var(--line); }
  `];

  #source = /** @type {object | null} */ (null);
  #sourceOf = 0;

  constructor() {
    super();
    /** @type {FileInfo} */
    this.file = /** @type {any} */ (undefined);
  }

  render() {
    const {file, workspace} = this;
    const refused = file.kind === 'refused';
    if (this.#sourceOf !== file.key) {
      this.#sourceOf = file.key;
      const layer = {file: file.key, name: file.name, state: 'resolved', chosen: false, evidence: []};
      this.#source = {disk: 0, file: file.key, size: file.size, name: file.name, layers: [layer], layerIndex: 0};
    }
    return html`<header>
        <h2><bdi>${baseName(file.name)}</bdi></h2>
        <p class="muted">${formatSize(file.size)} (${formatNumber(file.size)} bytes)</p>
        <p class="reason"><vs-icon class=${refused ? 'bad' : 'muted'} name=${refused ? 'error' : 'info'}></vs-icon>
          <span>${file.problem?.message ?? 'This is no VHD. It can be the base of a chain whose child asks for a raw disk; no open file does.'}</span></p>
        <vscode-button secondary @click=${() => void workspace.close([file.key])}>Close this file</vscode-button>
      </header>
      ${refused ? nothing : html`<vs-hex-view .engine=${workspace.engine} .source=${this.#source}></vs-hex-view>`}`;
  }
}

customElements.define('vs-other-file', OtherFile);
