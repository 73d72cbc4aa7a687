// <vs-hex-view>: the bytes of a resolved disk, or of one layer's own file.

/** The element behind <vs-hex-view>. */
export class HexView extends HTMLElement {
  /** Whom to ask: `request(command, value, {signal})`. @type {any} */
  engine = null;
  /** What to show. @type {any} */
  source = null;

  /**
   * Shows and selects a range.
   * @param {number} offset byte offset in the disk or file
   * @param {number} [length] bytes
   */
  goTo(offset, length = 1) {
    void offset;
    void length;
  }
}

customElements.define('vs-hex-view', HexView);
