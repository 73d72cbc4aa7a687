// The context menu of a disk, a layer or another file.

import {css, html} from 'lit';
import '@vscode-elements/elements/dist/vscode-context-menu/index.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';

/** @import {VscodeContextMenu} from '@vscode-elements/elements/dist/vscode-context-menu/vscode-context-menu.js' */

/**
 * What a menu is about: a file, 0 for none; the disk it is shown under, 0 for
 * none, and which layer of it; whole when the disk itself is meant.
 *
 * @typedef {{file: number, disk: number, layer: number, whole: boolean}} MenuTarget
 */

/** <vs-file-menu>: a popover, so that it is above everything and closes by itself. */
export class FileMenu extends View {
  static styles = [shared, css`
    [popover] { position: fixed; inset: auto; margin: 0; padding: 0; border: 0; background: none; overflow: visible; }
  `];

  /** @type {MenuTarget} */
  #target = {file: 0, disk: 0, layer: 0, whole: false};
  /** @type {HTMLElement | null} */
  #from = null;

  render() {
    return html`<div popover @toggle=${this.#toggled}>
      <vscode-context-menu prevent-close @vsc-context-menu-select=${this.#chosen}
        @keydown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape' || event.key === 'Tab') this.#close(); }}></vscode-context-menu>
    </div>`;
  }

  /**
   * @param {MenuTarget} target
   * @param {number} x px from the left of the window
   * @param {number} y px from its top
   * @param {HTMLElement} from gets the focus back
   */
  openFor(target, x, y, from) {
    this.#target = target;
    this.#from = from;
    const menu = this.#menu();
    menu.data = this.#entries();
    menu.show = true;
    const popover = this.#popover();
    popover.showPopover();
    void menu.updateComplete.then(() => {
      nameRoles(menu);
      const {width, height} = popover.getBoundingClientRect();
      popover.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
      popover.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
    });
  }

  #entries() {
    const {file, disk, whole} = this.#target;
    const look = [
      {label: 'Show in chain', value: 'chain'},
      {label: 'Show sectors', value: 'sectors'},
      {label: 'Show details', value: 'details'},
      {label: '', separator: true},
    ];
    if (whole) return [...look.slice(0, 2), {label: '', separator: true}, {label: 'Close all files of this disk', value: 'close-disk'}];
    if (disk === 0) return [{label: 'Close file', keybinding: 'Delete', value: 'close'}];
    if (file === 0) return [{label: 'Show what is missing', value: 'chain'}];
    return [...look, {label: 'Close file', keybinding: 'Delete', value: 'close'}];
  }

  /** @param {CustomEvent<{value: string}>} event */
  #chosen({detail: {value}}) {
    const {workspace} = this;
    const {file, disk, layer, whole} = this.#target;
    this.#close();
    if (value === 'close') {
      void workspace.close([file]);
    } else if (value === 'close-disk') {
      void workspace.close(this.#ownFiles(disk));
    } else {
      workspace.selectLayer(disk, layer);
      if (value === 'chain' || value === 'details') workspace.selectTab(value);
      else if (whole) {
        workspace.selectTab('sectors');
        workspace.selectBytes(0);
      } else {
        workspace.selectTab('sectors');
        workspace.selectBytes(file);
      }
    }
  }

  /**
   * The files of a disk that no other disk stands on.
   *
   * @param {number} id
   */
  #ownFiles(id) {
    const {disks} = this.state.forest;
    const others = new Set(disks.filter((disk) => disk.id !== id).flatMap(({layers}) => layers.map(({file}) => file)));
    const layers = disks.find((disk) => disk.id === id)?.layers ?? [];
    return layers.map(({file}) => file).filter((file) => file !== 0 && !others.has(file));
  }

  #close() {
    this.#popover().hidePopover();
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    if (event.newState === 'open') return;
    this.#menu().show = false;
    this.#from?.focus();
  }

  #menu() {
    return /** @type {VscodeContextMenu} */ (this.renderRoot.querySelector('vscode-context-menu'));
  }

  #popover() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('[popover]'));
  }
}

/**
 * The element draws a menu and does not say so to screen readers.
 *
 * @param {VscodeContextMenu} menu
 */
function nameRoles(menu) {
  const box = /** @type {HTMLElement | null} */ (menu.renderRoot.querySelector('.context-menu'));
  if (!box) return;
  box.role = 'menu';
  box.ariaLabel = 'File';
  for (const item of box.querySelectorAll('vscode-context-menu-item')) {
    item.role = item.separator ? 'separator' : 'menuitem';
    item.ariaLabel = item.label;
    item.tabIndex = -1;
  }
  box.focus();
}

customElements.define('vs-file-menu', FileMenu);
