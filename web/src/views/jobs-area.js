// The jobs, beneath everything else: under way, and over until dismissed.

import {css, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {underWay} from '../jobs/desk.js';
import {shared} from '../styles/shared.js';
import {View} from './view.js';
import './job-card.js';

/** @import {JobCard} from './job-card.js' */

/** <vs-jobs-area> */
export class JobsArea extends View {
  static styles = [shared, css`
    :host { display: block; }
    section { max-block-size: 40dvh; overflow: auto; border-block-start: 1px solid var(--line); background: var(--raised); }
    li + li { border-block-start: 1px solid var(--line); }
  `];

  /** Leaving the page would end what is under way, so the browser asks first. */
  #stay = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
  #stays = false;
  #focused = false;

  render() {
    const {jobs} = this.state;
    if (jobs.length === 0) return nothing;
    return html`<section aria-label="Files being saved"><ul>${repeat(jobs, ({id}) => id, (job) => html`
      <li><vs-job-card .workspace=${this.workspace} .job=${job}></vs-job-card></li>`)}</ul></section>`;
  }

  willUpdate() {
    this.#focused = this.matches(':focus-within');
  }

  updated() {
    // With a job that is dismissed goes its button.
    if (this.#focused && !this.matches(':focus-within')) {
      /** @type {JobCard | null} */ (this.renderRoot.querySelector('vs-job-card'))?.focusWay();
    }
    const stays = underWay(this.state.jobs);
    if (stays === this.#stays) return;
    this.#stays = stays;
    if (stays) addEventListener('beforeunload', this.#stay);
    else removeEventListener('beforeunload', this.#stay);
  }
}

customElements.define('vs-jobs-area', JobsArea);
