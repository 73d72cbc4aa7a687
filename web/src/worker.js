// The worker around the engine: it takes the compiled module, runs the Go
// program in it, and says so when that program ends. Requests go straight to
// Go, which listens to this scope's messages itself and posts its replies.

import 'vhdscope:wasm_exec';
import {ReplyKind} from './engine/protocol.js';
import {scatter} from './engine/scatter.js';
import {asSentence, formatSize, messageOf} from './format.js';

let crashed = false;

/**
 * The engine never ends of its own will: when it does, memory ran out or it
 * met a fault of its own. Only the first word counts.
 *
 * @param {string} message
 * @param {string} [code]
 */
function crash(message, code = 'crash') {
  if (crashed) return;
  crashed = true;
  postMessage({
    id: 0,
    kind: ReplyKind.Crash,
    value: null,
    problem: {code, message: asSentence(message), layer: -1, offset: -1, file: ''},
    done: 0,
    total: 0,
  });
}

// What is thrown out of the engine's own event handlers comes here, too.
addEventListener('error', (event) => {
  if (crashed) event.preventDefault();
});

/**
 * Ends a program that takes more memory than it may: it is called whenever
 * that has grown.
 *
 * @param {Go} go
 * @param {number} limit bytes
 */
function limitMemory(go, limit) {
  const functions = /** @type {Record<string, (sp: number) => void>} */ (go.importObject.gojs);
  const grown = functions['runtime.resetMemoryDataView'];
  if (!grown) throw new Error('this Go does not tell when its memory grows');
  functions['runtime.resetMemoryDataView'] = (sp) => {
    grown(sp);
    if (go.mem.byteLength <= limit) return;
    crash(`More than ${formatSize(limit)} of memory would be needed`, 'memory');
    throw new RangeError('too much memory');
  };
}

/** @param {MessageEvent<{module: WebAssembly.Module, memory?: number}>} event */
async function start({data: {module, memory}}) {
  Object.assign(globalThis, {scatter}); // called by wasm/shell
  const go = new Go();
  if (memory !== undefined) limitMemory(go, memory);
  let code = 0;
  go.exit = (given) => {
    code = given;
  };
  try {
    const instance = await WebAssembly.instantiate(module, go.importObject);
    await go.run(instance);
    crash(`The engine ended with code ${code}.`);
  } catch (error) {
    crash(`The engine failed: ${messageOf(error)}`);
  }
}

addEventListener('message', (event) => void start(event), {once: true});
