// A choice of one among the layers, for views that show one of them: a row
// of buttons while there are few, a list when there are many.

import {LitElement, css, html, nothing} from 'lit';
import {baseName} from '../format.js';
import {layerClass, layerLabel, layerStyles, placeOf} from '../layers.js';
import {shared} from '../styles/shared.js';

/** @import {LayerInfo} from '../engine/protocol.js' */

/** How many layers have buttons, and how many on a narrow page. */
const buttons = 6;
const narrowButtons = 1;

/**
 * <vs-layer-picker .layers .value label first>: value is a layer's index, or
 * -1 for the entry before them, which first names; event 'vs-pick' (detail:
 * the new value).
 */
export class LayerPicker extends LitElement {
  static properties = {layers: {attribute: false}, value: {attribute: false}, label: {type: String}, first: {type: String}};

  static styles = [shared, layerStyles, css`
    :host { display: block; min-inline-size: 0; }
    fieldset { display: flex; flex-wrap: wrap; gap: 4px; margin: 0; padding: 0; border: 0; min-inline-size: 0; }
    label {
      display: inline-flex; gap: 6px; align-items: center; max-inline-size: 240px;
      padding: 3px 9px 3px 5px; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); cursor: pointer;
    }
    label:not(:has(.badge)) { padding-inline-start: 9px; }
    label:hover { border-color: var(--line-strong); }
    label:has(:checked) { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 14%, var(--raised)); font-weight: 600; }
    label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 1px; }
    label:has(:disabled) { cursor: default; color: var(--muted); border-style: dashed; }
    input { position: absolute; opacity: 0; inline-size: 1px; block-size: 1px; }
    bdi { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .badge { block-size: 18px; min-inline-size: 18px; }
    select { inline-size: auto; max-inline-size: 100%; padding: 4px 8px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--raised); color: inherit; font: inherit; }
    @media (forced-colors: active) { label:has(:checked) { outline: 2px solid Highlight; } }
  `];

  constructor() {
    super();
    /** @type {LayerInfo[]} */
    this.layers = [];
    this.value = 0;
    this.label = '';
    this.first = '';
  }

  #few = matchMedia('(max-width: 719px)');

  connectedCallback() {
    super.connectedCallback();
    this.#few.addEventListener('change', this.#fit);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#few.removeEventListener('change', this.#fit);
  }

  #fit = () => this.requestUpdate();

  render() {
    const room = this.#few.matches ? narrowButtons : buttons;
    return this.layers.length > room ? this.#renderList() : this.#renderButtons();
  }

  #renderButtons() {
    return html`<fieldset aria-label=${this.label}>
      ${this.first ? html`<label>
        <input type="radio" name="layer" .checked=${this.value === -1} @change=${() => this.#pick(-1)}>${this.first}</label>` : nothing}
      ${this.layers.map((layer, index) => html`<label title=${layer.name}>
        <input type="radio" name="layer" .checked=${this.value === index} ?disabled=${layer.file === 0}
          data-testid="pick-layer" data-depth=${index} @change=${() => this.#pick(index)}>
        <span class="badge ${layerClass(placeOf(this.layers, index))}">${layerLabel(placeOf(this.layers, index))}</span><bdi>${baseName(layer.name)}</bdi></label>`)}
    </fieldset>`;
  }

  #renderList() {
    return html`<select aria-label=${this.label} .value=${String(this.value)}
      @change=${(/** @type {Event} */ event) => this.#pick(Number(/** @type {HTMLSelectElement} */ (event.target).value))}>
      ${this.first ? html`<option value="-1" ?selected=${this.value === -1}>${this.first}</option>` : nothing}
      ${this.layers.map((layer, index) => html`<option value=${index} ?selected=${this.value === index} ?disabled=${layer.file === 0}>
        ${layerLabel(placeOf(this.layers, index))}: ${baseName(layer.name)}</option>`)}
    </select>`;
  }

  /** @param {number} value */
  #pick(value) {
    this.dispatchEvent(new CustomEvent('vs-pick', {detail: value}));
  }
}

customElements.define('vs-layer-picker', LayerPicker);
