// A file that is in no chain: why not, and its bytes where they can be read.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {baseName, formatNumber, formatSize} from '../format.js';
import {shouldBeImage} from '../jobs/actions.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import '../hex/hex-view.js';
import {act} from './action-menu.js';
import './check-view.js';
import './icon.js';

/** @import {FileInfo} from '../engine/protocol.js' */

/** <vs-other-file .file> */
export class OtherFile extends View {
  static properties = {file: {attribute: false}};

  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); min-block-size: 0; }
    header { display: grid; gap: 8px; justify-items: start; padding: 16px; max-inline-size: 820px; }
    h2 { font-size: 16px; overflow-wrap: anywhere; }
    .reason, .ways { display: flex; flex-wrap: wrap; gap: 8px; }
    .reason { flex-wrap: nowrap; }
    vs-hex-view, vs-check-view { min-block-size: 0; border-block-start: 1px solid var(--line); }
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
    const checking = refused || (shouldBeImage(file) && this.state.tab === 'check');
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
        <p class="ways">${shouldBeImage(file) ? html`<vscode-button data-testid="repair-file"
            @click=${() => act(this, 'repair', {disk: 0, layer: 0, file: file.key})}>Repair…</vscode-button>
          ${refused ? nothing : html`<vscode-button secondary data-testid="other-tab"
            @click=${() => workspace.looking.selectTab(checking ? 'sectors' : 'check')}>${checking ? 'Show its bytes' : 'Check…'}</vscode-button>`}` : nothing}
          <vscode-button secondary @click=${() => void workspace.close([file.key])}>Close this file</vscode-button></p>
      </header>
      ${checking ? html`<vs-check-view .workspace=${workspace} .file=${file.key}></vs-check-view>` : html`<vs-hex-view .engine=${workspace.engine} .source=${this.#source}></vs-hex-view>`}`;
  }
}

customElements.define('vs-other-file', OtherFile);
