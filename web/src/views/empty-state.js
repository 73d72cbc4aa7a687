// What a newcomer sees: what this is, and the ways in.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {shared} from '../styles/shared.js';
import './icon.js';
import './layers-figure.js';
import './recent-disks.js';

/** @import {Workspace} from '../workspace.js' */

/** <vs-empty-state busy library>; events 'vs-open-files', 'vs-open-folder', 'vs-url', 'vs-library', 'vs-sample'. */
export class EmptyState extends LitElement {
  static properties = {workspace: {attribute: false}, busy: {type: Boolean}, library: {type: Boolean}};

  static styles = [shared, css`
    :host { display: grid; overflow: auto; padding: 24px 16px; }
    section { display: grid; gap: 24px; align-content: center; justify-self: center; inline-size: min(100%, 640px); }
    h2 { font-size: clamp(20px, 4vw, 25px); line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
    .lead { margin-block-start: 10px; font-size: 14px; color: var(--muted); text-wrap: pretty; }
    .zone {
      display: grid;
      justify-items: center;
      gap: 16px;
      padding: clamp(20px, 5vw, 36px) 16px;
      border: 1.5px dashed var(--line-strong);
      border-radius: 10px;
      background: var(--surface);
      text-align: center;
    }
    .zone strong { display: block; font-size: 15px; }
    .ways { display: flex; flex-wrap: wrap; gap: 8px; justify-content: center; }
    .others { gap: 8px 20px; }
    .points { display: grid; gap: 6px; }
    .points li { display: flex; gap: 8px; align-items: baseline; color: var(--muted); }
    .points vs-icon { color: var(--good); align-self: start; margin-block-start: 2px; }
    vscode-button vs-icon { font-size: 16px; margin-inline-end: 2px; }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    this.busy = false;
    /** Whether the site has an image library. */
    this.library = false;
  }

  render() {
    return html`<section>
      <div>
        <h2>See a virtual disk the way its machine sees it.</h2>
        <p class="lead">Drop a differencing VHD with its parents, in any order and under any names.
          vhdscope puts the chain together and shows every sector with the file that supplies it.</p>
      </div>
      <vs-layers-figure></vs-layers-figure>
      <div class="zone">
        <div><strong>Drop VHD files or a whole folder anywhere</strong>
          <span class="muted">or choose them</span></div>
        <div class="ways">
          <vscode-button @click=${() => this.#tell('vs-open-files')}><vs-icon slot="content-before" name="new-file"></vs-icon>Open files</vscode-button>
          <vscode-button secondary @click=${() => this.#tell('vs-open-folder')}><vs-icon slot="content-before" name="folder-opened"></vs-icon>Open folder</vscode-button>
          ${this.library ? html`<vscode-button secondary @click=${() => this.#tell('vs-library')}><vs-icon slot="content-before" name="library"></vs-icon>Image library</vscode-button>` : nothing}
        </div>
        <div class="ways others">
          <button type="button" class="link" @click=${() => this.#tell('vs-sample')}>Try the sample</button>
          <button type="button" class="link" @click=${() => this.#tell('vs-url')}>Open from a URL</button>
        </div>
        <span class="muted" ?hidden=${!this.busy}>Opening…</span>
      </div>
      ${this.workspace.store.state.recents ? html`<vs-recent-disks .workspace=${this.workspace}></vs-recent-disks>` : nothing}
      <ul class="points">
        <li><vs-icon name="lock"></vs-icon><span>Nothing is uploaded: files are read in this browser, piece by piece, and ${SINGLE ? 'this page asks no network for anything' : 'all that the page fetches is its own program, and what you open by its address'}.</span></li>
        <li><vs-icon name="check"></vs-icon><span>Files are never modified.</span></li>
      </ul>
    </section>`;
  }

  /** @param {string} name */
  #tell(name) {
    this.dispatchEvent(new CustomEvent(name));
  }
}

customElements.define('vs-empty-state', EmptyState);
