// Says that bytes come from a network, and from where, as long as they may.

import {css, html, nothing} from 'lit';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import '../views/icon.js';

/** <vs-network-line> */
export class NetworkLine extends View {
  static styles = [shared, css`
    :host { display: contents; }
    p { display: flex; flex: none; gap: 4px; align-items: center; max-inline-size: 65%; margin-inline-start: auto; color: var(--text); }
    p > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    vs-icon { font-size: 14px; vertical-align: 0; color: var(--accent); }
    @media (max-width: 559px) { .long { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); } }
  `];

  render() {
    const [host, ...others] = this.workspace.remote.hosts;
    if (host === undefined) return nothing;
    const all = [host, ...others].join(', ');
    return html`<p data-testid="network-line" title="Images are read over the network from ${all}, piece by piece; nothing is sent there but which parts are read."><vs-icon name="globe"></vs-icon>
      <span><span class="long">Reading over the network </span>from <bdi>${all}</bdi></span></p>`;
  }
}

customElements.define('vs-network-line', NetworkLine);
