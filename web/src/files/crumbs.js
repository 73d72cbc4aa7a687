// The way to the folder that is shown, each step of which leads there. Where
// there is no room for all, the first ones give way.

import {LitElement, css, html, nothing} from 'lit';
import {legible} from '../format.js';
import {shared} from '../styles/shared.js';
import {stepsTo} from './paths.js';
import '../views/icon.js';

/** <vs-crumbs path volume>; events 'vs-go' (detail: a path), 'vs-volumes'. */
export class Crumbs extends LitElement {
  static properties = {path: {type: String}, volume: {type: String}};

  static styles = [shared, css`
    :host { display: block; min-inline-size: 0; }
    ol { display: flex; align-items: center; min-inline-size: 0; overflow-x: auto; scrollbar-width: none; }
    li { display: flex; align-items: center; flex: none; color: var(--muted); }
    li vs-icon { font-size: 14px; vertical-align: 0; flex: none; }
    button, [aria-current] {
      max-inline-size: 16em; padding: 3px 6px; overflow: hidden; border: 0; border-radius: 5px; background: none; color: var(--text);
      font: inherit; text-overflow: ellipsis; white-space: nowrap;
    }
    button { color: var(--accent); cursor: pointer; }
    button:hover { background: var(--hover); }
    button:focus-visible { outline-offset: -2px; }
    [aria-current] { font-weight: 600; }
    bdi { overflow-wrap: normal; }
  `];

  constructor() {
    super();
    this.path = '/';
    /** What the volume is called. */
    this.volume = '';
  }

  render() {
    const steps = [{name: this.volume, path: '/'}, ...stepsTo(this.path)];
    return html`<nav aria-label="Folder"><ol>
      <li><button type="button" data-testid="all-volumes" @click=${() => this.dispatchEvent(new CustomEvent('vs-volumes'))}>Volumes</button></li>
      ${steps.map(({name, path}, i) => html`<li><vs-icon name="chevron-right"></vs-icon>${i === steps.length - 1
        ? html`<span aria-current="location" title=${legible(name)} data-testid="here"><bdi>${legible(name)}</bdi></span>`
        : html`<button type="button" title=${path === '/' ? nothing : legible(path)} @click=${() => this.dispatchEvent(new CustomEvent('vs-go', {detail: path}))}><bdi>${legible(name)}</bdi></button>`}</li>`)}
    </ol></nav>`;
  }

  updated() {
    const list = this.renderRoot.querySelector('ol');
    if (list) list.scrollLeft = list.scrollWidth;
  }
}

customElements.define('vs-crumbs', Crumbs);
