// Above the bytes of a disk: the switch between looking and editing, and what
// can be done with all edits at once.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {formatCount} from '../format.js';
import {layerStyles} from '../layers.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './icon.js';

/** @import {DiskInfo} from '../engine/protocol.js' */

/** <vs-edit-bar .disk .locked>: locked says why nothing can be edited here, '' where it can. */
export class EditBar extends View {
  static properties = {disk: {attribute: false}, locked: {attribute: false}};

  static styles = [shared, layerStyles, css`
    :host { display: flex; flex-wrap: wrap; gap: 6px 10px; align-items: center; }
    .state { display: inline-flex; gap: 5px; align-items: center; color: var(--layer); }
    .state vs-icon { font-size: 14px; vertical-align: 0; }
    .edited { font-weight: 600; }
    .mark { inline-size: 8px; block-size: 8px; border-radius: 50%; background: currentColor; }
  `];

  constructor() {
    super();
    /** @type {DiskInfo} */
    this.disk = /** @type {any} */ (undefined);
    this.locked = '';
  }

  render() {
    const {state, workspace, disk, locked} = this;
    if (locked) return html`<span class="muted" data-testid="edit-locked">${locked}</span>`;
    const info = state.edits.get(disk.id);
    const on = state.editing;
    return html`
      ${info ? this.#renderState(info) : nothing}
      ${info && info.sectors > 0 ? html`
        <vscode-button secondary data-testid="save-edits" @click=${this.#save}>Save edits as VHD…</vscode-button>
        <vscode-button secondary data-testid="discard-edits" @click=${() => void this.#discard(info.key)}>Discard…</vscode-button>` : nothing}
      <vscode-button ?secondary=${!on} data-testid="edit" aria-pressed=${on} title=${on ? 'End editing (Escape)' : 'Edit bytes (F2); the file stays as it is'}
        @click=${() => void workspace.editing.turn(!on)}>${on ? 'Done' : 'Edit'}</vscode-button>`;
  }

  /** @param {import('../engine/store.js').EditsInfo} info */
  #renderState({sectors, saved, id, forgotten}) {
    if (sectors === 0) return html`<span class="state muted" data-testid="edit-state">No edits</span>`;
    const kept = saved ? 'saved' : id ? 'not saved, kept in this browser' : 'not saved: lost with this tab';
    return html`<span class="state layer-edits" data-testid="edit-state"
      title=${forgotten > 0 ? `The first ${formatCount(forgotten, 'step')} can no longer be undone` : ''}>
      ${saved ? html`<vs-icon name="check"></vs-icon>` : html`<span class="mark"></span>`}
      <span class="edited">${formatCount(sectors, 'sector')} edited</span><span class="muted">${kept}${forgotten > 0 ? ', first steps forgotten' : ''}</span></span>`;
  }

  /** @param {number} key */
  async #discard(key) {
    await this.workspace.editing.discard(key);
    await this.updateComplete;
    // The button that was pressed may be gone.
    if (!this.renderRoot.querySelector('[data-testid=discard-edits]')) this.focus();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('[data-testid=edit]'))?.focus();
  }

  /** Saved is what differs from the disk below: the smallest child that any tool opens. */
  #save() {
    const {disk, workspace} = this;
    const info = this.state.edits.get(disk.id);
    if (!info) return;
    void workspace.editing.save(disk);
  }
}

customElements.define('vs-edit-bar', EditBar);
