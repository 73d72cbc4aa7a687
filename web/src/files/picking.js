// Which rows of a list are picked, and which one is active: the one that keys
// start from. Rows are numbers that stay theirs when the order changes.

export class Picking {
  /** The row that has the focus, -1 for none. */
  active = -1;
  /** Where a range starts. */
  #anchor = -1;
  /** @type {Set<number>} */
  #picked = new Set();

  get size() {
    return this.#picked.size;
  }

  /** @param {number} row */
  has(row) {
    return this.#picked.has(row);
  }

  /** @returns {IterableIterator<number>} */
  rows() {
    return this.#picked.values();
  }

  /**
   * Picks a row and no other.
   *
   * @param {number} row
   */
  only(row) {
    this.active = row;
    this.#anchor = row;
    this.#picked = new Set([row]);
  }

  /**
   * Makes a row active and picks nothing.
   *
   * @param {number} row
   */
  visit(row) {
    this.active = row;
  }

  /**
   * Picks a row, or no longer.
   *
   * @param {number} row
   */
  toggle(row) {
    this.active = row;
    this.#anchor = row;
    if (!this.#picked.delete(row)) this.#picked.add(row);
  }

  /**
   * Picks what lies between where the last range started and a row.
   *
   * @param {number} row
   * @param {Uint32Array} order the rows as they are shown
   */
  extend(row, order) {
    const to = order.indexOf(row);
    const from = Math.max(0, order.indexOf(this.#anchor < 0 ? this.active : this.#anchor));
    if (this.#anchor < 0) this.#anchor = order[from] ?? row;
    this.active = row;
    this.#picked = new Set(order.subarray(Math.min(from, to), Math.max(from, to) + 1));
  }

  /** @param {Uint32Array} order the rows as they are shown */
  all(order) {
    this.#picked = new Set(order);
  }

  /** Picks nothing. */
  none() {
    this.#picked = new Set();
    this.#anchor = -1;
  }

  /**
   * Keeps to rows that are shown.
   *
   * @param {Uint32Array} order
   */
  keepTo(order) {
    const shown = new Set(order);
    this.#picked = new Set([...this.#picked].filter((row) => shown.has(row)));
    if (!shown.has(this.active)) this.active = order[0] ?? -1;
    if (!shown.has(this.#anchor)) this.#anchor = -1;
  }
}
