// What all views have in common: a workspace, and an update whenever its
// store changes.

import {LitElement} from 'lit';
import {StoreController} from '../engine/store.js';

/** @import {State} from '../engine/store.js' */
/** @import {Workspace} from '../workspace.js' */

/** A view of the store. Its workspace is set once, before it is connected. */
export class View extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {workspace: {attribute: false}};

  constructor() {
    super();
    /** @type {Workspace} */
    this.workspace = /** @type {any} */ (undefined);
    new StoreController(this, () => this.workspace.store);
  }

  /** @returns {Readonly<State>} */
  get state() {
    return this.workspace.store.state;
  }
}
