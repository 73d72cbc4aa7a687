// The scrollbar of the grid: a native one cannot be as long as a disk.
// Dragging is coarse on a large disk; with Shift it moves a line a pixel.

import {element, setAttribute} from './dom.js';
import {dragThumb, scrollByLines, thumbOf} from './scroll.js';

/** @typedef {import('./scroll.js').ScrollArea} ScrollArea */
/** @typedef {import('./scroll.js').ScrollTop} ScrollTop */

/** Shortest thumb, in pixels. */
const leastThumb = 28;

/** Milliseconds until a page click repeats, and between repeats. */
const repeatAfter = 350;
const repeatEach = 60;

export class Scrollbar {
  #thumb = element('div', {class: 'thumb'});
  element = element('div', {
    class: 'scrollbar', role: 'scrollbar', 'aria-orientation': 'vertical', 'aria-controls': 'grid',
    'aria-label': 'Position in the disk', 'aria-valuemin': '0',
  }, this.#thumb);
  /** @type {ScrollTop} */
  #top = {line: 0, cut: 0};
  /** @type {ScrollArea} */
  #area = {lines: 0, height: 0, lineHeight: 1};
  #track = 0;
  /** Where a drag began. @type {{top: ScrollTop, y: number, fine: boolean} | null} */
  #drag = null;
  /** @type {any} */
  #timer = undefined;

  /** @param {(top: ScrollTop) => void} scrollTo */
  constructor(scrollTo) {
    this.scrollTo = scrollTo;
    this.element.addEventListener('pointerdown', (event) => this.#press(event));
    this.element.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      this.element.addEventListener(type, () => this.#release());
    }
  }

  /** @param {number} height of the track in pixels */
  resize(height) {
    this.#track = height;
  }

  /**
   * @param {ScrollTop} top
   * @param {ScrollArea} area
   * @param {{now: number, max: number, text: string}} value byte offsets
   */
  draw(top, area, value) {
    this.#top = top;
    this.#area = area;
    const {start, length} = thumbOf(top, area, this.#track, leastThumb);
    this.#thumb.style.height = `${length}px`;
    this.#thumb.style.transform = `translateY(${start}px)`;
    this.element.classList.toggle('idle', length >= this.#track);
    setAttribute(this.element, 'aria-valuemax', String(value.max));
    setAttribute(this.element, 'aria-valuenow', String(value.now));
    setAttribute(this.element, 'aria-valuetext', value.text);
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    if (event.target === this.#thumb) {
      this.#drag = {top: this.#top, y: event.clientY, fine: event.shiftKey};
      this.element.classList.add('dragged');
      return;
    }
    this.#page(event.clientY, repeatAfter);
  }

  /**
   * Moves a page towards the pointer, again and again until the thumb is there.
   * @param {number} y
   * @param {number} wait milliseconds until the next
   */
  #page(y, wait) {
    const thumb = this.#thumb.getBoundingClientRect();
    if (y >= thumb.top && y <= thumb.bottom) return;
    const lines = Math.max(1, Math.floor(this.#area.height / this.#area.lineHeight) - 1);
    this.scrollTo(scrollByLines(this.#top, y < thumb.top ? -lines : lines, this.#area));
    this.#timer = setTimeout(() => this.#page(y, repeatEach), wait);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#drag) return;
    if (event.shiftKey !== this.#drag.fine) {
      this.#drag = {top: this.#top, y: event.clientY, fine: event.shiftKey};
    }
    const pixels = event.clientY - this.#drag.y;
    const travel = this.#track - this.#thumb.offsetHeight;
    this.scrollTo(this.#drag.fine
      ? scrollByLines(this.#drag.top, Math.round(pixels), this.#area)
      : dragThumb(this.#drag.top, pixels, this.#area, travel));
  }

  #release() {
    clearTimeout(this.#timer);
    this.#drag = null;
    this.element.classList.remove('dragged');
  }
}
