// The parents that the person chose, made again in another worker.

import {EngineError} from './channel.js';

/** @import {ChooseRequest} from './protocol.js' */

/**
 * Makes choices. One may be refused as a cycle until a later one is made, so
 * the refused ones get further turns for as long as that helps.
 *
 * @param {ChooseRequest[]} choices
 * @param {(choice: ChooseRequest) => Promise<void>} choose
 * @returns {Promise<ChooseRequest[]>} those that are refused; rejects when the worker is lost
 */
export async function makeChoices(choices, choose) {
  for (let pending = choices; ;) {
    /** @type {ChooseRequest[]} */
    const refused = [];
    for (const choice of pending) {
      try {
        await choose(choice);
      } catch (error) {
        if (error instanceof EngineError && error.code === 'crash') throw error;
        refused.push(choice);
      }
    }
    if (refused.length === 0 || refused.length === pending.length) return refused;
    pending = refused;
  }
}
