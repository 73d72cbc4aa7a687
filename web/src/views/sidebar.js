// The files as a tree: every disk with its layers, leaf first, then the
// files that are in no chain.

import {css, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import '@vscode-elements/elements/dist/vscode-tree/index.js';
import '@vscode-elements/elements/dist/vscode-tree-item/index.js';
import {fileOf, otherFiles} from '../engine/store.js';
import {baseName, formatCount, formatSize} from '../format.js';
import {layerClass, layerLabel, layerStyles, layerTitle, placeOf} from '../layers.js';
import {networkWords} from '../remote/network-tag.js';
import {isRemote} from '../remote/remote-file.js';
import {shared} from '../styles/shared.js';
import {kindWord, layerSign, verdict} from '../words.js';
import {View} from './view.js';
import './file-menu.js';
import './icon.js';

/** @import {VscodeTreeItem} from '@vscode-elements/elements/dist/vscode-tree-item/vscode-tree-item.js' */
/** @import {DiskInfo, FileInfo, LayerInfo} from '../engine/protocol.js' */
/** @import {FileMenu} from './file-menu.js' */

/** <vs-sidebar foldable>: foldable where it stands above the rest. */
export class Sidebar extends View {
  static properties = {foldable: {type: Boolean, reflect: true}, folded: {state: true}};

  static styles = [shared, layerStyles, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); background: var(--page); container-type: inline-size; }
    .top { display: flex; align-items: center; gap: 6px; padding: 8px 12px 4px; }
    h2 { flex: 1; color: var(--muted); font-size: 12px; }
    .top button {
      display: inline-flex; align-items: center; gap: 4px; padding: 2px 6px;
      border: 0; border-radius: 4px; background: none; color: var(--muted); font: inherit; font-size: 12px; cursor: pointer;
    }
    .top button:hover { background: var(--hover); color: var(--text); }
    .scroll { overflow: auto; padding-block-end: 8px; }
    vscode-tree-item { --vscode-font-size: 13px; }
    .name { overflow: hidden; text-overflow: ellipsis; }
    .badge { margin-inline-end: 2px; block-size: 18px; min-inline-size: 18px; }
    .state { display: inline-flex; align-items: center; gap: 3px; padding-inline: 6px 10px; font-size: 12px; }
    .network { display: inline-flex; align-items: center; padding-inline: 6px; color: var(--muted); }
    .network + .state { padding-inline-start: 0; }
    .network vs-icon { font-size: 14px; vertical-align: 0; }
    .state vs-icon { font-size: 14px; vertical-align: 0; }
    @container (max-width: 239px) { .state span { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; } }
    @media (forced-colors: active) { vscode-tree-item[aria-selected='true'] { outline: 1px solid Highlight; outline-offset: -1px; } }
  `];

  constructor() {
    super();
    this.foldable = false;
    this.folded = false;
  }

  render() {
    const {forest} = this.state;
    const others = otherFiles(forest);
    return html`
      <div class="top">
        <h2>${forest.disks.length > 0 ? formatCount(forest.disks.length, 'disk') : 'Files'}</h2>
        <button type="button" title="Close all files" @click=${() => void this.workspace.closeAll()}>Close all</button>
        ${this.foldable ? html`<button type="button" aria-expanded=${this.folded ? 'false' : 'true'} aria-controls="list"
          aria-label="List of disks" @click=${() => { this.folded = !this.folded; }}>
          <vs-icon name=${this.folded ? 'chevron-right' : 'chevron-down'}></vs-icon></button>` : nothing}
      </div>
      <div class="scroll" id="list" ?hidden=${this.foldable && this.folded}>
        <vscode-tree aria-label="Disks and their layers" indent="12" @vsc-tree-select=${this.#selected}
          @keydown=${this.#keyDown} @contextmenu=${this.#menu}>
          ${repeat(forest.disks, ({id}) => `disk ${id}`, (disk) => this.#renderDisk(disk))}
          ${others.length > 0 ? html`<vscode-tree-item branch open data-group>
            <vs-icon slot="icon-branch" name="files"></vs-icon><vs-icon slot="icon-branch-opened" name="files"></vs-icon>
            Other files
            ${repeat(others, ({key}) => `file ${key}`, (file) => this.#renderOther(file))}
          </vscode-tree-item>` : nothing}
        </vscode-tree>
      </div>
      <vs-file-menu .workspace=${this.workspace}></vs-file-menu>
    `;
  }

  /** @param {DiskInfo} disk */
  #renderDisk(disk) {
    return html`<vscode-tree-item branch open data-disk=${disk.id} title="${disk.name}, ${formatSize(disk.size)}">
      <vs-icon slot="icon-branch" name="layers"></vs-icon><vs-icon slot="icon-branch-opened" name="layers"></vs-icon>
      <bdi class="name">${baseName(disk.name)}</bdi>
      <span slot="decoration" class="state ${disk.complete ? 'good' : 'bad'}" data-testid="chain-state"
        data-state=${disk.complete ? 'complete' : 'incomplete'} title=${verdict(disk).word}>
        <vs-icon name=${disk.complete ? 'pass-filled' : 'debug-disconnect'}></vs-icon><span>${disk.complete ? 'Complete' : 'Incomplete'}</span></span>
      ${disk.layers.map((layer, index) => this.#renderLayer(disk, layer, index))}
    </vscode-tree-item>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {LayerInfo} layer
   * @param {number} index
   */
  #renderLayer(disk, layer, index) {
    const {state} = this;
    const sign = layerSign(layer);
    const file = fileOf(state, layer.file);
    const chosen = state.other === 0 && disk.id === state.disk && index === state.layer;
    const place = placeOf(disk.layers, index);
    return html`<vscode-tree-item data-testid="layer" data-name=${layer.name} data-depth=${index} data-state=${layer.state}
      data-disk=${disk.id} data-file=${layer.file} .selected=${chosen} title=${file ? `${layer.name} (${kindWord(file)})` : layer.name}>
      <span slot="icon-leaf" class="badge ${layerClass(place)}" aria-label=${layerTitle(place)}>${layerLabel(place)}</span>
      <bdi class="name">${baseName(layer.name) || 'Unnamed parent'}</bdi>
      ${this.#renderNetwork(layer.file)}
      ${layer.state === 'resolved' ? nothing : html`<span slot="decoration" class="state ${sign.tone}">
        <vs-icon name=${sign.icon}></vs-icon><span>${layer.chosen ? 'Chosen' : sign.word}</span></span>`}
    </vscode-tree-item>`;
  }

  /** @param {FileInfo} file */
  #renderOther(file) {
    return html`<vscode-tree-item data-testid="other-file" data-name=${file.name} data-file=${file.key}
      .selected=${this.state.other === file.key} title="${file.name}: ${file.problem?.message ?? 'in no chain'}">
      <vs-icon slot="icon-leaf" name=${file.kind === 'refused' ? 'error' : 'file-binary'}></vs-icon>
      <bdi class="name">${baseName(file.name)}</bdi>
      ${this.#renderNetwork(file.key)}
      <span slot="description">${file.problem?.message ?? 'No VHD, and no chain needs it'}</span>
    </vscode-tree-item>`;
  }

  /** @param {number} key */
  #renderNetwork(key) {
    const given = this.workspace.opened.given(key);
    if (!isRemote(given)) return nothing;
    return html`<span slot="decoration" class="network" title=${networkWords(given)}><vs-icon name="globe"></vs-icon><span class="visually-hidden">network</span></span>`;
  }

  /** Goes to the chosen item, for the keyboard. */
  focusTree() {
    this.folded = false;
    const item = /** @type {VscodeTreeItem | null} */ (this.renderRoot.querySelector('vscode-tree-item[data-testid=layer][selected], vscode-tree-item'));
    const chosen = [...this.renderRoot.querySelectorAll('vscode-tree-item')].find((one) => one.selected) ?? item;
    if (!chosen) return;
    chosen.active = true;
    void chosen.updateComplete.then(() => chosen.focus());
  }

  /** @param {Event} event */
  #selected(event) {
    // The event's detail is the list itself, whatever its type says.
    const [item] = /** @type {CustomEvent<VscodeTreeItem[]>} */ (/** @type {unknown} */ (event)).detail;
    if (!item || item.dataset.group !== undefined) return;
    const disk = Number(item.dataset.disk ?? 0);
    if (disk === 0) this.workspace.looking.selectOther(Number(item.dataset.file));
    else this.workspace.looking.selectLayer(disk, Number(item.dataset.depth ?? 0));
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    const item = /** @type {Element} */ (event.target).closest?.('vscode-tree-item');
    const file = Number(item?.dataset.file ?? 0);
    if (event.key === 'Delete' && file !== 0) {
      event.preventDefault();
      void this.workspace.close([file]);
    } else if (item && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault();
      const {left, bottom} = item.getBoundingClientRect();
      this.#openMenu(item, left + 24, Math.min(bottom, item.getBoundingClientRect().top + 24));
    }
  }

  /** @param {MouseEvent} event */
  #menu(event) {
    const item = /** @type {Element} */ (event.target).closest?.('vscode-tree-item');
    if (!item) return;
    event.preventDefault();
    this.#openMenu(item, event.clientX, event.clientY, event.buttons);
  }

  /**
   * @param {VscodeTreeItem} item
   * @param {number} x
   * @param {number} y
   * @param {number} [buttons] of the mouse that are down
   */
  #openMenu(item, x, y, buttons = 0) {
    const disk = Number(item.dataset.disk ?? 0);
    const menu = /** @type {FileMenu} */ (this.renderRoot.querySelector('vs-file-menu'));
    menu.openFor({
      file: Number(item.dataset.file ?? 0),
      disk,
      layer: Number(item.dataset.depth ?? 0),
      whole: disk !== 0 && item.dataset.depth === undefined,
    }, x, y, item, buttons);
  }
}

customElements.define('vs-sidebar', Sidebar);
