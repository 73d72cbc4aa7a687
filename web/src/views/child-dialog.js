// A new, empty child of a layer: what is written to it leaves the layer as it is.

import {css, html, nothing} from 'lit';
import {baseName} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {JobDialog} from './job-dialog.js';

/** @import {FileInfo} from '../engine/protocol.js' */

/** <vs-child-dialog> */
export class ChildDialog extends JobDialog {
  static properties = {...JobDialog.properties, parent: {state: true}, leaf: {state: true}};

  static styles = [JobDialog.styles, css`
    form { display: grid; gap: 10px; }
    dialog { inline-size: min(560px, calc(100vw - 24px)); }
  `];

  constructor() {
    super();
    /** @type {FileInfo | null} */
    this.parent = null;
    /** Whether no other image stands on the parent. */
    this.leaf = true;
  }

  /**
   * @param {FileInfo} parent
   * @param {boolean} leaf
   */
  open(parent, leaf) {
    this.parent = parent;
    this.leaf = leaf;
    void this.show();
  }

  render() {
    const {parent} = this;
    if (!parent) return nothing;
    return this.renderDialog(html`New child of <bdi>${baseName(parent.name)}</bdi>`, html`
      <p>An empty differencing VHD: it reads exactly as ${baseName(parent.name)} does, and takes in what a machine writes from then on.
        Once it is in use, nothing may be written to its parent${this.leaf ? '' : ', which other images stand on already'}.</p>
      <form @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <label class="field"><span>The parent’s path from the child’s folder</span>
          <input type="text" autofocus name="relative" data-testid="relative" spellcheck="false" autocomplete="off" .value=${baseName(parent.name)}></label>
        <label class="field"><span>The parent’s full path, if known</span>
          <input type="text" name="absolute" data-testid="absolute" spellcheck="false" autocomplete="off" .value=${''} placeholder="D:\\disks\\parent.vhd"></label>
      </form>`,
    {label: 'Save the child', act: () => this.#save(parent)});
  }

  closed() {
    this.parent = null;
  }

  /** @param {FileInfo} parent */
  #save(parent) {
    const form = new FormData(/** @type {HTMLFormElement} */ (this.renderRoot.querySelector('form')));
    void this.workspace.desk.start({
      title: 'New child',
      source: baseName(parent.name),
      name: nameFor(parent.name, 'child'),
      command: 'create',
      value: {
        type: 'differencing', size: 0, blockSize: 0, parent: parent.key,
        relative: String(form.get('relative') ?? ''), absolute: String(form.get('absolute') ?? ''),
      },
      files: [parent.key],
    });
  }
}

customElements.define('vs-child-dialog', ChildDialog);
