// What is chosen, in tabs: its chain, its files, its sectors, what a layer
// changed, its details, and what a check finds in it.

import {css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-tabs/index.js';
import '@vscode-elements/elements/dist/vscode-tab-header/index.js';
import '@vscode-elements/elements/dist/vscode-tab-panel/index.js';
import {shared} from '../styles/shared.js';
import {chosenDisk, fileOf} from '../engine/store.js';
import {View} from './view.js';
import {messageOf} from '../format.js';
import './action-menu.js';
import './chain-view.js';
import './check-view.js';
import './details-view.js';
import './other-file.js';
import './sectors-view.js';

/** @import {VscodeTabPanel} from '@vscode-elements/elements/dist/vscode-tab-panel/vscode-tab-panel.js' */
/** @import {VscodeTabs} from '@vscode-elements/elements/dist/vscode-tabs/vscode-tabs.js' */
/** @import {Tab} from '../engine/store.js' */

/** @type {readonly {tab: Tab, title: string}[]} */
const tabs = [
  {tab: 'chain', title: 'Chain'},
  {tab: 'files', title: 'Files'},
  {tab: 'sectors', title: 'Sectors'},
  {tab: 'changes', title: 'Changes'},
  {tab: 'details', title: 'Details'},
  {tab: 'check', title: 'Check'},
];

/** Views that are loaded when they are first shown: the page starts without them. @type {Partial<Record<Tab, () => Promise<unknown>>>} */
const late = {
  files: () => import('../files/files-view.js'),
  changes: () => import('../changes/changes-view.js'),
};

/**
 * The bar takes Enter and arrows for its tabs, wherever in it they are
 * pressed. Shortcuts of the page go on to it.
 *
 * @param {KeyboardEvent} event
 */
const keepFromTabs = (event) => {
  if (!event.altKey) event.stopPropagation();
};

/** Where there is no room for all tabs, they move closer, and then their bar scrolls. */
const closer = css`@media (max-width: 480px) { .wrapper { padding-inline: 5px; } }`;
const scrolling = css`
  .header { min-inline-size: 0; }
  .tablist { min-inline-size: 0; overflow-x: auto; scrollbar-width: none; }
  slot[name='addons'] { flex: none; }
`;

/**
 * Adds to the styles of an element by others.
 *
 * @param {Element} element
 * @param {import('lit').CSSResult} style
 */
function restyle({shadowRoot}, {styleSheet}) {
  const sheets = shadowRoot?.adoptedStyleSheets;
  if (styleSheet && sheets && !sheets.includes(styleSheet)) sheets.push(styleSheet);
}

/** <vs-main-area> */
export class MainArea extends View {
  static properties = {arrived: {state: true}, failed: {state: true}};

  static styles = [shared, css`
    :host { display: grid; background: var(--surface); min-block-size: 0; }
    vscode-tabs { display: grid; grid-template-rows: auto minmax(0, 1fr); min-block-size: 0; min-inline-size: 0; }
    vscode-tab-panel { min-block-size: 0; min-inline-size: 0; overflow: hidden; }
    vscode-tab-panel > * { block-size: 100%; }
    vscode-tab-header { padding-inline: 4px; font-weight: 500; }
    vs-action-menu { margin-inline: 8px; }
    .late { padding: 16px; block-size: auto; }
    @media (max-width: 480px) { vscode-tab-header { padding-inline: 0; } vs-action-menu { margin-inline: 4px; } }
    @media (forced-colors: active) { vscode-tab-header[active] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  /** What is being loaded. @type {Set<Tab>} */
  #loading = new Set();

  constructor() {
    super();
    /** Which late views are there. @type {ReadonlySet<Tab>} */
    this.arrived = new Set();
    /** Why the one that is shown is not, '' where nothing is wrong. */
    this.failed = '';
  }

  render() {
    const {state, workspace} = this;
    const other = fileOf(state, state.other);
    if (other) return html`<vs-other-file .workspace=${workspace} .file=${other}></vs-other-file>`;
    const index = tabs.findIndex(({tab}) => tab === state.tab);
    return html`<vscode-tabs .selectedIndex=${index} @vsc-tabs-select=${this.#selected} @keydown=${this.#keyDown}>
      ${tabs.map(({tab, title}) => html`
        <vscode-tab-header slot="header" data-testid="tab-${tab}">${title}</vscode-tab-header>
        <vscode-tab-panel role="tabpanel" aria-label=${title} data-testid="panel-${tab}">${this.#keeps(tab) ? this.#renderTab(tab) : ''}</vscode-tab-panel>`)}
      ${chosenDisk(state) ? html`<vs-action-menu slot="addons" chain .workspace=${workspace} .disk=${state.disk} .layer=${state.layer}
        @keydown=${keepFromTabs}></vs-action-menu>` : nothing}
    </vscode-tabs>`;
  }

  updated() {
    const bar = /** @type {VscodeTabs | null} */ (this.renderRoot.querySelector('vscode-tabs'));
    if (!bar) this.#shown = '';
    if (!bar || this.state.tab === this.#shown) return;
    restyle(bar, scrolling);
    for (const header of bar.querySelectorAll('vscode-tab-header')) restyle(header, closer);
    this.#shown = this.state.tab;
    bar.querySelector(`[data-testid=tab-${this.#shown}]`)?.scrollIntoView({block: 'nearest', inline: 'nearest'});
    const arriving = this.#fetch(this.#shown);
    if (this.#focused) void arriving.then(() => this.#goToPanel(bar, this.#shown));
  }

  /**
   * Takes the focus along from a panel that is hidden now.
   *
   * @param {VscodeTabs} bar
   * @param {string} tab
   */
  async #goToPanel(bar, tab) {
    const panel = /** @type {VscodeTabPanel | null} */ (bar.querySelector(`[data-testid=panel-${tab}]`));
    await this.updateComplete;
    await bar.updateComplete;
    await panel?.updateComplete;
    /** @type {HTMLElement | null | undefined} */ (panel?.firstElementChild)?.focus();
  }

  /** @type {Tab | ''} */
  #shown = '';
  /** Whether the focus was in a tab's panel before an update that may hide it. */
  #focused = false;

  willUpdate() {
    this.#focused = Boolean(this.shadowRoot?.activeElement?.closest('vscode-tab-panel'));
  }

  /**
   * Loads a late view, unless it is there or on its way.
   *
   * @param {Tab} tab
   */
  async #fetch(tab) {
    const load = late[tab];
    if (!load || this.arrived.has(tab) || this.#loading.has(tab)) return;
    this.#loading.add(tab);
    this.failed = '';
    try {
      await load();
      this.arrived = new Set([...this.arrived, tab]);
    } catch (error) {
      this.failed = messageOf(error);
    }
    this.#loading.delete(tab);
  }

  /** @param {Tab} tab */
  #renderLate(tab) {
    if (this.state.tab !== tab) return '';
    if (!this.failed) return html`<p class="late muted" role="status">Loading…</p>`;
    return html`<p class="late" role="alert"><span class="bad">This part of the page could not be loaded: ${this.failed}</span>
      <button type="button" class="link" @click=${() => void this.#fetch(tab)}>Try again</button></p>`;
  }

  /**
   * All but the chain stay when another tab is shown, so that one comes back
   * to them as they were.
   *
   * @param {Tab} tab
   */
  #keeps(tab) {
    return tab !== 'chain' || this.state.tab === 'chain';
  }

  /** @param {Tab} tab */
  #renderTab(tab) {
    const {workspace} = this;
    if (late[tab] && !this.arrived.has(tab)) return this.#renderLate(tab);
    if (tab === 'chain') return html`<vs-chain-view .workspace=${workspace}></vs-chain-view>`;
    if (tab === 'files') return html`<vs-files-view .workspace=${workspace}></vs-files-view>`;
    if (tab === 'changes') return html`<vs-changes-view .workspace=${workspace}></vs-changes-view>`;
    if (tab === 'check') return html`<vs-check-view .workspace=${workspace}></vs-check-view>`;
    if (tab === 'sectors') return html`<vs-sectors-view .workspace=${workspace}></vs-sectors-view>`;
    return html`<vs-details-view .workspace=${workspace}></vs-details-view>`;
  }

  /** @param {CustomEvent<{selectedIndex: number}>} event */
  #selected({detail: {selectedIndex}}) {
    const chosen = tabs[selectedIndex];
    if (chosen) this.workspace.looking.selectTab(chosen.tab);
  }

  /**
   * Tabs know the arrows and Enter; a tab list also has Space, Home and End.
   *
   * @param {KeyboardEvent} event
   */
  #keyDown(event) {
    const header = /** @type {Element} */ (event.target).closest?.('vscode-tab-header');
    if (!header) return;
    const headers = [...this.renderRoot.querySelectorAll('vscode-tab-header')];
    const index = {' ': headers.indexOf(header), Home: 0, End: headers.length - 1}[event.key];
    const chosen = index === undefined ? undefined : tabs[index];
    if (index === undefined || !chosen) return;
    event.preventDefault();
    this.workspace.looking.selectTab(chosen.tab);
    void this.updateComplete.then(() => headers[index]?.focus());
  }
}

customElements.define('vs-main-area', MainArea);
