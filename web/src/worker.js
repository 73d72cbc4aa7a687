// The worker around the engine: it takes the compiled module, runs the Go
// program in it, and says so when that program ends. Requests go straight to
// Go, which listens to this scope's messages itself and posts its replies.

import 'vhdscope:wasm_exec';
import {ReplyKind} from './engine/protocol.js';
import {scatter} from './engine/scatter.js';
import {asSentence} from './format.js';

/**
 * The engine never ends of its own will: when it does, memory ran out or it
 * met a fault of its own.
 *
 * @param {string} message
 */
function crash(message) {
  postMessage({
    id: 0,
    kind: ReplyKind.Crash,
    value: null,
    problem: {code: 'crash', message: asSentence(message), layer: -1, offset: -1, file: ''},
    done: 0,
    total: 0,
  });
}

/** @param {MessageEvent<{module: WebAssembly.Module}>} event */
async function start({data: {module}}) {
  Object.assign(globalThis, {scatter}); // called by wasm/shell
  const go = new Go();
  let code = 0;
  go.exit = (given) => {
    code = given;
  };
  try {
    const instance = await WebAssembly.instantiate(module, go.importObject);
    await go.run(instance);
    crash(`The engine ended with code ${code}.`);
  } catch (error) {
    crash(`The engine failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

addEventListener('message', (event) => void start(event), {once: true});
