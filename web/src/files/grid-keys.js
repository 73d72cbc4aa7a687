// What keys mean in a folder's grid: going from row to row, picking rows, and
// what can be done with them.

import {Typed} from './names.js';

/** @import {Browsing} from './browsing.js' */
/** @import {Folder} from './folder.js' */

/**
 * The grid that keys are pressed in.
 *
 * @typedef {object} Grid
 * @property {Browsing} browsing
 * @property {() => number} page how many rows a page has
 * @property {() => void} follow goes to the active row when it is drawn
 * @property {() => void} reveal brings the active row into sight
 * @property {() => void} picked something else is picked
 * @property {(row: number) => void} open
 * @property {(action: string) => void} act
 * @property {() => void} showMenu beside the active row
 */

export class GridKeys {
  #grid;
  #typed = new Typed();

  /** @param {Grid} grid */
  constructor(grid) {
    this.#grid = grid;
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it means something here
   */
  press(event) {
    const grid = this.#grid;
    const {browsing} = grid;
    const {folder} = browsing;
    const {key, shiftKey} = event;
    if (key === 'Backspace' || (event.altKey && key === 'ArrowUp')) void browsing.up();
    else if (event.altKey && key === 'ArrowLeft') void browsing.back();
    else if (event.altKey && key === 'ArrowRight') void browsing.forward();
    else if (event.altKey && key === 'Enter') grid.act('properties');
    else if (event.altKey || !folder) return false;
    else if (key === 'Enter') this.#openActive(folder);
    else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'c') grid.act('copy-path');
    else if (key === 'ContextMenu' || (shiftKey && key === 'F10')) this.#showMenu(folder);
    else return this.#pick(folder, event);
    return true;
  }

  /**
   * @param {Folder} folder
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it means something for what is picked
   */
  #pick(folder, {key, shiftKey, ctrlKey, metaKey, timeStamp}) {
    const control = ctrlKey || metaKey;
    if (control && key.toLowerCase() === 'a') folder.picking.all(folder.order);
    else if (key === 'Escape') folder.picking.none();
    else if (key === ' ' && (control || !this.#typed.isUnderWay(timeStamp))) {
      if (folder.picking.active >= 0) folder.picking.toggle(folder.picking.active);
    } else if (key.length === 1 && !control) this.#type(folder, key, timeStamp);
    else if (!this.#move(folder, key, shiftKey, control)) return false;
    this.#grid.picked();
    this.#grid.follow();
    return true;
  }

  /**
   * @param {Folder} folder
   * @param {string} key
   * @param {boolean} extend
   * @param {boolean} visit whether what is picked stays
   */
  #move({order, picking}, key, extend, visit) {
    const at = order.indexOf(picking.active);
    const page = this.#grid.page();
    const to = {ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: order.length - 1}[key];
    if (to === undefined) return false;
    const row = order[Math.max(0, Math.min(order.length - 1, to))];
    if (row === undefined) return true;
    if (extend) picking.extend(row, order);
    else if (visit) picking.visit(row);
    else picking.only(row);
    this.#grid.reveal();
    return true;
  }

  /**
   * @param {Folder} folder
   * @param {string} letter
   * @param {number} now
   */
  #type(folder, letter, now) {
    const {text, again} = this.#typed.add(letter, now);
    const row = folder.find(text, again);
    if (row < 0) return;
    folder.picking.only(row);
    this.#grid.reveal();
  }

  /** @param {Folder} folder */
  #openActive({picking}) {
    if (picking.active < 0) return;
    if (!picking.has(picking.active)) picking.only(picking.active);
    this.#grid.picked();
    this.#grid.open(picking.active);
  }

  /** @param {Folder} folder */
  #showMenu({picking}) {
    if (picking.active >= 0 && !picking.has(picking.active)) picking.only(picking.active);
    this.#grid.picked();
    this.#grid.showMenu();
  }
}
