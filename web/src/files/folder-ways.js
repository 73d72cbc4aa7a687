// Where one is in a volume, and the ways from there.

import {css, html, nothing} from 'lit';
import {shared} from '../styles/shared.js';
import {View} from '../views/view.js';
import {Hearing} from './hearing.js';
import {toolStyles} from './tool-styles.js';
import {volumeName} from './volume-words.js';
import '../views/icon.js';
import './crumbs.js';

/** @import {Browsing} from './browsing.js' */

/** <vs-folder-ways .browsing>; event 'vs-volumes'. */
export class FolderWays extends View {
  static properties = {browsing: {attribute: false}};

  static styles = [shared, toolStyles, css`
    :host { display: flex; gap: 4px; align-items: center; min-inline-size: 0; }
    .ways { display: flex; flex: none; }
    vs-crumbs { flex: 1; }
  `];

  constructor() {
    super();
    /** @type {Browsing} */
    this.browsing = /** @type {any} */ (undefined);
    new Hearing(this);
  }

  render() {
    const {browsing} = this;
    return html`<div class="ways">
        ${this.#button('arrow-left', 'Back', 'Alt+Left', !browsing.canGoBack, () => void browsing.back())}
        ${this.#button('arrow-right', 'Forward', 'Alt+Right', !browsing.canGoForward, () => void browsing.forward())}
        ${this.#button('arrow-up', 'Up', 'Backspace', browsing.path === '/', () => void browsing.up())}</div>
      <vs-crumbs path=${browsing.path} volume=${volumeName(browsing.volume.part)} @vs-go=${(/** @type {CustomEvent<string>} */ {detail}) => void browsing.go(detail)}
        @vs-volumes=${() => this.dispatchEvent(new CustomEvent('vs-volumes'))}></vs-crumbs>`;
  }

  /**
   * @param {import('../views/icon.js').IconName} icon
   * @param {string} label
   * @param {string} key
   * @param {boolean} barred
   * @param {() => void} act
   */
  #button(icon, label, key, barred, act) {
    return html`<button type="button" class="tool" title="${label} (${key})" aria-label=${label} aria-disabled=${barred ? 'true' : nothing}
      @click=${() => { if (!barred) act(); }}><vs-icon name=${icon}></vs-icon></button>`;
  }
}

customElements.define('vs-folder-ways', FolderWays);
