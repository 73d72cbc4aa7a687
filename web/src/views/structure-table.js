// One structure of a file as a table: each field decoded, raw, and where it
// lies. Choosing a field shows its bytes. A native table: the one of
// @vscode-elements has no row around its header cells, so screen readers do
// not take it for a table.

import {LitElement, css, html, nothing} from 'lit';
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
    .frame { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
    table { inline-size: 100%; border-collapse: collapse; table-layout: fixed; }
    th, td { padding: 4px 10px; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
    thead th { padding-block: 6px; background: var(--sunken); }
    thead th:nth-child(1) { inline-size: 22%; }
    thead th:nth-child(3) { inline-size: 27%; }
    thead th:nth-child(4) { inline-size: 12%; }
    tbody th { font-weight: 400; }
    tbody tr { border-block-start: 1px solid var(--line); cursor: pointer; }
    tbody tr:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
    .note { display: block; color: var(--warning); font-size: 12px; }
    .raw { color: var(--muted); }
    .raw { overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; }
    .beneath { display: none; color: var(--muted); }
    @container (max-width: 620px) {
      th:nth-child(n + 3), td:nth-child(n + 3) { display: none; }
      thead th:nth-child(1) { inline-size: 38%; }
      .beneath { display: block; max-block-size: 4.5em; overflow: hidden; }
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
      <div class="frame"><table aria-labelledby="name">
        <thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Raw</th><th scope="col">Offset</th></tr></thead>
        <tbody>${structure.fields.map((field) => this.#renderField(field))}</tbody>
      </table></div>
    </section>`;
  }

  /** @param {Field} field */
  #renderField(field) {
    return html`<tr data-testid="field" data-name=${field.name} title="Show these bytes in the file" @click=${() => this.#chosen(field)}>
      <th scope="row"><button type="button" class="link">${field.name}</button>
        <code class="beneath">${formatOffset(field.offset)}</code></th>
      <td><bdi>${field.value}</bdi>${field.note ? html`<span class="note">${field.note}</span>` : nothing}
        <code class="beneath">${field.raw}</code></td>
      <td><code class="raw">${field.raw}</code></td>
      <td><code title="${field.offset}, ${formatCount(field.length, 'byte')}">${formatOffset(field.offset)}</code></td>
    </tr>`;
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
    this.workspace.looking.showBytes(this.file, offset, Math.max(length, 1));
  }
}

customElements.define('vs-structure-table', StructureTable);
