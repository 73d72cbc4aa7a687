// The place of a parent that is not there: what exactly is missing, what was
// looked at and not taken, and how to go on.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import {baseName} from '../format.js';
import {layerClass, layerLabel, layerStyles, layerTitle} from '../layers.js';
import {shared} from '../styles/shared.js';
import {fromList} from '../opening/collect.js';
import {pickFiles, pickFolder, picksHandles} from '../opening/handles.js';
import {lookBeside, seekInLibrary} from '../remote/doors.js';
import {hostOf, isRemote} from '../remote/remote-file.js';
import {act} from './action-menu.js';
import './confirm-dialog.js';
import './icon.js';

/** @import {Missing, Refusal} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {ConfirmDialog} from './confirm-dialog.js' */

/** @type {Record<string, string>} */
const titles = {
  'not-found': 'The parent is missing',
  mismatch: 'A file of the right name is not the right disk',
  ambiguous: 'Several files could be the parent',
  cycle: 'The chain comes back to itself',
  depth: 'The chain is too long',
};

/** <vs-missing-parent .missing .disk .index .place> */
export class MissingParent extends LitElement {
  static properties = {workspace: {attribute: false}, missing: {attribute: false}, disk: {attribute: false}, index: {attribute: false}, place: {attribute: false}};

  static styles = [shared, layerStyles, css`
    article {
      display: grid;
      gap: 12px;
      padding: 12px 14px;
      border: 1.5px dashed var(--bad);
      border-radius: 7px;
      background: color-mix(in srgb, var(--bad) 5%, var(--raised));
    }
    header { display: flex; gap: 10px; align-items: center; }
    .badge { border-style: dashed; }
    h3 { font-size: 14px; }
    .message { overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 2px 14px; }
    dt { color: var(--muted); }
    dd { overflow-wrap: anywhere; }
    h4 { color: var(--muted); font-weight: 500; font-size: 12px; margin-block-end: 4px; }
    .refused { display: grid; gap: 6px; }
    .refused li {
      display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center;
      padding: 8px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface);
    }
    .refused div { flex: 1 1 16em; min-inline-size: 0; overflow-wrap: anywhere; }
    .drop {
      display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; justify-content: center;
      padding: 14px; border: 1.5px dashed var(--line-strong); border-radius: 7px; background: var(--surface);
    }
    .drop vs-icon { color: var(--accent); }
    @media (max-width: 480px) { dl { grid-template-columns: minmax(0, 1fr); } dd { margin-block-end: 4px; } }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {Missing} */
    this.missing = /** @type {any} */ (undefined);
    /** Id of the disk that it is missing from. */
    this.disk = 0;
    /** Which layer it would be. */
    this.index = 0;
    /** By which that is called and coloured: see placeOf. */
    this.place = 0;
  }

  render() {
    const {missing, place} = this;
    const child = baseName(this.workspace.nameOf(missing.child));
    const wanted = baseName(missing.names[0]?.text ?? '');
    const open = missing.reason !== 'cycle' && missing.reason !== 'depth';
    return html`<article class=${layerClass(place)} data-testid="missing" data-reason=${missing.reason}>
      <header><span class="badge" aria-label=${layerTitle(place)}>${layerLabel(place)}</span>
        <h3 class="bad">${titles[missing.reason] ?? 'The parent is missing'}</h3></header>
      <p class="message">${missing.message}</p>
      <dl>
        <dt>Asked for by</dt><dd><bdi>${child}</bdi></dd>
        <dt>Identity</dt><dd><code>${missing.uuid || 'none recorded'}</code></dd>
        ${missing.names.map(({origin, text}) => html`<dt>${origin}</dt><dd><bdi>${text}</bdi></dd>`)}
      </dl>
      ${missing.refused.length > 0 ? html`<div><h4>Looked at and not taken</h4>
        <ul class="refused">${missing.refused.map((refusal) => this.#renderRefusal(refusal))}</ul></div>` : nothing}
      ${open ? html`<div class="drop"><vs-icon name="new-file"></vs-icon>
        <span>Drop ${wanted ? html`<strong><bdi>${wanted}</bdi></strong>` : 'it'} here, under whatever name it has now</span>
        <vscode-button secondary @click=${() => this.#pick(pickFiles)}>Choose a file</vscode-button>
        ${this.#handle() ? html`<vscode-button secondary data-testid="own-folder" title="Opens what is in the folder of ${child}" @click=${() => this.#pick(pickFolder)}>Look in its folder…</vscode-button>` : nothing}
        ${this.#renderNetwork()}
        <input type="file" multiple hidden data-testid="open-parent" aria-label="The missing parent" @change=${this.#picked}></div>` : nothing}
      <vs-confirm-dialog></vs-confirm-dialog>
    </article>`;
  }

  /** Where on a network it may be looked for. */
  #renderNetwork() {
    const {workspace, missing} = this;
    const child = workspace.opened.given(missing.child);
    return html`
      ${workspace.remote.library ? html`<vscode-button secondary data-testid="seek-library" @click=${() => void seekInLibrary(workspace)}>Look in the image library</vscode-button>` : nothing}
      ${isRemote(child) && missing.names.length > 0 ? html`<vscode-button secondary data-testid="look-beside" title="Ask ${hostOf(child)} for its names beside the child"
        @click=${() => void lookBeside(workspace, missing)}>Look beside its child</vscode-button>` : nothing}`;
  }

  /** @param {Refusal} refusal */
  #renderRefusal(refusal) {
    return html`<li data-testid="refusal"><div><strong><bdi>${baseName(refusal.name)}</bdi></strong>
        <p>${refusal.reason}</p>
        ${refusal.uuid ? html`<p class="muted">Identity <code>${refusal.uuid}</code></p>` : nothing}</div>
      ${refusal.usable ? html`<vscode-button secondary data-testid="use-anyway"
        @click=${() => void this.#useAnyway(refusal)}>Use this file anyway</vscode-button>
        <vscode-button secondary data-testid="relink-to" title="Save a copy of ${baseName(this.workspace.nameOf(this.missing.child))} that names this file as its parent"
          @click=${this.#relink}>Relink to it…</vscode-button>` : nothing}</li>`;
  }

  #relink() {
    act(this, 'relink', {disk: this.disk, layer: this.index - 1, file: this.missing.child});
  }

  /** @param {Refusal} refusal */
  async #useAnyway(refusal) {
    const dialog = /** @type {ConfirmDialog} */ (this.renderRoot.querySelector('vs-confirm-dialog'));
    const {child, uuid} = this.missing;
    const confirmed = await dialog.ask({
      title: `Use ${baseName(refusal.name)} as the parent anyway?`,
      paragraphs: [
        `${baseName(this.workspace.nameOf(child))} asks for the disk ${uuid || 'without an identity'}; this file is ${refusal.uuid || 'a disk without an identity'}.`,
        'If it is not exactly the disk that the child was made from, sectors of two different states are mixed: files in it may look whole and hold wrong bytes, or not be found at all, and nothing on this page can tell which.',
        'No file is modified, and the choice can be taken back at any time.',
      ],
      confirm: 'Use it anyway',
    });
    if (confirmed) void this.workspace.choose(child, refusal.file);
  }

  /** What the file that asks for it was opened by, where a picker can begin there. */
  #handle() {
    return picksHandles() ? this.workspace.opened.handleOf(this.missing.child) : undefined;
  }

  /** @param {typeof pickFiles | typeof pickFolder} pick */
  #pick(pick) {
    const startIn = this.#handle();
    if (startIn) void this.workspace.openPicked(pick({startIn}));
    else this.#input().click();
  }

  #input() {
    return /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('input'));
  }

  #picked() {
    const input = this.#input();
    const given = fromList(input.files ?? []);
    input.value = '';
    if (given.length > 0) void this.workspace.open(given);
  }
}

customElements.define('vs-missing-parent', MissingParent);
