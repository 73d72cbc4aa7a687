// One structure of a file as a table: each field decoded, raw, and where it
// lies. Choosing a field shows its bytes.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-table/index.js';
import '@vscode-elements/elements/dist/vscode-table-header/index.js';
import '@vscode-elements/elements/dist/vscode-table-header-cell/index.js';
import '@vscode-elements/elements/dist/vscode-table-body/index.js';
import '@vscode-elements/elements/dist/vscode-table-row/index.js';
import '@vscode-elements/elements/dist/vscode-table-cell/index.js';
import {formatCount, formatOffset} from '../format.js';
import {shared} from '../styles/shared.js';
import './icon.js';

/** @import {Field, Structure} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/** <vs-structure-table .structure .file> */
export class StructureTable extends LitElement {
  static properties = {workspace: {attribute: false}, structure: {attribute: false}, file: {attribute: false}};

  static styles = [shared, css`
    :host { display: block; container-type: inline-size; content-visibility: auto; contain-intrinsic-size: auto 480px; }
    h2 { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; font-size: 14px; margin-block-end: 6px; }
    h2 small { font-size: 12px; font-weight: 400; }
    .sum { display: inline-flex; gap: 4px; align-items: center; font-size: 12px; font-weight: 500; }
    .sum vs-icon { font-size: 14px; vertical-align: 0; }
    vscode-table { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
    vscode-table-cell, vscode-table-header-cell { white-space: normal; overflow-wrap: anywhere; block-size: auto; }
    vscode-table-cell { padding-block: 4px; line-height: 1.45; vertical-align: top; }
    vscode-table-row { cursor: pointer; }
    vscode-table-row:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
    .note { display: block; color: var(--warning); font-size: 12px; }
    .raw { color: var(--muted); }
    .beneath { display: none; color: var(--muted); }
    @container (max-width: 620px) {
      .raw-column, .offset-column { display: none; }
      .beneath { display: block; }
    }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {Structure} */
    this.structure = /** @type {any} */ (undefined);
    this.file = 0;
  }

  render() {
    const {structure} = this;
    return html`<section aria-labelledby="name">
      <h2 id="name">${structure.name}
        ${structure.state === '' ? nothing : html`<span class="sum ${structure.state === 'good' ? 'good' : 'bad'}" data-testid="checksum" data-state=${structure.state}>
          <vs-icon name=${structure.state === 'good' ? 'pass-filled' : 'error'}></vs-icon>Checksum ${structure.state}</span>`}
        <small class="muted">${formatCount(structure.length, 'byte')} at
          <button type="button" class="link mono" title="Show these bytes in the file"
            @click=${() => this.#show(structure.offset, structure.length)}>${formatOffset(structure.offset)}</button></small></h2>
      <vscode-table .columns=${['22%', '40%', '26%', '12%']} bordered-rows zebra>
        <vscode-table-header slot="header">
          <vscode-table-header-cell>Field</vscode-table-header-cell>
          <vscode-table-header-cell>Value</vscode-table-header-cell>
          <vscode-table-header-cell class="raw-column">Raw</vscode-table-header-cell>
          <vscode-table-header-cell class="offset-column">Offset</vscode-table-header-cell>
        </vscode-table-header>
        <vscode-table-body slot="body">${structure.fields.map((field) => this.#renderField(field))}</vscode-table-body>
      </vscode-table>
    </section>`;
  }

  /** @param {Field} field */
  #renderField(field) {
    return html`<vscode-table-row data-testid="field" data-name=${field.name} title="Show these bytes in the file"
      @click=${() => this.#chosen(field)}>
      <vscode-table-cell><button type="button" class="link">${field.name}</button>
        <code class="beneath">${formatOffset(field.offset)}</code></vscode-table-cell>
      <vscode-table-cell><bdi>${field.value}</bdi>${field.note ? html`<span class="note">${field.note}</span>` : nothing}
        <code class="beneath">${field.raw}</code></vscode-table-cell>
      <vscode-table-cell class="raw-column"><code class="raw">${field.raw}</code></vscode-table-cell>
      <vscode-table-cell class="offset-column"><code title="${field.offset}, ${formatCount(field.length, 'byte')}">${formatOffset(field.offset)}</code></vscode-table-cell>
    </vscode-table-row>`;
  }

  /**
   * A row is a wide target for the mouse; its button is there for the
   * keyboard. Whoever marks text in it does not choose it.
   *
   * @param {Field} field
   */
  #chosen(field) {
    if (getSelection()?.type !== 'Range') this.#show(field.offset, field.length);
  }

  /**
   * @param {number} offset
   * @param {number} length
   */
  #show(offset, length) {
    this.workspace.showBytes(this.file, offset, Math.max(length, 1));
  }
}

customElements.define('vs-structure-table', StructureTable);
