// The disks that were opened last, and whether they are to be remembered.

import {css, html, nothing} from 'lit';
import {formatCount, formatDate} from '../format.js';
import {formStyles} from '../styles/form.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './icon.js';

/** @import {Recent} from '../recents/recents.js' */

/** <vs-recent-disks> */
export class RecentDisks extends View {
  static styles = [shared, formStyles, css`
    section { display: grid; gap: 8px; }
    header { display: flex; gap: 8px; align-items: baseline; justify-content: space-between; }
    h3 { font-size: 14px; }
    li { display: flex; gap: 4px; border-block-start: 1px solid var(--line); }
    li:last-child { border-block-end: 1px solid var(--line); }
    li button { border: 0; background: none; color: inherit; font: inherit; cursor: pointer; }
    li button:hover { background: var(--hover); }
    .open { flex: 1; display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; min-inline-size: 0; padding: 7px 6px; text-align: start; }
    .name { flex: 1 1 12em; min-inline-size: 0; color: var(--accent); font-weight: 500; }
    .about { display: flex; gap: 12px; color: var(--muted); }
    .forget { flex: none; padding: 0 8px; color: var(--muted); line-height: 0; }
    .choice { color: var(--muted); }
    .choice input { flex: none; }
  `];

  render() {
    const {recents} = this.state;
    if (!recents) return nothing;
    const {on} = this.workspace.recents;
    return html`<section aria-label="Recent disks">
      ${recents.length > 0 ? html`<header><h3>Recent disks</h3>
        <button type="button" class="link" @click=${() => void this.workspace.recents.forgetAll()}>Forget all</button></header>
      <ul>${recents.map((recent) => this.#renderRecent(recent))}</ul>` : nothing}
      <label class="choice"><input type="checkbox" .checked=${on} data-testid="remember"
        @change=${(/** @type {Event} */ {target}) => void this.workspace.recents.turn(/** @type {HTMLInputElement} */ (target).checked)}>
        <span>Remember the disks that I open: in this browser only, and where their files are, not what is in them.
          ${on ? 'It asks you before it reads them again.' : nothing}</span></label>
    </section>`;
  }

  /** @param {Recent} recent */
  #renderRecent(recent) {
    const {id, files, opened} = recent;
    const name = files[0]?.name ?? '';
    return html`<li data-testid="recent">
      <button type="button" class="open" title="Open it again, with ${formatCount(files.length, 'file')}" @click=${() => void this.workspace.recents.open(recent)}>
        <span class="name"><bdi>${name}</bdi></span> <span class="about"><span>${formatCount(files.length, 'file')}</span> <span>${formatDate(opened)}</span></span></button>
      <button type="button" class="forget" aria-label="Forget ${name}" title="Forget it" @click=${() => void this.workspace.recents.forget(id)}>
        <vs-icon name="close"></vs-icon></button>
    </li>`;
  }
}

customElements.define('vs-recent-disks', RecentDisks);
