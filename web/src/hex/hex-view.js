// <vs-hex-view>: the bytes of a resolved disk, or of one layer's own file.
//
// Properties: engine, source, edits (types.js), editing. Methods: goTo,
// reload. Events: 'vs-position' {offset, sentence} when the caret is elsewhere
// or its byte became known; 'vs-copy' {sentence, format, length} when a copy
// was made or refused (length 0); 'vs-editing' {on} when the person turns edit
// mode on or off by a key.

import {layerStyles} from '../layers.js';
import {Announcer} from './announcer.js';
import {CopyMenu} from './copy-menu.js';
import {Copier} from './copier.js';
import {Direction} from './direction.js';
import {element, setText} from './dom.js';
import {EditTools} from './edit-tools.js';
import {Editor} from './editor.js';
import {Failure} from './failure.js';
import {GotoForm} from './goto-form.js';
import {resolveGoto} from './goto.js';
import {KnownBytes} from './known.js';
import {Loader} from './loader.js';
import {onTop, Places, sameSource} from './places.js';
import {PointerGestures} from './pointer.js';
import {ProblemBar} from './problem-bar.js';
import {clampTop, scrollByLines, scrollByPixels} from './scroll.js';
import {caretAfterKey, copyRangeOf, moveTo, noSelection, rangeOf, selectRange} from './selection.js';
import {Strip} from './strip.js';
import {hexStyles} from './styles.js';
import {Viewport} from './viewport.js';
import {byteCount, hexWord} from './words.js';

/** @typedef {import('./scroll.js').ScrollTop} ScrollTop */
/** @typedef {import('./types.js').Edits} Edits */
/** @typedef {import('./types.js').Engine} Engine */
/** @typedef {import('./types.js').Selection} Selection */
/** @typedef {import('./types.js').Source} Source */
/** @typedef {import('./types.js').Span} Span */

export class HexView extends HTMLElement {
  /** @type {Engine | null} */
  engine = null;
  /** @type {Source | null} */
  #source = null;
  /** @type {Selection} */
  #selection = {...noSelection};
  #places = new Places();
  /** @type {readonly Span[]} */
  #outline = [];
  /** Where the pointer is, in client pixels. @type {{x: number, y: number} | null} */
  #pointer = null;
  #direction = new Direction();
  #frame = 0;

  #loader = new Loader((range, signal) => this.#ask('view', range, signal), () => this.#schedule());
  #viewport = new Viewport((top) => this.#scrollTo(top));
  #strip = new Strip((offset, signal) => this.#ask('explain', {offset}, signal));
  #goto = new GotoForm((text) => this.#goToText(text), () => this.#viewport.grid.focus());
  #copier = new Copier((range, signal) => this.#ask('view', range, signal));
  #menu = new CopyMenu((format) => {
    this.#viewport.grid.focus();
    void this.#copier.copy(this.#toCopy(), format);
  });
  #editor = new Editor({
    size: () => this.#source?.size ?? 0,
    caret: () => this.#selection.caret,
    selection: () => rangeOf(this.#selection),
    byteAt: (offset) => this.#known.at(offset).byte,
    moveTo: (offset) => {
      this.#selection = {caret: offset, anchor: null};
      this.#viewport.reveal(offset);
      this.#moved();
    },
    age: ({offset, length}) => {
      this.#loader.age(offset, length);
      this.#strip.reset();
    },
    changed: () => this.#schedule(),
    say: (sentence) => this.#announcer.say(sentence),
    leave: () => this.#turnEditing(false),
  });
  #known = new KnownBytes(this.#loader, this.#editor.overlay);
  #tools = new EditTools(this.#editor, {
    size: () => this.#source?.size ?? 0,
    selection: () => copyRangeOf(this.#selection),
    leave: () => this.#viewport.grid.focus(),
  });
  #failure = new Failure();
  #chosen = new Text();
  #problem = new ProblemBar(() => this.#retry());
  #announcer = new Announcer();
  #observer = new ResizeObserver(() => this.#layOut());

  constructor() {
    super();
    const root = this.attachShadow({mode: 'open'});
    root.adoptedStyleSheets = [layerStyles, hexStyles].map((styles) => /** @type {CSSStyleSheet} */ (styles.styleSheet));
    root.append(
      element(
        'div', {class: 'bar'}, this.#goto.element,
        element('div', {class: 'state'}, this.#copier.element, element('span', {class: 'chosen'}, this.#chosen)),
        this.#menu.element,
      ),
      this.#tools.element, this.#problem.element, this.#failure.element, this.#viewport.element, this.#strip.element, this.#announcer.element,
    );
    this.#listen();
  }

  connectedCallback() {
    this.#layOut();
    this.#observer.observe(this.#viewport.grid);
    void document.fonts.ready.then(() => this.#layOut());
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    this.#gestures.stop();
    this.#announcer.stop();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** What is shown. Another source takes up where one last was in it. */
  get source() {
    return this.#source;
  }

  set source(source) {
    if (sameSource(source, this.#source)) return;
    if (this.#source) {
      const {top, shape} = this.#viewport;
      this.#places.keep(this.#source, {top, width: shape?.width ?? 16, selection: this.#selection});
    }
    if (source && this.#source && onTop(source, this.#source)) {
      this.#source = source;
      this.#loader.deepen(source);
      this.#viewport.rename(source);
      this.#strip.reset();
      return;
    }
    this.#editor.finish();
    this.#editor.overlay.clear();
    this.#source = source;
    this.#selection = {...noSelection};
    this.#copier.stop();
    this.reload();
    if (!source) return;
    this.#viewport.show(source);
    const place = this.#places.find(source);
    if (place) {
      this.#selection = place.selection;
      this.#viewport.takeUp(place);
    }
    this.#moved();
  }

  /** Goes to the bytes. */
  focus() {
    this.#viewport.grid.focus({preventScroll: true});
  }

  /** Whether keys write. Only where there are edits to write to. */
  get editing() {
    return this.#editor.on;
  }

  set editing(on) {
    this.#editor.turn(on);
    this.#viewport.editable = on;
  }

  /** What editing writes to; null where these bytes cannot be edited. @returns {Edits | null} */
  get edits() {
    return this.#editor.edits;
  }

  set edits(edits) {
    this.#editor.edits = edits;
  }

  /**
   * Runs of bytes that belong together, as those of one file do, in order:
   * they are drawn with an outline.
   *
   * @returns {readonly Span[]}
   */
  get outline() {
    return this.#outline;
  }

  set outline(runs) {
    this.#outline = runs;
    this.#schedule();
  }

  /** Steps that can be undone and redone, where they change by other means than keys. @param {{undo: number, redo: number}} steps */
  set steps(steps) {
    this.#editor.steps = steps;
    this.#schedule();
  }

  /** Forgets what was read and asks again, as after the engine restarted. */
  reload() {
    this.#loader.reset(this.#source);
    this.#strip.reset();
    this.#schedule();
  }

  #retry() {
    this.#loader.retry();
    this.#strip.reset();
    this.#viewport.grid.focus();
  }

  /**
   * Shows and selects a range.
   * @param {number} offset byte offset in the disk or file
   * @param {number} [length] bytes
   */
  goTo(offset, length = 1) {
    const source = this.#source;
    if (!source || source.size <= 0 || !Number.isSafeInteger(offset)) return;
    this.#editor.moved();
    this.#selection = selectRange(offset, length, source.size);
    this.#direction.reset();
    this.#viewport.reveal(rangeOf(this.#selection).offset);
    this.#moved();
  }

  /**
   * @param {string} command
   * @param {object} value
   * @param {AbortSignal} [signal]
   */
  async #ask(command, value, signal) {
    if (!this.engine || !this.#source) throw new Error('There is no engine to ask.');
    const {disk, file} = this.#source;
    try {
      const answer = await this.engine.request(command, command === 'explain' ? {disk, ...value} : {disk, file, ...value}, {signal});
      if (command === 'view' && answer.extents.some((/** @type {import('./types.js').Extent} */ {problem}) => problem?.code === 'changed')) this.#tellChanged();
      return answer;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'changed') this.#tellChanged();
      throw error;
    }
  }

  #tellChanged() {
    this.dispatchEvent(new CustomEvent('vs-changed', {bubbles: true, composed: true}));
  }

  #gestures = new PointerGestures(this.#viewport.body, this.#viewport.element, {
    nearest: (x, y) => this.#viewport.byteAt(x, y)?.offset ?? null,
    select: (offset, extend, x, y) => {
      const column = this.#viewport.byteAt(x, y)?.column;
      if (column && !extend) this.#editor.use(column);
      this.#select(offset, extend, false);
    },
    scroll: (pixels) => this.#scrollTo(scrollByPixels(this.#viewport.top, pixels, this.#viewport.area)),
    linesToPixels: (lines) => lines * this.#viewport.area.lineHeight,
    pageHeight: () => this.#viewport.area.height,
    hover: (place) => {
      this.#pointer = place;
      this.#schedule();
    },
  });

  #listen() {
    const {grid, body} = this.#viewport;
    grid.addEventListener('keydown', (event) => this.#key(event));
    grid.addEventListener('paste', (event) => this.#editor.paste(event));
    grid.addEventListener('blur', () => this.#editor.finish());
    body.addEventListener('pointerdown', () => grid.focus({preventScroll: true}));
    this.#strip.element.addEventListener('vs-resized', () => this.#layOut());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const {shape, page} = this.#viewport;
    if (!shape) return;
    if (this.#editor.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const {size} = shape.source;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (control && key === 'g') this.#goto.focus();
    else if (size <= 0) return;
    else if (control && key === 'a') this.#setSelection({caret: 0, anchor: size - 1});
    else if (control && key === 'c') this.#copier.copy(this.#toCopy());
    else if (key === 'Escape') this.#escape();
    else if (key === 'F2') this.#turnEditing(!this.editing);
    else {
      const caret = caretAfterKey(key, control, this.#selection.caret, {size, width: shape.width, page});
      if (caret === null) return;
      if (key.startsWith('Page')) {
        const lines = key === 'PageUp' ? -page : page;
        this.#scrollTo(scrollByLines(this.#viewport.top, lines, this.#viewport.area));
      }
      this.#select(caret, event.shiftKey, true);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** What a copy takes; null where there is nothing. */
  #toCopy() {
    return this.#source && this.#source.size > 0 ? copyRangeOf(this.#selection) : null;
  }

  #escape() {
    this.#copier.stop();
    this.#setSelection({caret: this.#selection.caret, anchor: null});
  }

  /**
   * @param {number} caret
   * @param {boolean} extend
   * @param {boolean} reveal whether the view follows
   */
  #select(caret, extend, reveal) {
    const next = moveTo(this.#selection, caret, extend);
    if (reveal) {
      const before = this.#viewport.top.line;
      this.#viewport.reveal(caret);
      this.#direction.note(this.#viewport.top.line - before, this.#viewport.page);
    }
    this.#setSelection(next);
  }

  /** @param {boolean} on asked of whoever shows the view, which knows whether it may be */
  #turnEditing(on) {
    this.dispatchEvent(new CustomEvent('vs-editing', {detail: {on}, bubbles: true, composed: true}));
  }

  /** @param {Selection} selection */
  #setSelection(selection) {
    this.#editor.moved();
    this.#selection = selection;
    this.#copier.clear();
    this.#moved();
  }

  /** @param {ScrollTop} top */
  #scrollTo(top) {
    const before = this.#viewport.top.line;
    this.#viewport.top = clampTop(top, this.#viewport.area);
    this.#direction.note(this.#viewport.top.line - before, this.#viewport.page);
    this.#schedule();
  }

  #layOut() {
    this.toggleAttribute('narrow', this.clientWidth < 640);
    this.#strip.fit(this.clientWidth, this.clientHeight);
    this.#viewport.layOut();
    this.#schedule();
  }

  #moved() {
    const {length} = rangeOf(this.#selection);
    setText(this.#chosen, length > 0 ? `${byteCount(length)} selected (${hexWord(length)})` : '');
    this.#schedule();
  }

  #schedule() {
    if (this.#frame === 0 && this.isConnected) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const source = this.#source;
    if (!source) return;
    const {window} = this.#viewport;
    this.#editor.overlay.prune((number) => this.#loader.cache.isStale(number));
    if (window) this.#loader.want(window.offset, window.length, this.#direction.now);
    const hovered = this.#pointer ? this.#viewport.byteAt(this.#pointer.x, this.#pointer.y) : null;
    const under = hovered?.inside ? hovered.offset : null;
    this.#viewport.draw((offset) => this.#known.look(offset), this.#selection, under, this.#editor, this.#outline);
    this.#tools.show();
    this.#failure.show(this.#editor.failure?.message);
    this.#problem.show(window ? this.#loader.failureIn(window.offset, window.length) : undefined);
    if (source.size <= 0) return;
    const at = this.#known.at(under ?? this.#selection.caret);
    this.#strip.show(source, under !== null, under ?? this.#selection.caret, at);
    this.#announcer.tell(source, this.#selection, this.#known.at(this.#selection.caret));
  }

  /**
   * @param {string} text as typed
   * @returns {Promise<string>} why one cannot go there, or ''
   */
  async #goToText(text) {
    const source = this.#source;
    if (!source) return 'Nothing is open.';
    const here = {size: source.size, caret: this.#selection.caret};
    const found = await resolveGoto(text, here, (unit, index) => (source.inside ? placeInside(unit, index) : this.#ask('locate', {unit, index})));
    if (typeof found === 'string') return found;
    if (this.#source === source) this.goTo(found);
    return '';
  }
}

/**
 * Where something of a file inside a disk begins.
 *
 * @param {'sector' | 'block'} unit
 * @param {number} index
 */
async function placeInside(unit, index) {
  if (unit === 'block') throw new Error('Blocks are of the whole disk, and this is a file on it. Go there in the Sectors tab.');
  return {offset: index * 512};
}

customElements.define('vs-hex-view', HexView);
