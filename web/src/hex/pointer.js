// What a pointer does on the bytes. A mouse or pen selects; a finger moves
// the lines, with momentum, and selects after a long press.

/**
 * What the gestures act on.
 *
 * @typedef {object} PointerTarget
 * @property {(x: number, y: number) => number | null} nearest the byte nearest to a place
 * @property {(offset: number, extend: boolean, x: number, y: number) => void} select
 * @property {(pixels: number) => void} scroll
 * @property {(lines: number) => number} linesToPixels
 * @property {() => number} pageHeight in pixels
 * @property {(place: {x: number, y: number} | null) => void} hover
 */

const longPress = 450;
/** Pixels that a finger may tremble. */
const tremble = 8;

export class PointerGestures {
  /** @type {'none' | 'select' | 'press' | 'pan'} */
  #state = 'none';
  #start = {x: 0, y: 0};
  #last = {x: 0, y: 0, time: 0};
  #speed = 0;
  #frame = 0;
  /** @type {any} */
  #timer = undefined;

  /**
   * @param {HTMLElement} body
   * @param {HTMLElement} wheelArea where a wheel scrolls: the body and what is around it
   * @param {PointerTarget} target
   */
  constructor(body, wheelArea, target) {
    this.body = body;
    this.target = target;
    wheelArea.addEventListener('wheel', (event) => this.#wheel(event), {passive: false});
    body.addEventListener('pointerdown', (event) => this.#down(event));
    body.addEventListener('pointermove', (event) => this.#move(event));
    body.addEventListener('pointerup', (event) => this.#up(event));
    body.addEventListener('pointercancel', () => this.#end());
    body.addEventListener('lostpointercapture', () => this.#end());
    body.addEventListener('pointerleave', () => target.hover(null));
    body.addEventListener('contextmenu', (event) => {
      if (this.#state === 'select' || this.#state === 'press') event.preventDefault();
    });
  }

  /** Ends what moves by itself. */
  stop() {
    cancelAnimationFrame(this.#frame);
    this.#end();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    cancelAnimationFrame(this.#frame);
    const {deltaY, deltaMode} = event;
    this.target.scroll(
      deltaMode === WheelEvent.DOM_DELTA_LINE ? this.target.linesToPixels(deltaY)
      : deltaMode === WheelEvent.DOM_DELTA_PAGE ? deltaY * this.target.pageHeight()
      : deltaY);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    cancelAnimationFrame(this.#frame);
    this.#start = {x: event.clientX, y: event.clientY};
    this.#last = {...this.#start, time: event.timeStamp};
    this.#speed = 0;
    this.body.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') {
      this.#state = 'press';
      this.#timer = setTimeout(() => {
        this.#state = 'select';
        this.#select(false);
      }, longPress);
      return;
    }
    this.#state = 'select';
    this.#select(event.shiftKey);
    this.#frame = requestAnimationFrame(() => this.#edge());
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const {clientX: x, clientY: y} = event;
    if (event.pointerType !== 'touch') this.target.hover({x, y});
    if (!event.isPrimary) return;
    if (this.#state === 'press' && Math.hypot(x - this.#start.x, y - this.#start.y) > tremble) {
      clearTimeout(this.#timer);
      this.#state = 'pan';
    }
    const moved = this.#last.y - y;
    const time = Math.max(1, event.timeStamp - this.#last.time);
    this.#last = {x, y, time: event.timeStamp};
    if (this.#state === 'pan') {
      this.#speed = 0.7 * (moved / time) + 0.3 * this.#speed;
      this.target.scroll(moved);
    } else if (this.#state === 'select') {
      this.#select(true);
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.#state === 'press') this.#select(false);
    const thrown = this.#state === 'pan' && event.timeStamp - this.#last.time < 80;
    this.#end();
    if (thrown && !matchMedia('(prefers-reduced-motion: reduce)').matches) this.#glide(this.#speed, event.timeStamp);
  }

  #end() {
    clearTimeout(this.#timer);
    this.#state = 'none';
  }

  /** @param {boolean} extend */
  #select(extend) {
    const offset = this.target.nearest(this.#last.x, this.#last.y);
    if (offset !== null) this.target.select(offset, extend, this.#last.x, this.#last.y);
  }

  /** Scrolls while a selection is dragged beyond an edge. */
  #edge() {
    if (this.#state !== 'select') return;
    const {top, bottom} = this.body.getBoundingClientRect();
    const beyond = Math.min(0, this.#last.y - top) || Math.max(0, this.#last.y - bottom);
    if (beyond !== 0) {
      this.target.scroll(beyond * 0.4);
      this.#select(true);
    }
    this.#frame = requestAnimationFrame(() => this.#edge());
  }

  /**
   * @param {number} speed pixels a millisecond
   * @param {number} before
   */
  #glide(speed, before) {
    if (Math.abs(speed) < 0.02) return;
    this.#frame = requestAnimationFrame((now) => {
      const time = Math.min(64, Math.max(0, now - before));
      this.target.scroll(speed * time);
      this.#glide(speed * 0.996 ** time, now);
    });
  }
}
