// Selection, caret and hovered byte, drawn as a few boxes behind the text:
// no row has to change when they move.

import {element} from './dom.js';
import {lineOfByte} from './lines.js';
import {halfRow} from './row-text.js';

/**
 * Where the columns stand, in pixels from the left edge of the rows.
 *
 * @typedef {object} Metrics
 * @property {number} width bytes of a row
 * @property {number} lineHeight
 * @property {number} character width of a character
 * @property {number} pitch from one byte to the next
 * @property {number} half the extra gap after the eighth byte
 * @property {number} bytesLeft
 * @property {number} textLeft
 * @property {boolean} hasText whether the text column is shown
 */

/**
 * The left edge of a byte's digits.
 * @param {Metrics} metrics
 * @param {number} index of the byte in its row
 */
function byteLeft(metrics, index) {
  return metrics.bytesLeft + index * metrics.pitch + (index >= halfRow ? metrics.half : 0);
}

/**
 * The byte of a row at a place, and whether the place is on it or only
 * nearest to it.
 * @param {Metrics} metrics
 * @param {number} x pixels from the left edge of the rows
 * @returns {{index: number, inside: boolean}}
 */
export function byteAt(metrics, x) {
  const {width, pitch, half, character, hasText} = metrics;
  const edge = (pitch - 2 * character) / 2;
  if (hasText && x >= metrics.textLeft - character) {
    const index = Math.floor((x - metrics.textLeft) / character);
    return {index: Math.max(0, Math.min(width - 1, index)), inside: index >= 0 && index < width};
  }
  let within = x - metrics.bytesLeft + edge;
  if (within >= halfRow * pitch + half / 2) within -= half;
  const index = Math.floor(within / pitch);
  return {index: Math.max(0, Math.min(width - 1, index)), inside: index >= 0 && index < width};
}

/**
 * Boxes, as [left, right, first line, last line], that cover a range of bytes
 * in one column: at most its first row, its last row and what is between.
 * @param {Metrics} metrics
 * @param {number} from first byte
 * @param {number} to last byte
 * @param {'bytes' | 'text'} column
 * @returns {[number, number, number, number][]}
 */
function boxesOf(metrics, from, to, column) {
  const {width, character, textLeft} = metrics;
  /** @param {number} index */
  const left = (index) => (column === 'text' ? textLeft + index * character : byteLeft(metrics, index) - 1);
  /** @param {number} index */
  const right = (index) => (column === 'text' ? left(index) + character : left(index) + 2 * character + 2);
  const [first, last] = [lineOfByte(from, width), lineOfByte(to, width)];
  const [start, end] = [from % width, to % width];
  if (first === last) return [[left(start), right(end), first, first]];
  /** @type {[number, number, number, number][]} */
  const boxes = [[left(start), right(width - 1), first, first]];
  if (last - first > 1) boxes.push([left(0), right(width - 1), first + 1, last - 1]);
  boxes.push([left(0), right(end), last, last]);
  return boxes;
}

export class Marks {
  /** @type {HTMLElement[]} */
  #pool = [];
  #used = 0;

  /** @param {HTMLElement} container moves with the rows */
  constructor(container) {
    this.container = container;
  }

  begin() {
    this.#used = 0;
  }

  /**
   * Draws a range, as far as it lies in the lines first … last.
   * @param {string} kind class of the boxes
   * @param {number} from
   * @param {number} to
   * @param {Metrics} metrics
   * @param {number} first
   * @param {number} last
   * @param {('bytes' | 'text')[]} [columns]
   */
  add(kind, from, to, metrics, first, last, columns = metrics.hasText ? ['bytes', 'text'] : ['bytes']) {
    for (const column of columns) {
      for (const [left, right, top, bottom] of boxesOf(metrics, from, to, column)) {
        const [start, end] = [Math.max(top, first), Math.min(bottom, last)];
        if (start > end) continue;
        const box = this.#box();
        box.className = `mark ${kind} in-${column}`;
        box.style.transform = `translate(${left}px, ${(start - first) * metrics.lineHeight}px)`;
        box.style.width = `${right - left}px`;
        box.style.height = `${(end - start + 1) * metrics.lineHeight}px`;
      }
    }
  }

  end() {
    for (const box of this.#pool.splice(this.#used)) box.remove();
  }

  #box() {
    let box = this.#pool[this.#used];
    if (!box) {
      box = element('div');
      this.#pool.push(box);
      this.container.append(box);
    }
    this.#used++;
    return box;
  }
}
