// The context menu of a disk, a layer or another file.

import {html} from 'lit';
import {chainActions, layerActions, otherActions} from '../jobs/actions.js';
import {fileOf} from '../engine/store.js';
import {isRemote} from '../remote/remote-file.js';
import {act} from './action-menu.js';
import {View} from './view.js';
import './menu.js';

/** @import {ActionName} from '../jobs/actions.js' */
/** @import {Menu, MenuGroup, MenuItem} from './menu.js' */

/**
 * What a menu is about: a file, 0 for none; the disk it is shown under, 0 for
 * none, and which layer of it; whole when the disk itself is meant.
 *
 * @typedef {{file: number, disk: number, layer: number, whole: boolean}} MenuTarget
 */

/** @type {MenuItem[]} */
const looks = [
  {label: 'Show in chain', value: 'chain'},
  {label: 'Show sectors', value: 'sectors'},
  {label: 'Show details', value: 'details'},
];

/** @type {MenuGroup} */
const closeFile = {items: [{label: 'Close file', hint: 'Delete', value: 'close'}]};

/** @type {MenuGroup} */
const closeRemote = {items: [{label: 'Open anew from the server', value: 'anew'}, ...closeFile.items]};

/** <vs-file-menu> */
export class FileMenu extends View {
  /** @type {MenuTarget} */
  #target = {file: 0, disk: 0, layer: 0, whole: false};

  render() {
    return html`<vs-menu label="File" @vs-choose=${this.#chosen}></vs-menu>`;
  }

  /**
   * @param {MenuTarget} target
   * @param {number} x px from the left of the window
   * @param {number} y px from its top
   * @param {HTMLElement} from gets the focus back
   * @param {number} [buttons] of the mouse that are down
   */
  openFor(target, x, y, from, buttons = 0) {
    this.#target = target;
    void /** @type {Menu} */ (this.renderRoot.querySelector('vs-menu')).openFor(this.#groups(), from, {x, y, buttons});
  }

  /** @returns {MenuGroup[]} */
  #groups() {
    const {state} = this;
    const {file, disk: id, layer, whole} = this.#target;
    const disk = state.forest.disks.find((one) => one.id === id);
    const close = isRemote(this.workspace.opened.given(file)) ? closeRemote : closeFile;
    if (!disk) return [...otherActions(fileOf(state, file)), close];
    if (whole) {
      const [save, chain] = chainActions(state, disk, 0);
      return [{items: looks.slice(0, 2)}, ...(save && chain ? [save, chain] : []),
        {items: [{label: 'Close all files of this disk', value: 'close-disk'}]}];
    }
    if (file === 0) return [{items: [{label: 'Show what is missing', value: 'chain'}]}];
    return [{items: looks}, ...layerActions(state, disk, layer), ...(state.edits.has(file) ? [] : [close])];
  }

  /** @param {CustomEvent<string>} event */
  #chosen({detail: value}) {
    const {workspace} = this;
    const {file, disk, layer, whole} = this.#target;
    if (value === 'close') {
      void workspace.close([file]);
    } else if (value === 'anew') {
      void workspace.remote.openAnew([file]).catch(() => {});
    } else if (value === 'close-disk') {
      void workspace.close(this.#ownFiles(disk));
    } else if (value === 'chain' || value === 'details') {
      workspace.looking.selectLayer(disk, layer);
      workspace.looking.selectTab(value);
    } else if (value === 'sectors') {
      workspace.looking.selectLayer(disk, layer);
      workspace.looking.selectTab('sectors');
      workspace.looking.selectBytes(whole ? 0 : file);
    } else {
      act(this, /** @type {ActionName} */ (value), {disk, layer, file});
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
}

customElements.define('vs-file-menu', FileMenu);
