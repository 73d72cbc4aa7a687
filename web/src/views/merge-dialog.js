// Merging: which run of layers becomes one, and what that means for the rest.

import {css, html, nothing} from 'lit';
import {filesOf} from '../engine/store.js';
import {baseName} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {firstRun, layersThere, moveEnd, reachesBase} from '../jobs/runs.js';
import {layerClass, layerLabel, layerStyles, layerTitle, layerWord, placeOf} from '../layers.js';
import {JobDialog} from './job-dialog.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {Run} from '../jobs/runs.js' */

/** Forms that a disk without a parent can take. */
const forms = [
  {as: 'dynamic', word: 'Dynamic VHD'},
  {as: 'fixed', word: 'Fixed VHD'},
  {as: 'raw', word: 'Raw disk'},
];

/**
 * @param {Run} run
 * @returns the forms in which a run down to the base can take its place: raw
 *   disks have no identity by which a layer above would find them
 */
const formsOf = ({top}) => (top === 0 ? forms : forms.filter(({as}) => as !== 'raw'));

/** <vs-merge-dialog> */
export class MergeDialog extends JobDialog {
  static properties = {...JobDialog.properties, disk: {state: true}, run: {state: true}, as: {state: true}};

  static styles = [JobDialog.styles, layerStyles, css`
    .frame { border: 1px solid var(--line); border-radius: 7px; overflow: auto; max-block-size: 40dvh; }
    table { inline-size: 100%; border-collapse: collapse; }
    th, td { padding: 5px 10px; text-align: start; font-weight: 400; }
    thead :is(th, td) { color: var(--muted); font-size: 12px; background: var(--sunken); }
    .pick { inline-size: 1%; text-align: center; }
    .pick input { margin: 3px; }
    tbody tr { border-block-start: 1px solid var(--line); }
    tr.merged { background: color-mix(in srgb, var(--accent) 9%, transparent); }
    tr:not(.merged) .name { color: var(--muted); }
    .name { display: flex; gap: 8px; align-items: center; }
    .what { inline-size: 1%; white-space: nowrap; color: var(--muted); font-size: 12px; }
    .merged .what { color: var(--accent); font-weight: 500; }
    .outcome { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 14px; align-items: baseline; }
    .outcome dt { color: var(--muted); }
    select { inline-size: auto; }
    @media (max-width: 480px) { .outcome { grid-template-columns: minmax(0, 1fr); gap: 2px; } .outcome dd { margin-block-end: 6px; } th, td { padding-inline: 5px; } }
  `];

  constructor() {
    super();
    /** @type {DiskInfo | null} */
    this.disk = null;
    /** @type {Run} */
    this.run = {top: 0, bottom: 1};
    this.as = 'dynamic';
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} layer the chosen one
   */
  open(disk, layer) {
    this.disk = disk;
    this.run = firstRun(disk, layer);
    this.as = 'dynamic';
    void this.show();
  }

  render() {
    const {disk, run} = this;
    if (!disk) return nothing;
    return this.renderDialog('Merge layers', html`
      <p class="muted">Choose the highest and the lowest layer of those that are to become one. The files that are open stay as they are; the result is a new file.</p>
      <div class="frame"><table>
        <thead><tr><th scope="col" class="pick">From</th><th scope="col" class="pick">To</th><th scope="col">Layer</th><td></td></tr></thead>
        <tbody>${disk.layers.map((_, i) => this.#renderLayer(disk, i))}</tbody></table></div>
      <dl class="outcome" aria-live="polite">${this.#renderOutcome(disk, run)}</dl>`,
    {label: 'Save the merged layer', act: () => this.#save(disk)});
  }

  /**
   * @param {DiskInfo} disk
   * @param {number} index
   */
  #renderLayer(disk, index) {
    const {run} = this;
    const count = layersThere(disk);
    const layer = disk.layers[index];
    const place = placeOf(disk.layers, index);
    const merged = index >= run.top && index <= run.bottom;
    const name = baseName(layer?.name ?? '') || 'Unnamed parent';
    const radio = (/** @type {'top' | 'bottom'} */ end, /** @type {boolean} */ possible) => html`<td class="pick">
      <input type="radio" name=${end} .checked=${run[end] === index} ?disabled=${!possible} ?autofocus=${end === 'top' && run.top === index} data-testid="merge-${end}" data-depth=${index}
        aria-label="${end === 'top' ? 'From' : 'To'} ${layerWord(place)}, ${name}"
        @change=${() => this.#move(moveEnd(run, end, index, count))}></td>`;
    return html`<tr class=${merged ? 'merged' : ''}>
      ${radio('top', index < count - 1)}${radio('bottom', index > 0 && index < count)}
      <th scope="row"><span class="name"><span class="badge ${layerClass(place)}" aria-hidden="true">${layerLabel(place)}</span><bdi>${name}</bdi></span></th>
      <td class="what">${index >= count ? 'missing' : merged ? 'merged' : 'stays'}</td>
    </tr>`;
  }

  /**
   * @param {DiskInfo} disk
   * @param {Run} run
   */
  #renderOutcome(disk, run) {
    const {top, bottom} = run;
    const whole = reachesBase(disk, run);
    const word = (/** @type {number} */ i) => layerWord(placeOf(disk.layers, i));
    const label = (/** @type {number} */ i) => `${word(i)} (${baseName(disk.layers[i]?.name ?? '') || 'which is missing'})`;
    const merged = `${word(top)} ${bottom === top + 1 ? 'and' : 'to'} ${word(bottom)}`;
    return html`
      <dt>Comes out</dt><dd data-testid="outcome">${whole
        ? html`One disk that needs no parent, with all that ${merged} hold, as a
          <select aria-label="Form of the result" @change=${(/** @type {Event} */ event) => { this.as = /** @type {HTMLSelectElement} */ (event.target).value; }}>
            ${formsOf(run).map(({as, word}) => html`<option value=${as} ?selected=${this.as === as}>${word}</option>`)}</select>`
        : html`One differencing VHD with all that ${merged} hold, whose parent is ${label(bottom + 1)}`}</dd>
      ${top > 0 ? html`<dt>Above</dt><dd>What lies above ${word(top)} stays as before.
        The new file has the identity of ${label(top)}, so that it can take that place:
        under that name, or under another once ${word(top - 1)} ${disk.layers[top - 1]?.edit ? 'are' : 'is'} relinked to it.</dd>` : nothing}
      ${whole ? nothing : html`<dt>Below</dt><dd>Stays as before, and the new file needs it.</dd>`}`;
  }

  /** @param {Run} run */
  #move(run) {
    this.run = run;
    if (!formsOf(run).some(({as}) => as === this.as)) this.as = 'dynamic';
  }

  closed() {
    this.disk = null;
  }

  /** @param {DiskInfo} disk */
  #save(disk) {
    const {top, bottom} = this.run;
    const as = reachesBase(disk, this.run) ? this.as : 'differencing';
    const source = disk.layers[top]?.name ?? disk.name;
    void this.workspace.desk.start({
      title: `${layerTitle(placeOf(disk.layers, top))} to ${layerWord(placeOf(disk.layers, bottom))} merged`,
      source: baseName(disk.name),
      name: nameFor(source, 'merged', as === 'raw' ? 'img' : 'vhd'),
      command: 'save',
      value: {disk: disk.id, first: top, last: bottom, as, blockSize: 0, parent: 0, salvage: false},
      files: filesOf(disk),
    });
  }
}

customElements.define('vs-merge-dialog', MergeDialog);
