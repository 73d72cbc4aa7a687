// The page takes a drop anywhere. While something that holds files is
// dragged over it, this says so.

import {LitElement, css, html, nothing} from 'lit';
import {shared} from '../styles/shared.js';
import './icon.js';

/** <vs-drop-overlay>; event 'vs-drop' with the drop's DataTransfer, told within the drop event. */
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
    this.over = false;
  }

  connectedCallback() {
    super.connectedCallback();
    // Entering a child comes before leaving its parent, so the last dragover
    // that was seen says more than a count of enters and leaves.
    addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      this.over = true;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) this.over = false;
    });
    addEventListener('drop', (event) => {
      this.over = false;
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('vs-drop', {detail: event.dataTransfer}));
    });
  }

  render() {
    return this.over ? html`<div>
      <vs-icon name="new-file"></vs-icon>
      <p>Drop files or folders</p>
      <p class="muted">They are read where they are: not uploaded, not modified.</p>
    </div>` : nothing;
  }
}

customElements.define('vs-drop-overlay', DropOverlay);
