// The lines in sight. Elements are reused: a line that stays in sight keeps
// its element, and those that scrolled out serve for those that come in.

import {ByteRow, CaretCells} from './byte-row.js';
import {lineAt, lineOfByte} from './lines.js';
import {SectorRow} from './sector-row.js';

/** @typedef {import('./byte-row.js').Content} Content */
/** @typedef {import('./byte-row.js').Shape} Shape */

export class Rows {
  /** @type {Map<number, ByteRow | SectorRow>} */
  #lines = new Map();
  /** @type {ByteRow[]} */
  #freeBytes = [];
  /** @type {SectorRow[]} */
  #freeSectors = [];
  /** @type {CaretCells[]} */
  #cells = [];
  #turn = 0;
  /** @type {ByteRow | null} */
  #caretRow = null;
  #caretLine = -1;
  #width = 0;

  /** @param {HTMLElement} container takes the lines */
  constructor(container) {
    this.container = container;
  }

  /**
   * Shows the lines first … last.
   * @param {number} first
   * @param {number} last
   * @param {Shape} shape
   * @param {(offset: number) => Content} look what is known of a row
   */
  draw(first, last, shape, look) {
    const regular = shape.width === this.#width;
    this.#width = shape.width;
    for (const [line, row] of this.#lines) {
      const kept = regular && line >= first && line <= last;
      if (kept) continue;
      this.#lines.delete(line);
      if (row instanceof ByteRow) this.#freeBytes.push(row);
      else this.#freeSectors.push(row);
    }
    let next = this.container.firstChild;
    for (let line = first; line <= last; line++) {
      const {offset, head} = lineAt(line, shape.width);
      let row = this.#lines.get(line);
      if (!row) {
        row = head ? (this.#freeSectors.pop() ?? new SectorRow()) : (this.#freeBytes.pop() ?? new ByteRow());
        this.#lines.set(line, row);
      }
      if (row.element === next) next = next.nextSibling;
      else this.container.insertBefore(row.element, next);
      row.draw(line, offset, shape, look(offset));
    }
    while (next) {
      const after = next.nextSibling;
      next.remove();
      next = after;
    }
  }

  /**
   * Gives the caret's row its cells, and tells which of them has the caret;
   * null while the row is out of sight. Two sets of cells take turns: when
   * the caret changes rows the active cell has another id, so that assistive
   * technology sees that it moved.
   *
   * @param {number} caret
   * @returns {HTMLElement | null}
   */
  markCaret(caret) {
    const width = this.#width;
    const line = lineOfByte(caret, width);
    const row = this.#lines.get(line);
    const target = row instanceof ByteRow ? row : null;
    const cells = this.#cells[this.#turn];
    if (target !== this.#caretRow || line !== this.#caretLine || cells?.cells.length !== width) {
      this.#caretRow?.useCells(null);
      this.#turn = 1 - this.#turn;
      if (this.#cells[0]?.cells.length !== width) {
        this.#cells = [new CaretCells('caret-a', width), new CaretCells('caret-b', width)];
      }
      this.#caretRow = target;
      this.#caretLine = line;
      target?.useCells(this.#cells[this.#turn] ?? null);
    }
    return target ? (this.#cells[this.#turn]?.cells[caret % width] ?? null) : null;
  }
}
