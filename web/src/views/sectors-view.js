// The Sectors tab: the hex view, and above it the choice of what it shows:
// the disk as a machine reads it, or one layer's own file.

import {css, html, nothing} from 'lit';
import {leafOf} from '../edits/offers.js';
import {chosenDisk, fileOf} from '../engine/store.js';
import {placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import '../hex/hex-view.js';
import '../tracing/trace-bar.js';
import './edit-bar.js';
import './layer-picker.js';

/** @import {DiskInfo, Span} from '../engine/protocol.js' */
/** @import {EditsInfo} from '../engine/store.js' */
/** @import {HexView} from '../hex/hex-view.js' */

/** Where one was in each thing that was shown, by disk and file. @type {Map<string, number>} */
const positions = new Map();

/** Where no file is outlined. @type {readonly Span[]} */
const noRuns = [];

/** <vs-sectors-view> */
export class SectorsView extends View {
  static properties = {caret: {state: true}};

  static styles = [shared, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); grid-template-columns: minmax(0, 1fr); min-block-size: 0; }
    .bar { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; padding: 8px 12px; border-block-end: 1px solid var(--line); }
    vs-trace-bar { margin-inline-end: auto; }
    vs-edit-bar { margin-inline-start: auto; }
    vs-hex-view { min-block-size: 0; min-inline-size: 0; }
  `];

  /** What the source was made from, so that it changes only when that does. @type {unknown[]} */
  #madeFrom = [];
  /** @type {any} */
  #source = null;
  #place = '';
  #reached = '';
  #reachedTarget = 0;
  #wasEditing = false;

  constructor() {
    super();
    /** Where the caret is in what is shown. */
    this.caret = 0;
  }

  render() {
    const disk = chosenDisk(this.state);
    if (!disk) return nothing;
    const {state, workspace} = this;
    const index = state.bytesOf === 0 ? -1 : disk.layers.findIndex(({file}) => file === state.bytesOf);
    this.#makeSource(disk, index);
    return html`
      <div class="bar"><vs-layer-picker label="What to show" first="Resolved disk" .layers=${disk.layers} .value=${index}
        @vs-pick=${(/** @type {CustomEvent<number>} */ {detail}) => workspace.looking.selectBytes(disk.layers[detail]?.file ?? 0)}></vs-layer-picker>
        ${index < 0 ? html`<vs-trace-bar .workspace=${workspace} .disk=${disk} .offset=${this.caret}></vs-trace-bar>` : nothing}
        <vs-edit-bar .workspace=${workspace} .disk=${disk} .locked=${index < 0 ? '' : 'A file is shown as it is; edits are made on the disk.'}></vs-edit-bar></div>
      <vs-hex-view .engine=${workspace.engine} .source=${this.#source}
        .edits=${index < 0 ? workspace.editing.of(disk) : null} .steps=${stepsOf(state.edits.get(disk.id))} .editing=${state.editing && index < 0}
        .outline=${index < 0 && state.outline?.disk === disk.id ? state.outline.runs : noRuns}
        @vs-editing=${(/** @type {CustomEvent<{on: boolean}>} */ {detail}) => this.#turn(detail.on, index < 0)}
        @vs-position=${(/** @type {CustomEvent<{offset: number}>} */ {detail}) => this.#moved(detail.offset)}></vs-hex-view>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index of the layer whose own file is shown, -1 for the resolved disk
   */
  #makeSource(disk, index) {
    const layer = disk.layers[index];
    const file = layer ? fileOf(this.state, layer.file) : undefined;
    const madeFrom = [disk, file];
    if (madeFrom.every((one, i) => one === this.#madeFrom[i]) && this.#source) return;
    this.#madeFrom = madeFrom;
    // The place is the same with edits on top and without.
    const place = `${leafOf(disk)} ${file?.key ?? 0}`;
    this.#place = place;
    this.#source = layer && file
      ? {disk: 0, file: file.key, size: file.size, name: file.name, layers: [layer], layerIndex: placeOf(disk.layers, index), place}
      : {disk: disk.id, file: 0, size: disk.size, name: disk.name, layers: disk.layers, place};
  }

  /** @param {number} offset */
  #moved(offset) {
    positions.set(this.#place, offset);
    this.caret = offset;
  }

  /** Goes to the bytes. */
  focus() {
    this.#hex()?.focus();
  }

  #hex() {
    return /** @type {HexView | null} */ (this.renderRoot.querySelector('vs-hex-view'));
  }

  /**
   * @param {boolean} on
   * @param {boolean} possible
   */
  #turn(on, possible) {
    if (possible || !on) void this.workspace.editing.turn(on);
  }

  updated() {
    const hex = this.#hex();
    if (!hex) return;
    // Whoever turns editing on goes on to type.
    if (hex.editing && !this.#wasEditing && this.state.tab === 'sectors') this.focus();
    this.#wasEditing = hex.editing;
    const {target} = this.state;
    if (target && target.serial !== this.#reachedTarget) {
      this.#reachedTarget = target.serial;
      this.#reached = this.#place;
      hex.goTo(target.offset, target.length);
      hex.focus();
    } else if (this.#reached !== this.#place) {
      this.#reached = this.#place;
      const known = positions.get(this.#place);
      if (known !== undefined) hex.goTo(known);
    }
  }
}

/** @param {EditsInfo | undefined} edits */
function stepsOf(edits) {
  return {undo: edits?.undo ?? 0, redo: edits?.redo ?? 0};
}

customElements.define('vs-sectors-view', SectorsView);
