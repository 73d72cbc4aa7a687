// Copies on request, one at a time, and says how it went.

import {CopyRefusal, gather, putOnClipboard} from './copy.js';
import {element} from './dom.js';
import {copyFormats} from './formats.js';
import {byteCount} from './words.js';

/** @typedef {import('./copy.js').Range} Range */
/** @typedef {import('./formats.js').CopyFormat} CopyFormat */
/** @typedef {import('./types.js').View} View */

export class Copier {
  /** What was done, or is being done, in a sentence. */
  element = element('p', {class: 'note', role: 'status'});
  /** @type {AbortController | null} */
  #underWay = null;

  /** @param {(range: Range, signal: AbortSignal) => Promise<View>} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /** Stops the copy that is being made, if any; it says so itself. */
  stop() {
    this.#underWay?.abort();
  }

  /** Takes back what was said of an earlier copy. */
  clear() {
    if (!this.#underWay) this.element.textContent = '';
  }

  /**
   * @param {Range | null} range null where there is nothing to copy
   * @param {CopyFormat} [format] the hex string where none is given
   */
  async copy(range, format = /** @type {CopyFormat} */ (copyFormats[0])) {
    if (!range) return;
    this.stop();
    const controller = new AbortController();
    this.#underWay = controller;
    let sentence;
    let length = 0;
    try {
      const bytes = gather((part) => this.ask(part, controller.signal), range, (done) => {
        if (done < range.length && this.#underWay === controller) {
          this.element.textContent = `Reading ${byteCount(done)} of ${byteCount(range.length)}. Escape stops.`;
        }
      });
      await putOnClipboard(bytes.then((all) => format.encode(all, range.offset)));
      length = range.length;
      sentence = `Copied ${byteCount(length)}: ${format.label}.`;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      sentence = controller.signal.aborted ? 'Stopped: nothing was copied.'
        : error instanceof CopyRefusal ? message : `Nothing was copied: ${message}`;
    }
    if (this.#underWay !== controller) return;
    this.#underWay = null;
    this.element.textContent = sentence;
    this.element.dispatchEvent(new CustomEvent('vs-copy', {
      detail: {sentence, format: format.id, length}, bubbles: true, composed: true,
    }));
  }
}
