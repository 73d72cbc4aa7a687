// One job: how far it is, and what came of it.

import {LitElement, css, html, nothing} from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import {asSentence, formatCount, formatShare, formatSize, messageOf} from '../format.js';
import {formatLeft} from '../jobs/pace.js';
import {namedLikeImage} from '../opening/filter.js';
import {shared} from '../styles/shared.js';
import './icon.js';
import './made-files.js';
import './ranges.js';

/** @import {Job} from '../jobs/desk.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {IconName} from './icon.js' */

/** @type {Record<Job['state'], {icon: IconName, tone: string}>} */
const signs = {
  running: {icon: 'save', tone: 'muted'},
  stopping: {icon: 'save', tone: 'muted'},
  done: {icon: 'pass-filled', tone: 'good'},
  cancelled: {icon: 'close', tone: 'muted'},
  failed: {icon: 'error', tone: 'bad'},
};

/** What is in the place of a file that did not come about. @type {Record<Job['remains'], string>} */
const leftBehind = {
  '': 'Nothing was left behind.',
  before: 'The file that you chose is as it was.',
  unfit: 'A file of that name is left where you chose: do not use it.',
};

/** <vs-job-card .job> */
export class JobCard extends LitElement {
  static properties = {workspace: {attribute: false}, job: {attribute: false}, error: {state: true}};

  static styles = [shared, css`
    article { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; gap: 4px 10px; align-items: center; padding: 8px 12px; }
    vs-icon { vertical-align: 0; }
    .what { display: grid; gap: 3px; min-inline-size: 0; overflow-wrap: anywhere; }
    h3 { display: flex; flex-wrap: wrap; gap: 0 8px; }
    h3 small { color: var(--muted); font-size: 12px; font-weight: 400; }
    vscode-progress-bar { block-size: 4px; background: var(--sunken); }
    .figures { display: flex; flex-wrap: wrap; gap: 0 14px; color: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
    .ways { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; justify-content: flex-end; }
    .more { grid-column: 2 / -1; }
    summary { cursor: pointer; }
    details vs-ranges { margin-block-start: 6px; max-inline-size: 760px; }
    .dismiss { display: inline-flex; padding: 4px; border: 0; border-radius: 5px; background: none; color: var(--muted); cursor: pointer; }
    .dismiss:hover { background: var(--hover); color: var(--text); }
    .ways { grid-column: 3; grid-row: 1; }
    .dismiss { grid-column: 4; grid-row: 1; }
    @media (max-width: 719px) {
      article { grid-template-columns: auto minmax(0, 1fr) auto; }
      article > vs-icon, .dismiss { align-self: start; }
      .ways { grid-column: 2; grid-row: auto; justify-content: flex-start; }
      .dismiss { grid-column: 3; }
      .more { grid-column: 2; }
    }
  `];

  #focused = false;

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    /** @type {Job} */
    this.job = /** @type {any} */ (undefined);
    this.error = '';
  }

  render() {
    const {job} = this;
    const {icon, tone} = signs[job.state];
    const lost = job.saved?.lost ?? [];
    const partial = lost.length > 0 || Boolean(job.saved?.unreadCount);
    return html`<article data-testid="job" data-state=${job.state} aria-label="${job.title}: ${job.name}">
      <vs-icon class=${partial ? 'warning' : tone} name=${partial ? 'warning' : icon}></vs-icon>
      <div class="what">
        <h3><bdi>${job.name}</bdi><small>${job.title}, from <bdi>${job.source}</bdi></small></h3>
        ${this.#renderState()}
        ${this.error ? html`<p class="bad" role="alert">${this.error}</p>` : nothing}
      </div>
      <div class="ways">${this.#renderWays()}</div>
      ${job.state === 'running' || job.state === 'stopping' ? nothing : html`<button type="button" class="dismiss" aria-label="Dismiss ${job.name}" title="Dismiss"
        @click=${() => this.workspace.desk.dismiss(job.id)}><vs-icon name="close"></vs-icon></button>`}
      ${lost.length > 0 ? html`<details class="more" ?open=${job.salvaged}><summary class="warning">${job.salvaged
          ? html`It contains ${formatCount(lost.length, 'unreadable range')} as zeros` : html`${formatCount(lost.length, 'range')} of the disk ${lost.length === 1 ? 'is' : 'are'} lost`},
          ${formatSize(lost.reduce((sum, {length}) => sum + length, 0))} in all</summary>
        <vs-ranges .ranges=${lost} name="${job.name} - unreadable ranges.txt"></vs-ranges></details>` : nothing}
      ${job.saved?.unreadCount || job.saved?.renamedCount ? html`<vs-made-files class="more" .saved=${job.saved}></vs-made-files>` : nothing}
    </article>`;
  }

  willUpdate() {
    this.#focused = this.matches(':focus-within');
  }

  updated() {
    // The button that had the focus may be gone with the state it was for.
    if (this.#focused && !this.matches(':focus-within')) this.focusWay();
  }

  /** Puts the focus on the first thing that can be done. */
  focusWay() {
    /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('vscode-button, button'))?.focus();
  }

  #renderState() {
    const {state, done, total, speed, left, saved, placed, problem, remains} = this.job;
    const rest = leftBehind[remains];
    if (state === 'done') {
      return html`<p>${placed ? 'Saved where you chose' : 'Handed to your browser’s downloads'}: ${formatSize(saved?.size ?? 0)}.</p>`;
    }
    if (state === 'cancelled') return html`<p>Cancelled. ${rest}</p>`;
    if (state === 'failed') return html`<p><span class="bad">${asSentence(problem?.message ?? 'It failed')}</span> ${rest}</p>`;
    return html`<vscode-progress-bar .value=${done} .max=${Math.max(total, 1)} .indeterminate=${total === 0} aria-label=${this.job.name}></vscode-progress-bar>
      <p class="figures">${state === 'stopping' ? html`<span>Stopping, and removing what was written…</span>` : total === 0 ? html`<span>Starting…</span>`
        : done === total ? html`<span>${formatSize(total)}, finishing…</span>` : html`
        <span>${formatSize(done)} of ${formatSize(total)} (${formatShare(done, total)})</span>
        ${speed > 0 ? html`<span>${formatSize(Math.round(speed))}/s</span>` : nothing}
        ${left >= 0 ? html`<span>${formatLeft(left)} left</span>` : nothing}`}</p>`;
  }

  #renderWays() {
    const {desk} = this.workspace;
    const {id, state, saved, salvageable} = this.job;
    if (state === 'running' || state === 'stopping') {
      return html`<vscode-button secondary ?disabled=${state === 'stopping'} data-testid="cancel-job" @click=${() => desk.cancel(id)}>Cancel</vscode-button>`;
    }
    return html`
      ${salvageable ? html`<vscode-button secondary data-testid="salvage" @click=${() => void desk.salvage(id)}>Save anyway, unreadable ranges as zeros</vscode-button>` : nothing}
      ${saved && (saved.count === undefined || namedLikeImage(saved.name)) ? html`<vscode-button secondary data-testid="open-result" @click=${this.#open}>Open it here</vscode-button>` : nothing}
      ${saved?.blob ? html`<vscode-button secondary @click=${() => desk.downloadAgain(id)}>Download again</vscode-button>` : nothing}`;
  }

  async #open() {
    try {
      const file = await this.workspace.desk.result(this.job.id);
      await this.workspace.open([{file, path: file.name, direct: true}]);
    } catch (error) {
      this.error = `It cannot be opened: ${messageOf(error)}`;
    }
  }
}

customElements.define('vs-job-card', JobCard);
