// Which way someone scrolls, once that is plain: two moves the same way, none
// of them a jump. Only then does it pay to read ahead.

export class Direction {
  /** 1 down, -1 up, 0 not plain. */
  now = 0;
  #before = 0;

  /**
   * @param {number} lines moved, down if positive
   * @param {number} page lines of a page
   */
  note(lines, page) {
    if (lines === 0) return;
    const way = Math.abs(lines) > 4 * page ? 0 : Math.sign(lines);
    this.now = way === this.#before ? way : 0;
    this.#before = way;
  }

  /** Forgets it: a jump was made. */
  reset() {
    this.now = 0;
    this.#before = 0;
  }
}
