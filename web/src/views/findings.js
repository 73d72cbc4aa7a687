// What is wrong with a file but survivable, one row a finding.

import {LitElement, css, html, nothing} from 'lit';
import {formatOffset} from '../format.js';
import {shared} from '../styles/shared.js';
import {severitySign} from '../words.js';
import './icon.js';

/** @import {Finding} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/** <vs-findings .findings .file> */
export class Findings extends LitElement {
  static properties = {workspace: {attribute: false}, findings: {attribute: false}, file: {attribute: false}};

  static styles = [shared, css`
    ul { display: grid; gap: 6px; }
    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 2px 8px;
      padding: 8px 10px;
      border: 1px solid var(--line);
      border-radius: 6px;
      background: var(--surface);
      overflow-wrap: anywhere;
    }
    .bad, .warning, .muted { grid-row: 1; }
    .body { display: grid; gap: 2px; }
    .facts { display: flex; flex-wrap: wrap; gap: 0 14px; color: var(--muted); font-size: 12px; }
    .facts code { color: var(--text); }
  `];

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {Finding[]} */
    this.findings = [];
    this.file = 0;
  }

  render() {
    return html`<ul>${this.findings.map((finding) => {
      const sign = severitySign(finding.severity);
      return html`<li data-testid="finding" data-rule=${finding.rule} data-severity=${finding.severity}>
        <vs-icon class=${sign.tone} name=${sign.icon}></vs-icon>
        <div class="body">
          <p><strong class=${sign.tone}>${sign.word}:</strong> ${finding.message}</p>
          <p class="facts">
            ${finding.got ? html`<span>found <code>${finding.got}</code></span>` : nothing}
            ${finding.want ? html`<span>expected <code>${finding.want}</code></span>` : nothing}
            ${finding.offset >= 0 ? html`<span>at <button type="button" class="link mono" title="Show these bytes in the file"
              @click=${() => this.workspace.showBytes(this.file, finding.offset, Math.max(finding.length, 1))}>${formatOffset(finding.offset)}</button></span>` : nothing}
            <span>rule <code>${finding.rule}</code></span>
          </p>
        </div></li>`;
    })}</ul>`;
  }
}

customElements.define('vs-findings', Findings);
