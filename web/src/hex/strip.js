// The strip below the bytes: all that is known of one byte, and the way of
// its sector down the chain.

import {layerClass, layerLabel} from '../layers.js';
import {element, setText} from './dom.js';
import {baseName, characterOf, count, hexDigits, hexWord, layerOf, placeIn, sectorOf, sourceAt} from './words.js';

/** @typedef {import('./types.js').Explanation} Explanation */
/** @typedef {import('./types.js').Known} Known */
/** @typedef {import('./types.js').Source} Source */
/** @typedef {Explanation['steps'][number]} Step */

/** Milliseconds for which a byte must be looked at before the chain is asked. */
const settle = 150;

const verdicts = /** @type {Record<string, string>} */ ({
  here: 'here', absent: 'not here', zeros: 'zeros', 'past-end': 'past its end', unreadable: 'unreadable',
});

export class Strip {
  #which = new Text();
  #facts = element('span', {class: 'facts'});
  #way = element('div', {class: 'way', role: 'group', 'aria-label': 'The way down the chain', tabindex: '0'});
  #details = element('details', {class: 'strip', open: ''}, element('summary', {}, element('span', {class: 'which'}, this.#which), ' ', this.#facts), this.#way);
  element = this.#details;
  #fitted = false;
  #shown = '';
  #asked = '';
  #generation = 0;
  /** @type {any} */
  #timer = undefined;
  /** @type {AbortController | null} */
  #controller = null;

  /** @param {(offset: number, signal: AbortSignal) => Promise<Explanation>} explain */
  constructor(explain) {
    this.explain = explain;
    this.#details.addEventListener('toggle', () => {
      this.#details.dispatchEvent(new CustomEvent('vs-resized', {bubbles: true}));
    });
  }

  /**
   * Leaves the way folded at first where there is little room: then the bytes
   * come first, and the way is a tap away.
   * @param {number} width of the whole view, in pixels
   * @param {number} height
   */
  fit(width, height) {
    if (this.#fitted || height === 0) return;
    this.#fitted = true;
    if (width < 640 && height < 600) this.#details.open = false;
  }

  /** Forgets what was said: the source is another one, or has changed. */
  reset() {
    this.#generation++;
    this.#shown = '';
    this.#forget();
  }

  /**
   * @param {Source} source
   * @param {boolean} pointed under the pointer, not at the caret
   * @param {number} offset
   * @param {Known} known
   */
  show(source, pointed, offset, known) {
    const {byte, extent, failed} = known;
    const shown = `${this.#generation} ${pointed} ${offset} ${byte} ${extent?.state} ${extent?.layer} ${extent?.offset} ${failed}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    setText(this.#which, pointed ? 'Pointer' : 'Caret');
    this.#facts.replaceChildren(...facts(source, offset, known));
    // A file's own bytes come down no chain, and those of a file inside do so
    // by other offsets: there is nothing to unfold.
    const bare = source.disk === 0 || Boolean(source.inside);
    this.#details.classList.toggle('bare', bare);
    this.#way.hidden = bare;
    if (bare) return;
    const asked = `${this.#generation} ${sectorOf(offset)}`;
    if (asked === this.#asked) return;
    this.#forget();
    this.#asked = asked;
    this.#timer = setTimeout(() => this.#ask(source, offset), settle);
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#controller = null;
    this.#asked = '';
    this.#way.replaceChildren();
  }

  /**
   * @param {Source} source
   * @param {number} offset
   */
  async #ask(source, offset) {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const explanation = await this.explain(offset, controller.signal);
      if (!controller.signal.aborted) this.#way.replaceChildren(wayTable(source, explanation));
    } catch (error) {
      if (controller.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const retry = element('button', {type: 'button', class: 'button'}, 'Try again');
      retry.addEventListener('click', () => this.#ask(source, offset));
      this.#way.replaceChildren(element('p', {class: 'no-way', role: 'status'}, `The chain could not be asked: ${message} `, retry));
    }
  }
}

/**
 * @param {Source} source
 * @param {number} offset
 * @param {Known} known
 */
function facts(source, offset, {byte, extent, failed}) {
  const within = offset % 512;
  const parts = [
    fact('Offset', `${hexWord(offset)} = ${count(offset)}`),
    fact('Sector', `${count(sectorOf(offset))}${within > 0 ? ` + ${hexWord(within)}` : ''}`),
  ];
  if (!extent || byte === undefined) {
    return [...parts, failed ? fact('', 'could not be loaded', 'bad') : fact('', 'not loaded yet')];
  }
  if (extent.state === 'unreadable') {
    return [...parts, fact('', `unreadable${extent.problem?.message ? `: ${extent.problem.message}` : ''}`, 'bad')];
  }
  parts.push(fact('Value', `${hexDigits(byte, 2)} = ${byte}, ${characterOf(byte)}`));
  if (source.disk === 0) return parts;
  const layer = layerOf(source, extent);
  if (extent.state === 'zeros' || layer < 0) return [...parts, fact('From', 'no layer: zeros')];
  const place = placeIn(source, layer);
  const name = element('span', {class: `fact ${layerClass(place)}`}, element('span', {class: 'key'}, 'From'), ' ', badge(place), ` ${baseName(source.layers[layer]?.name ?? '')} at ${hexWord(sourceAt(extent, offset))}`);
  return [...parts, name];
}

/**
 * @param {string} key
 * @param {string} value
 * @param {string} [className]
 */
function fact(key, value, className = '') {
  const node = element('span', {class: `fact ${className}`});
  if (key) node.append(element('span', {class: 'key'}, key), ' ');
  node.append(value);
  return node;
}

/** @param {number} place */
function badge(place) {
  return element('span', {class: `badge ${layerClass(place)}`}, layerLabel(place));
}

/**
 * The way of a sector down the chain, a row a layer.
 * @param {Source} source
 * @param {Explanation} explanation
 */
function wayTable(source, {sector, steps}) {
  const head = element('tr');
  for (const title of ['Layer', 'Answer', 'Block', 'Table entry', 'Bitmap bit', 'Data at', 'Why']) {
    head.append(element('th', {scope: 'col'}, title));
  }
  const body = element('tbody');
  for (const step of steps) {
    const place = placeIn(source, step.layer);
    const row = element('tr', {class: `${layerClass(place)} ${step.verdict}`});
    const name = source.layers[step.layer]?.name ?? '';
    row.append(element('th', {scope: 'row', class: 'who', title: name}, badge(place), ` ${baseName(name)}`));
    row.append(cell('Answer', verdicts[step.verdict] ?? step.verdict, 'verdict'));
    row.append(cell('Block', step.block < 0 ? '' : count(step.block)));
    row.append(cell('Table entry', step.tableEntry < 0 ? '' : hexWord(step.tableEntry)));
    row.append(cell('Bitmap bit', bitOf(step)));
    row.append(cell('Data at', step.source < 0 ? '' : hexWord(step.source)));
    row.append(cell('', step.problem?.message ?? step.message, 'why'));
    body.append(row);
  }
  return element(
    'table', {class: 'steps'},
    element('caption', {class: 'unseen'}, `How sector ${count(sector)} is found, from the leaf down`),
    element('thead', {}, head), body,
  );
}

/**
 * A sector's bit: its byte's offset in the file, and its mask.
 * @param {Step} step
 */
function bitOf({bitmapByte, bit}) {
  if (bitmapByte < 0 || bit < 0) return '';
  return `${hexWord(bitmapByte)}, bit ${bit} (mask 0x${hexDigits(0x80 >> bit, 2)})`;
}

/**
 * @param {string} key shown before the value where the table has no columns
 * @param {string} value
 * @param {string} [className]
 */
function cell(key, value, className = '') {
  return element('td', {class: value === '' ? `${className} none` : className, 'data-key': key}, value === '' ? '–' : value);
}
