// A menu: groups of items in a popover, so that it is above everything and
// closes by itself. What cannot be chosen stays in it and says why.

import {LitElement, css, html, nothing} from 'lit';
import {shared} from '../styles/shared.js';
import './icon.js';

/** @import {IconName} from './icon.js' */

/**
 * An item: hint stands at its end; why, where it is not empty, says why the
 * item cannot be chosen.
 *
 * @typedef {{value: string, label: string, icon?: IconName, hint?: string, why?: string}} MenuItem
 */

/** Why of a group is why none of its items can be chosen. @typedef {{title?: string, why?: string, items: MenuItem[]}} MenuGroup */

/** <vs-menu label>; events 'vs-choose' (detail: the item's value), 'vs-toggle' (detail: whether it is open). */
export class Menu extends LitElement {
  static properties = {label: {type: String}, groups: {state: true}};

  static styles = [shared, css`
    [popover] {
      position: fixed; inset: auto; margin: 0; padding: 4px; min-inline-size: 200px; max-inline-size: min(340px, calc(100vw - 8px));
      max-block-size: calc(100dvh - 8px); overflow: auto; overscroll-behavior: contain;
      border: 1px solid var(--line-strong); border-radius: 8px; background: var(--raised); color: var(--text);
      box-shadow: 0 8px 28px var(--shadow);
    }
    [role='group'] + [role='group'] { margin-block-start: 4px; padding-block-start: 4px; border-block-start: 1px solid var(--line); }
    .title { padding: 3px 8px 2px; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
    button {
      display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 8px; align-items: center;
      inline-size: 100%; min-block-size: 28px; padding: 3px 8px;
      border: 0; border-radius: 5px; background: none; color: inherit; font: inherit; text-align: start; cursor: pointer;
    }
    button:not(:has(vs-icon)) { grid-template-columns: minmax(0, 1fr) auto; }
    button:focus { outline: none; }
    button:not([aria-disabled]):is(:hover, :focus) { background: var(--accent-fill); color: var(--on-accent); }
    button[aria-disabled] { color: var(--muted); cursor: default; }
    button[aria-disabled]:is(:hover, :focus) { background: var(--hover); }
    .hint { color: var(--muted); font-size: 12px; }
    button:not([aria-disabled]):is(:hover, :focus) .hint { color: inherit; }
    .why { grid-column: 2 / -1; font-size: 12px; }
    @media (pointer: coarse) { button { min-block-size: 40px; } }
    @media (forced-colors: active) { button:focus { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  /** @type {HTMLElement | null} */
  #from = null;

  constructor() {
    super();
    this.label = '';
    /** @type {MenuGroup[]} */
    this.groups = [];
  }

  render() {
    return html`<div popover role="menu" aria-label=${this.label} @toggle=${this.#toggled} @keydown=${this.#keyDown}>
      ${this.groups.map(({title, why, items}, i) => html`<div role="group" aria-label=${title || nothing}>
        ${title ? html`<div class="title" aria-hidden="true"><bdi>${title}</bdi></div>` : nothing}
        ${why ? html`<div class="title" id="why-${i}">${why}</div>` : nothing}
        ${items.map((item) => this.#renderItem(item, why ? `why-${i}` : ''))}</div>`)}
    </div>`;
  }

  /**
   * @param {MenuItem} item
   * @param {string} none id of why no item of its group can be chosen, where that is so
   */
  #renderItem({value, label, icon, hint, why}, none) {
    const barred = Boolean(why || none);
    return html`<button type="button" role="menuitem" tabindex="-1" data-value=${value}
        aria-disabled=${barred ? 'true' : nothing} aria-describedby=${none || nothing}
        @click=${() => { if (!barred) this.#choose(value); }} @pointermove=${(/** @type {Event} */ event) => /** @type {HTMLElement} */ (event.currentTarget).focus()}>
      ${icon ? html`<vs-icon name=${icon}></vs-icon>` : nothing}
      <span>${label}</span>
      ${hint ? html`<span class="hint">${hint}</span>` : nothing}
      ${why ? html`<span class="why">${why}</span>` : nothing}
    </button>`;
  }

  /**
   * @param {MenuGroup[]} groups
   * @param {HTMLElement} from gets the focus back
   * @param {{x: number, y: number, buttons?: number}} [at] px from the corner of the window; without it, beneath from. Buttons of the mouse that are down: it opens when they are up, which would close it
   */
  async openFor(groups, from, at) {
    if (at?.buttons) await new Promise((resolve) => addEventListener('pointerup', () => setTimeout(resolve), {once: true, capture: true}));
    this.groups = groups;
    this.#from = from;
    await this.updateComplete;
    const popover = this.#popover();
    popover.showPopover();
    const {width, height} = popover.getBoundingClientRect();
    const box = from.getBoundingClientRect();
    const x = at ? at.x : box.right - width;
    const y = at ? at.y : box.bottom + 4 + height > innerHeight && box.top - 4 > height ? box.top - 4 - height : box.bottom + 4;
    popover.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
    popover.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
    this.#items()[0]?.focus();
  }

  #close() {
    this.#popover().hidePopover();
    // Before anything else happens: a dialog gives it back to where it was.
    this.#from?.focus();
  }

  /** @param {string} value */
  #choose(value) {
    this.#close();
    this.dispatchEvent(new CustomEvent('vs-choose', {detail: value}));
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    const items = this.#items();
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1}[event.key]
      ?? this.#byLetter(event, items, at);
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      this.#close();
    }
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    items[next % items.length]?.focus();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement[]} items
   * @param {number} at
   * @returns {number | undefined} the next item that begins with the letter that was typed
   */
  #byLetter({key, altKey, ctrlKey, metaKey}, items, at) {
    if (key.length !== 1 || key === ' ' || altKey || ctrlKey || metaKey) return undefined;
    const labels = this.groups.flatMap((group) => group.items.map(({label}) => label.toLowerCase()));
    for (let i = 1; i <= items.length; i++) {
      if (labels[(at + i) % items.length]?.startsWith(key.toLowerCase())) return (at + i) % items.length;
    }
    return undefined;
  }

  /** @param {ToggleEvent} event */
  #toggled(event) {
    this.dispatchEvent(new CustomEvent('vs-toggle', {detail: event.newState === 'open'}));
  }

  #items() {
    return /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('[role=menuitem]')]);
  }

  #popover() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('[popover]'));
  }
}

customElements.define('vs-menu', Menu);
