// Does what menus ask for: at once, or by way of a dialog.

import {html} from 'lit';
import {chosenDisk, fileOf, filesOf} from '../engine/store.js';
import {baseName} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {View} from './view.js';
import './child-dialog.js';
import './merge-dialog.js';
import './relink-dialog.js';
import './repair-dialog.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Act, Subject} from '../jobs/actions.js' */
/** @import {ChildDialog} from './child-dialog.js' */
/** @import {MergeDialog} from './merge-dialog.js' */
/** @import {RelinkDialog} from './relink-dialog.js' */
/** @import {RepairDialog} from './repair-dialog.js' */

/** Ways to save a disk as it is. */
const forms = {
  'save-raw': {as: 'raw', title: 'Raw disk', what: '', extension: 'img'},
  'save-fixed': {as: 'fixed', title: 'Fixed VHD', what: 'fixed', extension: 'vhd'},
  'save-dynamic': {as: 'dynamic', title: 'Dynamic VHD', what: 'dynamic', extension: 'vhd'},
};

/** <vs-actions> */
export class Actions extends View {
  render() {
    const {workspace} = this;
    return html`
      <vs-merge-dialog .workspace=${workspace}></vs-merge-dialog>
      <vs-relink-dialog .workspace=${workspace}></vs-relink-dialog>
      <vs-child-dialog .workspace=${workspace}></vs-child-dialog>
      <vs-repair-dialog .workspace=${workspace}></vs-repair-dialog>`;
  }

  /**
   * To be called within the person's click, in which a picker may open.
   *
   * @param {Act} act
   */
  act({action, subject}) {
    const disk = this.state.forest.disks.find(({id}) => id === subject.disk);
    const file = fileOf(this.state, subject.file);
    if (action === 'check') this.#check(subject);
    else if (action === 'save-edits' && disk) void this.workspace.editing.save(disk);
    else if (action === 'discard-edits') void this.workspace.editing.discard(subject.disk);
    else if (action === 'repair' && file) /** @type {RepairDialog} */ (this.#dialog('repair')).open(file);
    else if (action === 'relink' && file) /** @type {RelinkDialog} */ (this.#dialog('relink')).open(file, this.#parentOf(subject));
    else if (action === 'child' && file) /** @type {ChildDialog} */ (this.#dialog('child')).open(file, subject.layer === 0 || disk?.layers[subject.layer - 1]?.edit === true);
    else if (action === 'merge' && disk) /** @type {MergeDialog} */ (this.#dialog('merge')).open(disk, subject.layer);
    else if (action in forms && disk) this.#save(disk, /** @type {keyof typeof forms} */ (action));
  }

  /**
   * @param {DiskInfo} disk
   * @param {keyof typeof forms} form
   */
  #save(disk, form) {
    const {as, title, what, extension} = forms[form];
    void this.workspace.desk.start({
      title,
      source: baseName(disk.name),
      name: nameFor(disk.name, what, /** @type {'vhd' | 'img'} */ (extension)),
      command: 'save',
      value: {disk: disk.id, first: 0, last: disk.layers.length - 1, as, blockSize: 0, parent: 0, salvage: false},
      files: filesOf(disk),
    });
  }

  /** @param {Subject} subject */
  #check({disk, file, layer}) {
    const {workspace} = this;
    const target = {disk, file: disk === 0 ? file : 0};
    if (disk === 0) workspace.looking.selectOther(file);
    else if (chosenDisk(this.state)?.id !== disk || this.state.other !== 0) workspace.looking.selectLayer(disk, layer);
    workspace.looking.selectTab('check');
    void workspace.checks.start(target, false);
  }

  /**
   * The file to offer as a layer's parent: the one it has, or one that was
   * looked at for that place.
   *
   * @param {Subject} subject
   * @returns {number}
   */
  #parentOf({disk: id, layer}) {
    const disk = this.state.forest.disks.find((one) => one.id === id);
    const below = disk?.layers[layer + 1]?.file ?? 0;
    const usable = disk?.missing?.refused.find((refusal) => refusal.usable)?.file ?? 0;
    return below || (disk?.missing?.child === disk?.layers[layer]?.file ? usable : 0);
  }

  /** @param {'merge' | 'relink' | 'child' | 'repair'} name */
  #dialog(name) {
    return /** @type {Element} */ (this.renderRoot.querySelector(`vs-${name}-dialog`));
  }
}

customElements.define('vs-actions', Actions);
