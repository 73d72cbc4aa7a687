// The field to look for files by name in, and what was found.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {formatCount, formatNumber, formatSize, legible} from '../format.js';
import {chipStyles} from '../styles/chips.js';
import {shared} from '../styles/shared.js';
import {tagStyles} from '../styles/tag.js';
import {View} from '../views/view.js';
import '../views/icon.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {FoundEntry} from '../engine/volumes-protocol.js' */
/** @import {Found, FoundVolume} from './finding.js' */

/** How many more names are drawn at a time. */
const page = 200;

/** <vs-file-search .disk>: the field. */
export class FileSearch extends View {
  static properties = {disk: {attribute: false}};

  static styles = [shared, chipStyles, css`
    :host { display: block; min-inline-size: 0; }
    form { display: flex; flex-wrap: wrap; gap: 6px 8px; align-items: center; }
    input[type='search'] {
      flex: 1 1 160px; min-block-size: 28px; inline-size: 200px; min-inline-size: 0; padding: 3px 8px;
      border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: inherit; font: inherit;
    }
    .chip { font-size: 12px; }
  `];

  constructor() {
    super();
    /** @type {DiskInfo} */
    this.disk = /** @type {any} */ (undefined);
  }

  render() {
    const {found} = this.state;
    return html`<form role="search" @submit=${this.#submit}>
      <input type="search" name="pattern" data-testid="find-files" placeholder="Find in all volumes" aria-label="Find files by name in all volumes"
        title="Part of a name, or a pattern as *.txt, with * ? [a-z]; with / it is for whole paths" autocomplete="off" spellcheck="false">
      <label class="chip" title="Match case"><input type="checkbox" name="case" aria-label="Match case">Aa</label>
      ${found?.disk === this.disk.id && !found.shown ? html`<button type="button" class="link" data-testid="show-found" @click=${() => this.#do(() => this.workspace.finding.show(true))}>Show what was found</button>` : nothing}
      ${found?.disk === this.disk.id && found.running ? html`<button type="button" class="link" @click=${() => this.#do(() => this.workspace.finding.stop())}>Stop</button>` : nothing}</form>`;
  }

  /**
   * Does what takes its own button away; the field has the focus then.
   *
   * @param {() => void} act
   */
  #do(act) {
    act();
    this.renderRoot.querySelector('input')?.focus();
  }

  /** @param {SubmitEvent & {currentTarget: HTMLFormElement}} event */
  #submit(event) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const pattern = String(given.get('pattern') ?? '');
    if (pattern.trim() === '') this.workspace.finding.clear();
    else void this.workspace.finding.start(this.disk.id, pattern, given.get('case') !== null);
  }
}

/** <vs-found-files .found> */
export class FoundFiles extends View {
  static properties = {found: {attribute: false}, shown: {state: true}};

  static styles = [shared, tagStyles, css`
    :host { display: block; overflow: auto; container-type: inline-size; }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; padding: 12px 16px; max-inline-size: 1080px; }
    header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; }
    h2 { font-size: 16px; overflow-wrap: anywhere; }
    h3 { display: flex; flex-wrap: wrap; gap: 2px 10px; }
    li { display: flex; gap: 0 12px; padding: 3px 0; align-items: baseline; }
    li + li { border-block-start: 1px solid var(--line); }
    li .way { flex: 1; min-inline-size: 0; }
    li .link { overflow-wrap: anywhere; }
    .size { flex: none; color: var(--muted); font-variant-numeric: tabular-nums; }
    .said { display: flex; gap: 6px; }
  `];

  constructor() {
    super();
    /** @type {Found | null} */
    this.found = null;
    this.shown = page;
    this.pattern = '';
  }

  willUpdate() {
    if (this.pattern !== this.found?.pattern) this.shown = page;
    this.pattern = this.found?.pattern ?? '';
  }

  render() {
    const {found} = this;
    if (!found) return nothing;
    const count = found.volumes.reduce((sum, {entries}) => sum + entries.length, 0);
    const looked = found.volumes.reduce((sum, one) => sum + one.looked, 0);
    let room = this.shown;
    return html`<div class="page" data-testid="found">
      <header><h2>“<bdi>${found.pattern}</bdi>”</h2><span class="muted">${formatCount(count, 'name')} found, ${formatNumber(looked)} looked at${found.running ? '…' : ''}</span>
        <button type="button" class="link" data-testid="end-search" @click=${() => this.workspace.finding.show(false)}>Back to the folder</button></header>
      ${found.error ? html`<p class="bad said" role="alert"><vs-icon name="error"></vs-icon><span>${found.error}</span></p>` : nothing}
      ${found.more ? html`<p class="said"><vs-icon class="muted" name="info"></vs-icon><span>There are more: only the first are shown. Look for something narrower.</span></p>` : nothing}
      ${found.volumes.map((volume) => {
        const drawn = volume.entries.slice(0, Math.max(room, 0));
        room -= drawn.length;
        return this.#renderVolume(found, volume, drawn);
      })}
      ${count > this.shown ? html`<p><vscode-button secondary @click=${() => { this.shown += page; }}>Show more of ${formatNumber(count)}</vscode-button></p>` : nothing}
    </div>`;
  }

  /** Goes to the first name; where none was found, to the way back. */
  focus() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('li button') ?? this.renderRoot.querySelector('[data-testid=end-search]'))?.focus();
  }

  /**
   * @param {Found} found
   * @param {FoundVolume} volume
   * @param {readonly FoundEntry[]} drawn
   */
  #renderVolume(found, {title, start, entries, problem, problems}, drawn) {
    return html`<section aria-label=${title}><h3><bdi>${title}</bdi><span class="muted">${formatNumber(entries.length)}</span></h3>
      ${problem ? html`<p class="bad said"><vs-icon name="error"></vs-icon><span>Not all of it could be looked through: ${problem}</span></p>` : nothing}
      ${problems > 0 ? html`<p class="said"><vs-icon class="warning" name="warning"></vs-icon><span>${formatCount(problems, 'folder')} could not be read.</span></p>` : nothing}
      <ul>${drawn.map(({path, kind, deleted, size}) => html`<li data-testid="found-file">
        <span class="way"><button type="button" class="link" @click=${() => this.workspace.looking.showFile(found.disk, start, path)}><bdi>${legible(path)}</bdi></button>
          ${deleted ? html`<span class="tag"><vs-icon name="trash"></vs-icon>deleted</span>` : nothing}</span>
        <span class="size">${kind === 'directory' ? 'folder' : kind === 'link' ? 'link' : formatSize(size)}</span></li>`)}</ul></section>`;
  }
}

customElements.define('vs-file-search', FileSearch);
customElements.define('vs-found-files', FoundFiles);
