// A program that is fetched when it is first needed.

import {EngineError} from './channel.js';
import {messageOf} from '../format.js';

/**
 * @param {() => Promise<WebAssembly.Module>} load
 * @returns {() => Promise<WebAssembly.Module>} gives always the same; one that could not be had is asked for anew
 */
export function program(load) {
  /** @type {Promise<WebAssembly.Module> | undefined} */
  let module;
  return () => {
    module ??= load().catch((error) => {
      module = undefined;
      throw EngineError.of('no-engine', `The part of vhdscope that does this could not be loaded: ${messageOf(error)}`);
    });
    return module;
  };
}
