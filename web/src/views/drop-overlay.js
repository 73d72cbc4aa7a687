// The page takes a drop anywhere. While files, or a link, are dragged over it,
// this says so.

import {LitElement, css, html, nothing} from 'lit';
import {linksOf} from '../opening/collect.js';
import {shared} from '../styles/shared.js';
import './icon.js';

/** What a drag brings that the page takes. @param {DataTransfer | null} transfer @returns {'files' | 'links' | ''} */
function kindOf(transfer) {
  if (transfer?.types.includes('Files')) return 'files';
  return transfer?.types.includes('text/uri-list') ? 'links' : '';
}

/**
 * <vs-drop-overlay>; events 'vs-drop' with the drop's DataTransfer, told within
 * the drop event, and 'vs-drop-links' with the addresses that it brought.
 */
export class DropOverlay extends LitElement {
  static properties = {over: {state: true}};

  static styles = [shared, css`
    div {
      position: fixed;
      inset: 0;
      z-index: 10;
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 8px;
      padding: 16px;
      background: color-mix(in srgb, var(--page) 88%, transparent);
      outline: 2px dashed var(--accent);
      outline-offset: -12px;
      text-align: center;
      pointer-events: none;
    }
    vs-icon { font-size: 40px; color: var(--accent); }
    p:first-of-type { font-size: 18px; font-weight: 600; }
  `];

  constructor() {
    super();
    /** What is over the page. @type {'files' | 'links' | ''} */
    this.over = '';
  }

  connectedCallback() {
    super.connectedCallback();
    // Entering a child comes before leaving its parent, so the last dragover
    // that was seen says more than a count of enters and leaves.
    addEventListener('dragover', (event) => {
      const kind = kindOf(event.dataTransfer);
      if (!event.dataTransfer || kind === '') return;
      event.preventDefault();
      event.dataTransfer.dropEffect = kind === 'files' ? 'copy' : 'link';
      this.over = kind;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) this.over = '';
    });
    addEventListener('drop', (event) => {
      this.over = '';
      const kind = kindOf(event.dataTransfer);
      if (!event.dataTransfer || kind === '') return;
      event.preventDefault();
      if (kind === 'files') this.dispatchEvent(new CustomEvent('vs-drop', {detail: event.dataTransfer}));
      else this.dispatchEvent(new CustomEvent('vs-drop-links', {detail: linksOf(event.dataTransfer)}));
    });
  }

  render() {
    if (this.over === '') return nothing;
    return this.over === 'files' ? html`<div>
      <vs-icon name="new-file"></vs-icon>
      <p>Drop files or folders</p>
      <p class="muted">They are read where they are: not uploaded, not modified.</p>
    </div>` : html`<div>
      <vs-icon name="globe"></vs-icon>
      <p>Drop the link of an image</p>
      <p class="muted">Nothing is fetched before you are asked.</p>
    </div>`;
  }
}

customElements.define('vs-drop-overlay', DropOverlay);
