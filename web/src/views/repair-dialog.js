// Repair: what would be changed and what would be lost is told first; the
// repaired file is saved when the person has seen it.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {baseName, formatCount, formatShare, messageOf} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {JobDialog} from './job-dialog.js';
import './findings.js';
import './ranges.js';

/** @import {Repaired, Saved} from '../engine/jobs-protocol.js' */
/** @import {FileInfo} from '../engine/protocol.js' */

/** How many of the findings that stay are shown. */
const shown = 50;

/** <vs-repair-dialog> */
export class RepairDialog extends JobDialog {
  static properties = {
    ...JobDialog.properties, file: {state: true}, data: {state: true}, repaired: {state: true}, progress: {state: true}, error: {state: true},
  };

  static styles = [JobDialog.styles, css`
    section { display: grid; gap: 6px; grid-template-columns: minmax(0, 1fr); }
    h3 { display: flex; gap: 6px; align-items: center; }
    vs-icon { vertical-align: 0; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
    .left { max-block-size: 220px; overflow: auto; }
  `];

  /** @type {AbortController | null} */
  #running = null;
  /** Whether what was made is being saved. */
  #kept = false;

  constructor() {
    super();
    /** @type {FileInfo | null} */
    this.file = null;
    /** Whether all data are read too. */
    this.data = false;
    /** @type {Repaired | null} */
    this.repaired = null;
    this.progress = {done: 0, total: 0};
    this.error = '';
  }

  /** @param {FileInfo} file */
  open(file) {
    this.file = file;
    this.data = false;
    this.#kept = false;
    void this.show();
    void this.#run(file);
  }

  render() {
    const {file, repaired} = this;
    if (!file) return nothing;
    const made = repaired?.saved;
    const savable = made?.blob && made.changes.length > 0;
    return this.renderDialog(html`Repair <bdi>${baseName(file.name)}</bdi>`, html`${this.#renderBody()}
        <label class="choice"><input type="checkbox" data-testid="repair-data" .checked=${this.data}
          @change=${(/** @type {any} */ {target}) => this.#runWith(file, target.checked)}>Read all data too, and leave out what cannot be read</label>`,
      savable ? {label: 'Save the repaired file', act: () => this.#save(file, made)} : null);
  }

  #renderBody() {
    const {repaired, error, progress: {done, total}} = this;
    if (error) return html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>${error}</span></p>`;
    if (!repaired) {
      return html`<p>Looking for what can be put right… ${total > 0 ? formatShare(done, total) : ''}</p>
        <vscode-progress-bar .value=${done} .max=${Math.max(total, 1)} .indeterminate=${total === 0} aria-label="Looking at the file"></vscode-progress-bar>`;
    }
    const {saved: {changes, lost}, left} = repaired;
    if (changes.length === 0) {
      return html`<p class="said" data-testid="nothing-to-repair"><vs-icon class=${left.length > 0 ? 'warning' : 'good'} name=${left.length > 0 ? 'warning' : 'pass-filled'}></vs-icon>
          <span>${left.length > 0 ? 'Nothing in this file can be put right from what it holds.' : 'There is nothing to repair.'}</span></p>
        ${this.#renderLeft(left)}`;
    }
    return html`
      <p class="muted">The file that is open stays as it is. In the new one this is different:</p>
      <section aria-labelledby="changes" data-testid="repair-changes"><h3 id="changes">${formatCount(changes.length, 'change')}</h3><vs-ranges .ranges=${changes}></vs-ranges></section>
      <section aria-labelledby="lost" data-testid="repair-lost"><h3 id="lost">${lost.length === 0
        ? html`<vs-icon class="good" name="pass-filled"></vs-icon>Nothing is lost`
        : html`<vs-icon class="bad" name="warning"></vs-icon>${formatCount(lost.length, 'range')} of the disk cannot be had back`}</h3>
        ${lost.length > 0 ? html`<vs-ranges .ranges=${lost} name="${baseName(this.file?.name ?? '')} - lost ranges.txt"></vs-ranges>` : nothing}</section>
      ${this.#renderLeft(left)}`;
  }

  /** @param {Repaired['left']} left */
  #renderLeft(left) {
    if (left.length === 0) return nothing;
    return html`<section aria-labelledby="left" data-testid="repair-left"><h3 id="left">${formatCount(left.length, 'finding')} of a check ${left.length === 1 ? 'stays' : 'stay'}</h3>
      <div class="left"><vs-findings .workspace=${this.workspace} .findings=${left.slice(0, shown)}></vs-findings>
      ${left.length > shown ? html`<p class="muted">… and ${left.length - shown} more.</p>` : nothing}</div></section>`;
  }

  /**
   * @param {FileInfo} file
   * @param {boolean} data
   */
  #runWith(file, data) {
    this.data = data;
    void this.#run(file);
  }

  /** @param {FileInfo} file */
  async #run(file) {
    this.#drop();
    const running = new AbortController();
    this.#running = running;
    this.error = '';
    this.progress = {done: 0, total: 0};
    try {
      const repaired = await this.workspace.jobs.run('repair', {file: file.key, data: this.data, to: {name: nameFor(file.name, 'repaired'), handle: null}}, {
        files: [file.key],
        signal: running.signal,
        onProgress: (done, total) => { this.progress = {done, total}; },
      });
      if (running.signal.aborted) await this.workspace.jobs.release(repaired.saved);
      else this.repaired = repaired;
    } catch (error) {
      if (!running.signal.aborted) this.error = messageOf(error);
    }
  }

  closed() {
    this.#drop();
    this.file = null;
  }

  /** Ends a repair that is under way, and forgets one that is not saved. */
  #drop() {
    this.#running?.abort();
    if (this.repaired && !this.#kept) void this.workspace.jobs.release(this.repaired.saved);
    this.repaired = null;
  }

  /**
   * @param {FileInfo} file
   * @param {Saved} saved
   */
  #save(file, saved) {
    this.#kept = true;
    void this.workspace.desk.keep({title: 'Repaired', source: baseName(file.name), name: saved.name}, saved);
  }
}

customElements.define('vs-repair-dialog', RepairDialog);
