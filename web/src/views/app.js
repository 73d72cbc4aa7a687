// The page: header, the files on one side, what is chosen on the other, and
// the places where messages appear.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-split-layout/index.js';
import {fromDrop, fromList} from '../opening/collect.js';
import {sampleFiles} from '../sample.js';
import {formatCount, baseName} from '../format.js';
import {shared} from '../styles/shared.js';
import {broughtBy, openLibrary, openUrlDialog} from '../remote/doors.js';
import {shortcutOf} from '../shortcuts.js';
import {makeSashReachable} from './sash.js';
import './about-dialog.js';
import './actions.js';
import './drop-overlay.js';
import './empty-state.js';
import './header.js';
import './help-dialog.js';
import './jobs-area.js';
import './main-area.js';
import './notices.js';
import '../remote/network-line.js';
import './sidebar.js';

/** @import {Act} from '../jobs/actions.js' */
/** @import {AboutDialog} from './about-dialog.js' */
/** @import {Actions} from './actions.js' */
/** @import {Header} from './header.js' */
/** @import {HelpDialog} from './help-dialog.js' */
/** @import {Sidebar} from './sidebar.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {ShortcutName} from '../shortcuts.js' */

/**
 * Below this width, in px, the files are above what is chosen: 16 bytes a row
 * would not fit beside them.
 */
const narrowBelow = 860;

/** How wide the files are at first, in px. */
const sidebarWidth = () => Math.round(Math.max(180, Math.min(320, innerWidth * 0.25)));

/** <vs-app> */
export class App extends LitElement {
  static properties = {workspace: {attribute: false}, narrow: {state: true}};

  static styles = [shared, css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr) auto auto;
      grid-template-columns: minmax(0, 1fr);
      block-size: 100dvh;
    }
    main { position: relative; min-block-size: 0; display: grid; }
    vscode-split-layout { border: 0; block-size: 100%; min-inline-size: 0; }
    .stack { display: grid; grid-template-rows: auto minmax(0, 1fr); min-block-size: 0; }
    .stack vs-sidebar { max-block-size: 30dvh; border-block-end: 1px solid var(--line); }
    vs-sidebar, vs-main-area { block-size: 100%; min-inline-size: 0; }
    footer {
      display: flex;
      gap: 12px;
      align-items: center;
      justify-content: space-between;
      min-block-size: 24px;
      padding: 2px 12px;
      border-block-start: 1px solid var(--line);
      color: var(--muted);
      font-size: 12px;
    }
    footer [role='status'] { min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .promise { display: flex; gap: 4px; align-items: center; flex: none; }
    .promise vs-icon { font-size: 14px; vertical-align: 0; }
    @media (max-width: 559px) { .promise span { display: none; } }
  `];

  #narrowQuery = matchMedia(`(max-width: ${narrowBelow - 0.02}px)`);

  constructor() {
    super();
    /** @type {Workspace | undefined} */
    this.workspace = undefined;
    this.narrow = this.#narrowQuery.matches;
    this.#narrowQuery.addEventListener('change', ({matches}) => {
      this.narrow = matches;
    });
    addEventListener('keydown', (event) => this.#keyDown(event));
    addEventListener('hashchange', () => this.#takeAddress());
  }

  /** @param {Map<PropertyKey, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('workspace') && this.workspace) {
      const {store} = this.workspace;
      store.subscribe(() => this.requestUpdate());
      this.#takeAddress();
    }
    const state = this.workspace?.store.state;
    const disk = state?.forest.disks.find(({id}) => id === state.disk);
    document.title = disk ? `${baseName(disk.name)} – vhdscope` : 'vhdscope';
  }

  render() {
    const {workspace} = this;
    if (!workspace) return nothing;
    const {state} = workspace.store;
    return html`
      <vs-header .workspace=${workspace} @vs-help=${() => this.#dialog('vs-help-dialog').open()}
        @vs-about=${() => this.#dialog('vs-about-dialog').open()} @vs-sample=${() => void this.#openSample()}
        @vs-url=${() => void openUrlDialog(workspace)} @vs-library=${() => void openLibrary(workspace)}></vs-header>
      <main @vs-act=${this.#act} @vs-changed=${() => void workspace.remote.hearChanged()}>${state.forest.files.length === 0 ? this.#renderEmpty(workspace) : this.#renderFiles(workspace)}
        <vs-notices .workspace=${workspace}></vs-notices></main>
      <vs-jobs-area .workspace=${workspace}></vs-jobs-area>
      <footer>
        <span role="status" aria-live="polite">${state.busy || state.status}</span>
        <vs-network-line .workspace=${workspace}></vs-network-line>
        <span class="promise" title="Files are read where they are, never uploaded and never modified.">
          <vs-icon name="lock"></vs-icon>
          <span>${state.forest.files.length > 0 ? `${formatCount(state.forest.files.length - state.edits.size, 'file')} open, read only` : 'Nothing leaves this page'}</span>
        </span>
      </footer>
      <vs-actions .workspace=${workspace}></vs-actions>
      <vs-drop-overlay @vs-drop=${(/** @type {CustomEvent<DataTransfer>} */ {detail}) =>
        void workspace.openCollected(fromDrop(detail, workspace.recents.on)).catch(() => {})}
        @vs-drop-links=${(/** @type {CustomEvent<string[]>} */ {detail}) => void openUrlDialog(workspace, detail)}></vs-drop-overlay>
      <vs-help-dialog></vs-help-dialog>
      <vs-about-dialog></vs-about-dialog>
    `;
  }

  /** @param {Workspace} workspace */
  #renderEmpty(workspace) {
    return html`<vs-empty-state .workspace=${workspace} .busy=${workspace.store.state.busy !== ''} .library=${workspace.remote.library !== null}
      @vs-url=${() => void openUrlDialog(workspace)} @vs-library=${() => void openLibrary(workspace)}
      @vs-open-files=${() => this.#header().openFiles()}
      @vs-open-folder=${() => this.#header().openFolder()}
      @vs-sample=${() => void this.#openSample()}></vs-empty-state>`;
  }

  /** @param {Workspace} workspace */
  #renderFiles(workspace) {
    const sidebar = html`<vs-sidebar slot="start" .workspace=${workspace} ?foldable=${this.narrow}></vs-sidebar>`;
    const area = html`<vs-main-area slot="end" .workspace=${workspace}></vs-main-area>`;
    if (this.narrow) return html`<div class="stack">${sidebar}${area}</div>`;
    return html`<vscode-split-layout split="vertical" fixed-pane="start" initial-handle-position="${sidebarWidth()}px"
      min-start="180px" min-end="320px" handle-size="6" reset-on-dbl-click ${makeSashReachable('Width of the list of disks')}>${sidebar}${area}</vscode-split-layout>`;
  }

  /** @param {CustomEvent<Act>} event */
  #act({detail}) {
    /** @type {Actions} */ (this.renderRoot.querySelector('vs-actions')).act(detail);
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    const {workspace} = this;
    const name = shortcutOf(event);
    if (!workspace || !name) return;
    event.preventDefault();
    /** @type {Record<ShortcutName, () => void>} */
    const actions = {
      files: () => this.#header().openFiles(),
      folder: () => this.#header().openFolder(),
      url: () => void openUrlDialog(workspace),
      library: () => {
        if (workspace.remote.library) void openLibrary(workspace);
        else workspace.store.set({status: workspace.remote.reach.none || 'This site has no image library.'});
      },
      layers: () => /** @type {Sidebar | null} */ (this.renderRoot.querySelector('vs-sidebar'))?.focusTree(),
      chain: () => workspace.looking.selectTab('chain'),
      volumes: () => workspace.looking.selectTab('files'),
      sectors: () => workspace.looking.selectTab('sectors'),
      changes: () => workspace.looking.selectTab('changes'),
      details: () => workspace.looking.selectTab('details'),
      check: () => workspace.looking.selectTab('check'),
      theme: () => this.#header().nextTheme(),
      help: () => this.#dialog('vs-help-dialog').open(),
    };
    actions[name]();
  }

  /** Asks about the images that the page's own address names. */
  #takeAddress() {
    const brought = broughtBy(location);
    if (this.workspace && brought.length > 0) void openUrlDialog(this.workspace, brought);
  }

  #header() {
    return /** @type {Header} */ (this.renderRoot.querySelector('vs-header'));
  }

  /**
   * @param {'vs-help-dialog' | 'vs-about-dialog'} name
   * @returns {HelpDialog | AboutDialog}
   */
  #dialog(name) {
    return /** @type {HelpDialog | AboutDialog} */ (this.renderRoot.querySelector(name));
  }

  /** The sample is there to show the main job, so its sectors come into view. */
  async #openSample() {
    try {
      await this.workspace?.open(fromList(await sampleFiles()));
      this.workspace?.looking.selectTab('sectors');
    } catch {
      // The workspace has told the person.
    }
  }
}

customElements.define('vs-app', App);
