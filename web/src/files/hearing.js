// What is drawn of a volume's files is drawn anew when one goes on in them.

/** @import {LitElement} from 'lit' */
/** @import {Browsing} from './browsing.js' */

/** Hears the Browsing that an element has, as long as it has it. */
export class Hearing {
  #element;
  /** @type {Browsing | null} */
  #heard = null;
  #onChange = () => this.#element.requestUpdate();

  /** @param {LitElement & {browsing: Browsing}} element */
  constructor(element) {
    this.#element = element;
    element.addController(this);
  }

  hostUpdate() {
    this.#hear(this.#element.browsing);
  }

  hostDisconnected() {
    this.#hear(null);
  }

  /** An element that comes back draws what has changed meanwhile. */
  hostConnected() {
    this.#element.requestUpdate();
  }

  /** @param {Browsing | null} browsing */
  #hear(browsing) {
    if (browsing === this.#heard) return;
    this.#heard?.removeEventListener('change', this.#onChange);
    this.#heard = browsing;
    this.#heard?.addEventListener('change', this.#onChange);
  }
}
