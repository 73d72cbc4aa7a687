// The split layout's sash answers to a mouse only. This directive makes it
// reachable by keyboard: a separator that the arrow keys move.

import {Directive, PartType, directive} from 'lit/directive.js';
import {noChange} from 'lit';

/** @import {VscodeSplitLayout} from '@vscode-elements/elements/dist/vscode-split-layout/vscode-split-layout.js' */
/** @import {ElementPart, PartInfo} from 'lit/directive.js' */

/** How far one key press moves it, in px. */
const step = 24;

class SashDirective extends Directive {
  #done = false;

  /** @param {PartInfo} part */
  constructor(part) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('makeSashReachable belongs on an element');
  }

  /** @param {string} _label */
  render(_label) {
    return noChange;
  }

  /**
   * @param {ElementPart} part
   * @param {[string]} args
   */
  update(part, [label]) {
    if (!this.#done) {
      this.#done = true;
      void reach(/** @type {VscodeSplitLayout} */ (part.element), label);
    }
    return noChange;
  }
}

/**
 * @param {VscodeSplitLayout} layout
 * @param {string} label
 */
async function reach(layout, label) {
  await layout.updateComplete;
  const handle = /** @type {HTMLElement | null} */ (layout.renderRoot.querySelector('.handle'));
  const pane = /** @type {HTMLElement | null} */ (layout.querySelector('[slot=start]'));
  if (!handle || !pane) return;
  handle.tabIndex = 0;
  handle.role = 'separator';
  handle.ariaOrientation = 'vertical';
  handle.ariaLabel = label;
  const tell = () => {
    handle.ariaValueNow = String(Math.round(pane.getBoundingClientRect().width));
    handle.ariaValueMin = '0';
    handle.ariaValueMax = String(Math.round(layout.getBoundingClientRect().width));
  };
  tell();
  new ResizeObserver(tell).observe(pane);
  handle.addEventListener('keydown', (event) => {
    const width = pane.getBoundingClientRect().width;
    const moved = {ArrowLeft: width - step, ArrowRight: width + step}[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    layout.handlePosition = `${moved}px`;
  });
}

/** Put on a vscode-split-layout, with what its sash is called. */
export const makeSashReachable = directive(SashDirective);
