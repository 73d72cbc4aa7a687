// The Files tab: the volumes of the chosen disk, and the files of the one
// that is browsed.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import {chosenDisk} from '../engine/store.js';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {filesOn} from './files.js';
import {volumeName} from './volume-words.js';
import '../search/file-search.js';
import '../views/icon.js';
import './folder-ways.js';
import './volume-browser.js';
import './volumes-view.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Browsing} from './browsing.js' */
/** @import {DiskFiles} from './files.js' */

/** <vs-files-view> */
export class FilesView extends View {
  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; }
    :host > :not(.top) { grid-row: 2; min-block-size: 0; min-inline-size: 0; }
    .top { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; }
    .top:has(*) { padding: 6px 8px; }
    .top:not(:has(vs-folder-ways)):has(*) { border-block-end: 1px solid var(--line); }
    .here { flex: 1 1 240px; min-inline-size: 0; }
    strong.here { padding-inline-start: 8px; font-weight: 600; }
    @media (max-width: 560px) { vs-file-search { flex: 1 1 100%; } }
    .edits { flex: 1 1 100%; padding-inline: 4px; display: flex; gap: 6px; font-size: 12px; color: var(--muted); }
    .edits vs-icon { font-size: 14px; vertical-align: 0; translate: 0 2px; }
    .state { display: grid; gap: 12px; justify-items: start; align-content: start; padding: 20px 16px; max-inline-size: 640px; }
    .state:focus { outline: none; }
    .state p { display: flex; gap: 8px; align-items: baseline; }
    .state vs-icon { vertical-align: 0; translate: 0 3px; }
    vscode-progress-ring { inline-size: 18px; block-size: 18px; align-self: center; }
  `];

  render() {
    const disk = chosenDisk(this.state);
    if (!disk) return nothing;
    return html`<div class="top">${this.#renderWays(disk)}
      ${disk.layers[0]?.edit ? html`<p class="edits"><vs-icon name="info"></vs-icon><span>Volumes and files are those of the disk below your edits. To see files with your edits, save these as a VHD and open that.</span></p>` : nothing}</div>
      ${disk.complete ? this.#renderDisk(disk) : this.#renderIncomplete()}`;
  }

  /** @param {DiskInfo} disk */
  #renderWays(disk) {
    const known = filesOn(this.state.files, disk);
    if (!disk.complete || !known.layout?.parts.some(({browsable}) => browsable)) return nothing;
    const browsing = this.#browsing(known);
    return html`${this.#showsFound(disk) ? html`<strong class="here">Found files</strong>`
      : browsing ? html`<vs-folder-ways class="here" .workspace=${this.workspace} .browsing=${browsing} @vs-volumes=${() => this.workspace.files.leave(disk)}></vs-folder-ways>`
        : html`<strong class="here">Volumes</strong>`}
      <vs-file-search .workspace=${this.workspace} .disk=${disk}></vs-file-search>`;
  }

  /** @param {DiskInfo} disk */
  #showsFound({id}) {
    const {found} = this.state;
    return found?.disk === id && found.shown;
  }

  /**
   * @param {DiskFiles} known
   * @returns {Browsing | null | undefined} the files that one goes through, where a volume is shown
   */
  #browsing({shown, volumes}) {
    return shown < 0 ? null : volumes.get(shown)?.browsing;
  }

  #renderIncomplete() {
    return html`<div class="shown state" tabindex="-1" data-testid="files-incomplete"><p><vs-icon class="bad" name="debug-disconnect"></vs-icon>
      <span>A parent of this disk is missing, and with it a part of every volume. Files read from what is there would be wrong without a sign, so none are shown. Open the missing parent, or choose a file as it.</span></p>
      <vscode-button secondary @click=${() => this.workspace.looking.selectTab('chain')}>Show the chain</vscode-button></div>`;
  }

  /** @param {DiskInfo} disk */
  #renderDisk(disk) {
    const known = filesOn(this.state.files, disk);
    const {layout, problem, shown} = known;
    const {found} = this.state;
    if (this.#showsFound(disk)) return html`<vs-found-files class="shown" .workspace=${this.workspace} .found=${found}></vs-found-files>`;
    const browsing = this.#browsing(known);
    if (browsing) {
      return html`<vs-volume-browser class="shown" .workspace=${this.workspace} .browsing=${browsing} ?layered=${disk.layers.filter(({edit}) => !edit).length > 1}></vs-volume-browser>`;
    }
    if (problem) {
      return html`<div class="shown state" tabindex="-1" role="alert" data-testid="scan-problem"><p class="bad"><vs-icon name="error"></vs-icon><span>${problem}</span></p>
        <vscode-button @click=${() => void this.workspace.files.scan(disk)}>Try again</vscode-button></div>`;
    }
    if (!layout) return this.#renderWaiting('Looking for volumes…');
    if (shown >= 0) {
      const part = layout.parts.find(({start, gap}) => start === shown && !gap);
      return this.#renderWaiting(`Opening ${part ? volumeName(part) : 'the volume'}…`);
    }
    return html`<vs-volumes-view class="shown" .workspace=${this.workspace} .disk=${disk} .known=${known}></vs-volumes-view>`;
  }

  /** @param {string} what */
  #renderWaiting(what) {
    return html`<div class="shown state" tabindex="-1" role="status"><p class="muted"><vscode-progress-ring></vscode-progress-ring><span>${what}</span></p></div>`;
  }

  willUpdate() {
    this.#focused = Boolean(this.shadowRoot?.activeElement);
  }

  updated() {
    const disk = chosenDisk(this.state);
    if (disk && this.state.tab === 'files') void this.workspace.files.look(disk);
    if (this.#focused && !this.shadowRoot?.activeElement) void this.focus();
  }

  /** Whether the focus was here before an update, which may take away what has it. */
  #focused = false;

  /** Goes to what is shown. */
  async focus() {
    const shown = /** @type {HTMLElement & {updateComplete?: Promise<boolean>} | null} */ (this.renderRoot.querySelector('.shown'));
    await shown?.updateComplete;
    // A disk's only volume is opened at once: its list may be gone by now.
    if (shown && !shown.isConnected) await this.focus();
    else shown?.focus();
  }
}

customElements.define('vs-files-view', FilesView);
