// Changes to what is open are made one after the other, and the person is told
// when one fails.

import {EngineError} from './engine/client.js';
import {messageOf} from './format.js';

/** @import {Workspace} from './workspace.js' */

export class Changing {
  #workspace;
  /** The end of the changes under way. @type {Promise<unknown>} */
  #changes = Promise.resolve();

  /** @param {Workspace} workspace */
  constructor(workspace) {
    this.#workspace = workspace;
  }

  /**
   * Makes a change after those that were asked for before it.
   *
   * @param {string} busy what is said meanwhile
   * @param {() => Promise<void>} change
   * @returns {Promise<void>} rejects where the change does; callers may ignore that
   */
  make(busy, change) {
    const {store} = this.#workspace;
    const made = this.#changes.then(async () => {
      // What is said of an earlier change is not to be taken for this one's.
      store.set({busy, status: ''});
      try {
        await change();
      } catch (error) {
        // A lost engine has a notice of its own.
        if (!(error instanceof EngineError && error.code === 'crash')) {
          this.#workspace.notify('error', 'That did not work', messageOf(error));
        }
        throw error;
      } finally {
        store.set({busy: ''});
      }
    });
    this.#changes = made.catch(() => {});
    // Callers that ignore the outcome are not told of it twice.
    made.catch(() => {});
    return made;
  }
}
