// A button with a menu of what can be done with a chain, or with one layer.

import {css, html} from 'lit';
import {chainActions, layerActions} from '../jobs/actions.js';
import {layerWord, placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './icon.js';
import './menu.js';

/** @import {ActionName, Subject} from '../jobs/actions.js' */
/** @import {Menu} from './menu.js' */

/**
 * <vs-action-menu .disk .layer chain>: with chain, of the whole chain and the
 * chosen layer; else of the layer. Event 'vs-act', composed.
 */
export class ActionMenu extends View {
  static properties = {disk: {attribute: false}, layer: {attribute: false}, chain: {type: Boolean}, open: {state: true}};

  static styles = [shared, css`
    :host { display: inline-block; }
    button {
      display: inline-flex; align-items: center; gap: 4px; min-block-size: 26px; padding: 0 6px;
      border: 0; border-radius: 5px; background: none; color: inherit; font: inherit; white-space: nowrap; cursor: pointer;
    }
    button.wide { padding: 0 8px; border: 1px solid var(--line-strong); background: var(--raised); font-weight: 500; }
    button:hover, button[aria-expanded='true'] { background: var(--hover); }
    button.wide:hover, button.wide[aria-expanded='true'] { border-color: var(--accent); color: var(--accent); }
    vs-icon { vertical-align: 0; }
    .arrow { font-size: 12px; }
    .dots { display: none; }
    @media (max-width: 480px) {
      .wide :is(span, .arrow) { display: none; }
      .wide .dots { display: inline-block; }
    }
    @media (pointer: coarse) { button { min-block-size: 32px; min-inline-size: 32px; justify-content: center; } }
  `];

  /** A click on the button closes the menu before the button hears of it. */
  #wasOpen = false;

  constructor() {
    super();
    /** Id of the disk. */
    this.disk = 0;
    /** Index of the layer. */
    this.layer = 0;
    this.chain = false;
    this.open = false;
  }

  render() {
    const layers = this.state.forest.disks.find(({id}) => id === this.disk)?.layers ?? [];
    const name = this.chain ? 'Actions' : `Actions for ${layerWord(placeOf(layers, this.layer))}`;
    return html`<button type="button" class=${this.chain ? 'wide' : ''} aria-haspopup="menu" aria-expanded=${this.open ? 'true' : 'false'}
        aria-label=${name} title=${this.chain ? 'Save, merge, relink, check, repair' : name} data-testid=${this.chain ? 'chain-menu' : 'layer-menu'}
        @pointerdown=${() => { this.#wasOpen = this.open; }} @click=${this.#toggle} @keydown=${this.#keyDown}>
        ${this.chain ? html`<span>Actions</span><vs-icon class="arrow" name="chevron-down"></vs-icon><vs-icon class="dots" name="ellipsis"></vs-icon>` : html`<vs-icon name="ellipsis"></vs-icon>`}
      </button>
      <vs-menu label=${name} @vs-choose=${this.#chosen}
        @vs-toggle=${(/** @type {CustomEvent<boolean>} */ {detail}) => { this.open = detail; }}></vs-menu>`;
  }

  /** @param {Event} event */
  #toggle(event) {
    event.stopPropagation();
    const disk = this.state.forest.disks.find(({id}) => id === this.disk);
    const closes = this.#wasOpen;
    this.#wasOpen = false;
    if (!disk || closes) return;
    const groups = this.chain ? chainActions(this.state, disk, this.layer) : layerActions(this.state, disk, this.layer);
    const button = /** @type {HTMLElement} */ (this.renderRoot.querySelector('button'));
    void /** @type {Menu} */ (this.renderRoot.querySelector('vs-menu')).openFor(groups, button);
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#toggle(event);
    }
  }

  /** @param {CustomEvent<string>} event */
  #chosen({detail}) {
    const file = this.state.forest.disks.find(({id}) => id === this.disk)?.layers[this.layer]?.file ?? 0;
    act(this, /** @type {ActionName} */ (detail), {disk: this.disk, layer: this.layer, file});
  }
}

/**
 * Asks the page to do something; it is done at once, within the person's click.
 *
 * @param {EventTarget} from
 * @param {ActionName} action
 * @param {Subject} subject
 */
export function act(from, action, subject) {
  from.dispatchEvent(new CustomEvent('vs-act', {detail: {action, subject}, bubbles: true, composed: true}));
}

customElements.define('vs-action-menu', ActionMenu);
