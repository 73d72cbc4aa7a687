// Relinking: a copy of a child that names another parent, or names its parent
// otherwise. What it says now and what it would say stand side by side.

import {css, html, nothing} from 'lit';
import {fileOf} from '../engine/store.js';
import {baseName, formatCount, messageOf} from '../format.js';
import {nameFor} from '../jobs/names.js';
import {JobDialog} from './job-dialog.js';
import './ranges.js';

/** @import {ParentFields, RelinkPreview} from '../engine/jobs-protocol.js' */
/** @import {FileInfo} from '../engine/protocol.js' */

/** How long the person is to have stopped writing, in ms, before what they wrote is looked at. */
const pause = 300;

/** <vs-relink-dialog> */
export class RelinkDialog extends JobDialog {
  static properties = {
    ...JobDialog.properties, child: {state: true}, parent: {state: true}, relative: {state: true}, absolute: {state: true},
    keepIdentity: {state: true}, preview: {state: true}, error: {state: true},
  };

  static styles = [JobDialog.styles, css`
    .paths { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px 14px; }
    .sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); border: 1px solid var(--line); border-radius: 7px; overflow: hidden; min-block-size: 180px; }
    .sides > div { padding: 8px 12px; min-inline-size: 0; }
    .sides > div + div { border-inline-start: 1px solid var(--line); background: color-mix(in srgb, var(--accent) 6%, transparent); }
    .stale { opacity: 0.6; }
    dl { display: grid; gap: 6px; }
    dt { color: var(--muted); font-size: 12px; }
    dd { overflow-wrap: anywhere; }
    .new { font-weight: 600; color: var(--accent); }
    details summary { cursor: pointer; }
    details vs-ranges { margin-block-start: 6px; }
    @media (max-width: 560px) {
      .paths, .sides { grid-template-columns: minmax(0, 1fr); }
      .sides > div + div { border-inline-start: 0; border-block-start: 1px solid var(--line); }
    }
  `];

  /** @type {AbortController | null} */
  #asking = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    super();
    /** @type {FileInfo | null} */
    this.child = null;
    /** Key of the file that is to be the parent; 0 to write the names only. */
    this.parent = 0;
    this.relative = '';
    this.absolute = '';
    this.keepIdentity = false;
    /** @type {RelinkPreview | null} */
    this.preview = null;
    this.error = '';
  }

  /**
   * @param {FileInfo} child
   * @param {number} parent key of the file to offer as the parent first, 0 for none
   */
  open(child, parent) {
    this.child = child;
    this.preview = null;
    this.absolute = '';
    this.keepIdentity = false;
    this.#useParent(parent);
    void this.show();
  }

  render() {
    const {child, keepIdentity, error} = this;
    if (!child) return nothing;
    return this.renderDialog(html`Relink <bdi>${baseName(child.name)}</bdi>`, html`
      <p class="muted">A copy of the file is saved that names its parent as you say here, so that every tool finds it. All else in it stays as it is.</p>
      <label class="field"><span>Parent</span>
        <select autofocus data-testid="relink-parent" .value=${String(this.parent)} @change=${(/** @type {Event} */ event) => this.#useParent(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
          <option value="0" ?selected=${this.parent === 0}>The one it has: only its names change</option>
          ${this.#possible(child).map(({key, name}) => html`<option value=${key} ?selected=${this.parent === key}>${name}</option>`)}
        </select></label>
      <div class="paths">
        <label class="field"><span>Its path from the child’s folder</span>
          <input type="text" data-testid="relative" spellcheck="false" autocomplete="off" .value=${this.relative} placeholder="parent.vhd"
            @input=${(/** @type {Event} */ event) => { this.relative = value(event); this.#ask(pause); }}></label>
        <label class="field"><span>Its full path, if known</span>
          <input type="text" data-testid="absolute" spellcheck="false" autocomplete="off" .value=${this.absolute} placeholder="D:\\disks\\parent.vhd"
            @input=${(/** @type {Event} */ event) => { this.absolute = value(event); this.#ask(pause); }}></label>
      </div>
      ${this.parent === 0 ? nothing : html`<label class="choice"><input type="checkbox" data-testid="keep-identity" .checked=${keepIdentity}
        @change=${(/** @type {Event} */ event) => { this.keepIdentity = /** @type {HTMLInputElement} */ (event.target).checked; this.#ask(0); }}>
        <span>Leave the parent’s identity and time as they are, and write names only</span></label>`}
      ${error ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>${error}</span></p>` : nothing}
      ${this.#renderSides()}`,
    {label: 'Save the relinked file', act: () => this.#save(child), why: this.#whyNot()});
  }

  #renderSides() {
    const {preview} = this;
    if (!preview) return this.error ? nothing : html`<div class="sides"><div class="muted">Reading what it says…</div></div>`;
    const {before, after, changes} = preview;
    const known = new Set([before.uuid, before.timestamp, ...before.names.map(nameKey)]);
    return html`<div class="sides ${this.error ? 'stale' : ''}">
        <div><h3>Now</h3>${renderFields(before, null)}</div>
        <div aria-live="polite" data-testid="relink-after"><h3>In the new file</h3>${renderFields(after, known)}</div></div>
      ${changes.length === 0 ? html`<p class="muted">Nothing changes.</p>` : html`<details><summary>${formatCount(changes.length, 'range')} of the file ${changes.length === 1 ? 'changes' : 'change'}</summary>
        <vs-ranges .ranges=${changes}></vs-ranges></details>`}`;
  }

  #whyNot() {
    if (this.error) return 'It cannot be saved so.';
    if (!this.preview) return 'One moment…';
    return this.preview.changes.length === 0 ? 'There is nothing to change.' : '';
  }

  /**
   * @param {FileInfo} child
   * @returns {FileInfo[]} the open files that may be its parent: none that stands on it
   */
  #possible(child) {
    const {files, disks} = this.state.forest;
    const above = new Set(disks.flatMap(({layers}) => {
      const at = layers.findIndex(({file}) => file === child.key);
      return layers.slice(0, at + 1).map(({file}) => file);
    }));
    return files.filter(({key, kind}) => kind !== 'refused' && !above.has(key) && !this.state.edits.has(key));
  }

  /** @param {number} key */
  #useParent(key) {
    this.parent = key;
    this.relative = baseName(fileOf(this.state, key)?.name ?? this.child?.parentNames[0]?.text ?? '');
    this.#ask(0);
  }

  /**
   * Asks how the file would look, unless the person goes on writing.
   *
   * @param {number} wait ms
   */
  #ask(wait) {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #look() {
    const {child} = this;
    if (!child) return;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const preview = await this.workspace.jobs.run('preview', {...this.#request(child), to: {name: '', handle: null}},
        {files: this.#files(child), signal: asking.signal});
      if (asking.signal.aborted) return;
      this.preview = preview;
      this.error = '';
    } catch (error) {
      if (!asking.signal.aborted) this.error = messageOf(error);
    }
  }

  /** @param {FileInfo} child */
  #request(child) {
    const {parent, relative, absolute, keepIdentity} = this;
    return {file: child.key, parent, relative, absolute, keepIdentity: keepIdentity && parent !== 0};
  }

  /** @param {FileInfo} child */
  #files(child) {
    return [child.key, this.parent].filter((key) => key !== 0);
  }

  closed() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.child = null;
  }

  /** @param {FileInfo} child */
  #save(child) {
    void this.workspace.desk.start({
      title: 'Relinked',
      source: baseName(child.name),
      name: nameFor(child.name, 'relinked'),
      command: 'relink',
      value: this.#request(child),
      files: this.#files(child),
    });
  }
}

/** @param {Event} event */
function value(event) {
  return /** @type {HTMLInputElement} */ (event.target).value;
}

/** @param {{origin: string, text: string}} name */
function nameKey({origin, text}) {
  return `${origin} ${text}`;
}

/**
 * @param {ParentFields} fields
 * @param {Set<string> | null} known what is as before
 */
function renderFields({uuid, timestamp, names}, known) {
  const mark = (/** @type {string} */ key) => (known && !known.has(key) ? 'new' : '');
  return html`<dl>
    <div><dt>Identity of the parent</dt><dd class=${mark(uuid)}><code>${uuid || 'none'}</code></dd></div>
    <div><dt>Time of the parent</dt><dd class=${mark(timestamp)}>${timestamp || 'none'}</dd></div>
    ${names.map((name) => html`<div><dt>${name.origin}</dt><dd class=${mark(nameKey(name))}><bdi>${name.text}</bdi></dd></div>`)}
  </dl>`;
}

customElements.define('vs-relink-dialog', RelinkDialog);
