// The grid on the screen: columns, lines, marks and scrollbar, at a position.
// It is told what to draw and knows nothing of where bytes come from.

import {columnsAfter, columnsBefore} from './byte-row.js';
import {chunkSize} from './chunks.js';
import {element, setAttribute} from './dom.js';
import {lineAt, lineCount, lineOfByte} from './lines.js';
import {byteAt, Marks} from './marks.js';
import {digitsAt} from './row-text.js';
import {Rows} from './rows.js';
import {atStart, clampTop, reveal} from './scroll.js';
import {Scrollbar} from './scrollbar.js';
import {rangeOf} from './selection.js';
import {count, hexDigits, hexWord, offsetDigits, sectorOf} from './words.js';

/** @typedef {import('./byte-row.js').Content} Content */
/** @typedef {import('./byte-row.js').Shape} Shape */
/** @typedef {import('./marks.js').Metrics} Metrics */
/** @typedef {import('./scroll.js').ScrollArea} ScrollArea */
/** @typedef {import('./scroll.js').ScrollTop} ScrollTop */
/** @typedef {import('./types.js').Source} Source */

export class Viewport {
  #head = element('div', {class: 'head', role: 'row', 'aria-rowindex': '1'});
  #lines = element('div', {class: 'lines', role: 'presentation'});
  #marks = element('div', {class: 'marks', 'aria-hidden': 'true'});
  #moved = element('div', {class: 'moved', role: 'presentation'}, this.#marks, this.#lines);
  /** What the pointer acts on. */
  body = element(
    'div', {class: 'body', role: 'rowgroup'}, this.#moved,
    element('p', {class: 'nothing'}, 'There is not a single byte here.'),
  );
  grid = element('div', {
    class: 'grid', id: 'grid', role: 'grid', tabindex: '0', 'aria-readonly': 'true', 'aria-multiselectable': 'true',
    'aria-keyshortcuts': 'Control+G Control+C Control+A',
  }, element('div', {class: 'head-group', role: 'rowgroup'}, this.#head), this.body);
  #rows = new Rows(this.#lines);
  #overlay = new Marks(this.#marks);
  #scrollbar;
  element;
  /** The byte to bring into sight when there is room. @type {number | null} */
  #awaited = null;
  /** @type {Shape | null} */
  shape = null;
  /** @type {Metrics | null} */
  metrics = null;
  /** @type {ScrollTop} */
  top = {...atStart};
  /** @type {ScrollArea} */
  area = {lines: 0, height: 0, lineHeight: 20};

  /** @param {(top: ScrollTop) => void} scrollTo called by the scrollbar */
  constructor(scrollTo) {
    this.#scrollbar = new Scrollbar(scrollTo);
    this.element = element('div', {class: 'viewport'}, this.grid, this.#scrollbar.element);
  }

  /**
   * Shows another source, from its start.
   * @param {Source} source
   */
  show(source) {
    this.top = {...atStart};
    this.#awaited = null;
    this.shape = {source, width: this.shape?.width ?? 16, digits: offsetDigits(source.size)};
    this.area = {...this.area, lines: lineCount(source.size, this.shape.width)};
    this.grid.style.setProperty('--digits', String(this.shape.digits));
    setAttribute(this.grid, 'aria-label', `Bytes of ${source.name}`);
    this.layOut();
  }

  /**
   * The same bytes under another name.
   * @param {Source} source
   */
  rename(source) {
    if (this.shape) this.shape = {...this.shape, source};
    setAttribute(this.grid, 'aria-label', `Bytes of ${source.name}`);
  }

  /**
   * Measures the columns and chooses how many bytes a row has: as many as
   * there is room for. The byte at the top stays there.
   */
  layOut() {
    if (!this.shape || this.grid.clientWidth === 0) return;
    const old = this.shape;
    const room = this.grid.clientWidth;
    const anchor = lineAt(this.top.line, old.width).offset;
    const {classList} = this.grid;
    classList.remove('narrow', 'no-text');
    let probe = measure(this.#lines, 16);
    let width = 16;
    if (probe.need > room) {
      width = 8;
      classList.add('narrow');
      probe = measure(this.#lines, 8);
      if (probe.need > room) {
        classList.add('no-text');
        probe = {...probe, metrics: {...probe.metrics, hasText: false}};
      }
    }
    this.metrics = probe.metrics;
    this.grid.style.setProperty('--bytes-width', `${probe.bytesWidth}px`);
    this.grid.style.setProperty('--text-width', `${probe.metrics.character * width}px`);
    this.shape = {...old, width};
    this.#fillHead(width);
    this.area = {
      lines: lineCount(old.source.size, width),
      height: this.body.clientHeight,
      lineHeight: probe.metrics.lineHeight,
    };
    this.#scrollbar.resize(this.element.clientHeight);
    if (width !== old.width && this.top.line > 0) this.top = {line: lineOfByte(anchor, width), cut: 0};
    this.top = clampTop(this.top, this.area);
    if (this.#awaited !== null) this.reveal(this.#awaited);
    setAttribute(this.grid, 'aria-rowcount', String(this.area.lines + 1));
    setAttribute(this.grid, 'aria-colcount', String(columnsBefore + width + columnsAfter));
  }

  /** @param {number} width */
  #fillHead(width) {
    if (this.#head.childElementCount === width + 3) return;
    const bytes = element('div', {class: 'bytes', role: 'presentation'});
    for (let i = 0; i < width; i++) {
      if (i > 0) bytes.append(digitsAt(i) - digitsAt(i - 1) === 4 ? '  ' : ' ');
      bytes.append(element('span', {role: 'columnheader', 'aria-colindex': String(columnsBefore + i + 1)}, hexDigits(i, 2)));
    }
    this.#head.replaceChildren(
      element('div', {class: 'gutter', role: 'columnheader', 'aria-colindex': '1'}, element('span', {class: 'unseen'}, 'Layer')),
      element('div', {class: 'offset', role: 'columnheader', 'aria-colindex': '2'}, 'Offset'),
      bytes,
      element('div', {class: 'text', role: 'columnheader', 'aria-colindex': String(columnsBefore + width + 1)}, 'Text'),
    );
  }

  /** The lines in sight, cut ones too: [first, last]; null where there are none. */
  get span() {
    const {lines, height, lineHeight} = this.area;
    if (lines === 0 || height === 0) return null;
    const last = this.top.line + Math.ceil((height + this.top.cut) / lineHeight) - 1;
    return [this.top.line, Math.min(lines - 1, last)];
  }

  /** The bytes in sight, as offset and length. */
  get window() {
    const [first, last] = this.span ?? [];
    if (first === undefined || last === undefined || !this.shape) return null;
    const {source, width} = this.shape;
    const {offset} = lineAt(first, width);
    const end = Math.min(source.size, lineAt(last, width).offset + width);
    return {offset, length: end - offset};
  }

  /** Says whether the bytes can be written. @param {boolean} editable */
  set editable(editable) {
    setAttribute(this.grid, 'aria-readonly', String(!editable));
    this.grid.classList.toggle('editing', editable);
  }

  /** Rows that a page has. */
  get page() {
    return Math.max(1, Math.floor(this.area.height / this.area.lineHeight) - 2);
  }

  /**
   * Goes back to a place. Where rows have become longer or shorter since, or
   * there is no room yet, it is the caret that counts.
   * @param {import('./places.js').Place} place
   */
  takeUp({top, width, selection}) {
    if (this.area.height > 0 && width === this.shape?.width) this.top = clampTop(top, this.area);
    else this.reveal(selection.caret);
  }

  /**
   * Brings a byte into sight, at once or as soon as there is room.
   * @param {number} offset
   */
  reveal(offset) {
    if (!this.shape) return;
    this.#awaited = this.area.height > 0 ? null : offset;
    if (this.#awaited !== null) return;
    const line = lineOfByte(offset, this.shape.width);
    // The first row of a sector comes with the line that names it.
    const head = lineAt(line - 1, this.shape.width).head ? line - 1 : line;
    this.top = reveal(reveal(this.top, head, this.area), line, this.area);
  }

  /**
   * The byte nearest to a place on the screen, and whether it is there.
   * @param {number} x client pixels
   * @param {number} y
   * @returns {{offset: number, inside: boolean, column: 'bytes' | 'text'} | null}
   */
  byteAt(x, y) {
    const {shape, metrics, top, area, span} = this;
    if (!shape || !metrics || !span) return null;
    const box = this.body.getBoundingClientRect();
    const row = Math.floor((y - box.top + top.cut) / area.lineHeight);
    const line = Math.max(top.line, Math.min(/** @type {number} */ (span[1]), top.line + row));
    const {offset, head} = lineAt(line, shape.width);
    const {index, inside} = byteAt(metrics, x - box.left);
    const byte = head ? offset : offset + index;
    return {
      column: x - box.left >= metrics.textLeft - metrics.character ? 'text' : 'bytes',
      offset: Math.min(byte, shape.source.size - 1),
      inside: inside && !head && byte < shape.source.size && top.line + row === line,
    };
  }

  /**
   * @param {(offset: number) => Content} look what is known of a row
   * @param {import('./types.js').Selection} selection
   * @param {number | null} hovered byte under the pointer
   * @param {import('./editor.js').Editor} editor
   * @param {readonly import('./types.js').Span[]} outline
   */
  draw(look, selection, hovered, editor, outline) {
    const {span, shape, metrics} = this;
    this.grid.classList.toggle('empty', !span);
    if (!span || !shape || !metrics) return;
    const [first, last] = /** @type {[number, number]} */ (span);
    this.#rows.draw(first, last, shape, look);
    this.#moved.style.transform = `translateY(${-this.top.cut}px)`;
    this.#overlay.begin();
    const range = rangeOf(selection);
    for (const {offset, length} of runsIn(outline, this.window)) {
      this.#overlay.add('outlined', offset, offset + length - 1, metrics, first, last);
    }
    for (const {offset, length} of changedIn(look, this.window)) {
      this.#overlay.add('changed', offset, offset + length - 1, metrics, first, last);
    }
    if (range.length > 0) this.#overlay.add('selected', range.offset, range.offset + range.length - 1, metrics, first, last);
    if (hovered !== null) this.#overlay.add('hovered', hovered, hovered, metrics, first, last);
    if (editor.failure) {
      const {offset, length} = editor.failure;
      this.#overlay.add('failed', offset, offset + length - 1, metrics, first, last);
    }
    this.#overlay.add('caret', selection.caret, selection.caret, metrics, first, last);
    if (editor.on) {
      const kind = editor.halfTyped === selection.caret ? 'typing half' : 'typing';
      this.#overlay.add(kind, selection.caret, selection.caret, metrics, first, last, [editor.column]);
    }
    this.#overlay.end();
    const active = this.#rows.markCaret(selection.caret);
    if (active) setAttribute(this.grid, 'aria-activedescendant', active.id);
    else this.grid.removeAttribute('aria-activedescendant');
    const now = lineAt(first, shape.width).offset;
    const sectors = sectorOf(Math.max(0, shape.source.size - 1));
    this.#scrollbar.draw(this.top, this.area, {
      now, max: Math.max(0, shape.source.size - 1),
      text: `offset ${hexWord(now)}, sector ${count(sectorOf(now))} of ${count(sectors)}`,
    });
  }
}

/**
 * The bytes in sight that edits made differ.
 * @param {(offset: number) => Content} look
 * @param {import('./types.js').Span | null} window
 */
function* changedIn(look, window) {
  if (!window) return;
  const end = window.offset + window.length;
  for (let at = window.offset; at < end; at += chunkSize - (at % chunkSize)) {
    const content = look(at);
    if (!content || content instanceof Error) continue;
    for (const span of content.changed ?? []) {
      if (span.offset < end && span.offset + span.length > window.offset) yield span;
    }
  }
}

/**
 * The runs that are in sight.
 * @param {readonly import('./types.js').Span[]} runs in order, none over another
 * @param {import('./types.js').Span | null} window
 */
function runsIn(runs, window) {
  if (!window) return [];
  const first = firstAfter(runs, ({offset, length}) => offset + length, window.offset);
  const end = firstAfter(runs, ({offset}) => offset, window.offset + window.length - 1);
  return runs.slice(first, end);
}

/**
 * The index of the first run whose edge lies after a place.
 * @param {readonly import('./types.js').Span[]} runs
 * @param {(run: import('./types.js').Span) => number} edge
 * @param {number} place
 */
function firstAfter(runs, edge, place) {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edge(runs[middle]) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Lays a row out of sight and reads off where its columns are.
 * @param {HTMLElement} container
 * @param {number} width bytes of a row
 */
function measure(container, width) {
  const digits = Array.from({length: width}, (_, i) => (i === 0 ? '' : i === 8 ? '  ' : ' ') + '00').join('');
  const hex = new Text(digits);
  const characters = new Text('0'.repeat(width));
  const bytes = element('div', {class: 'bytes'}, hex);
  const text = element('div', {class: 'text'}, characters);
  const row = element(
    'div', {class: 'line row probe', 'aria-hidden': 'true'},
    element('div', {class: 'gutter'}), element('div', {class: 'offset'}, ''), bytes, text,
  );
  container.append(row);
  const origin = row.getBoundingClientRect();
  /** @param {Text} node @param {number} from @param {number} to */
  const rect = (node, from, to) => {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range.getBoundingClientRect();
  };
  const first = rect(hex, 0, 2);
  const pitch = rect(hex, 3, 5).left - first.left;
  const whole = rect(hex, 0, digits.length);
  const inText = rect(characters, 0, width);
  const metrics = {
    width,
    lineHeight: origin.height,
    character: inText.width / width,
    pitch,
    half: width > 8 ? rect(hex, digitsAt(8), digitsAt(8) + 2).left - first.left - 8 * pitch : 0,
    bytesLeft: first.left - origin.left,
    textLeft: inText.left - origin.left,
    hasText: true,
  };
  const need = text.getBoundingClientRect().right - origin.left;
  row.remove();
  return {metrics, need, bytesWidth: whole.width};
}
