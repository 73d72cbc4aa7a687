// How the one file has its worker and its programs: inside itself. The
// programs, gzipped, are data blocks of the page; the worker is a text here.

const workerUrl = URL.createObjectURL(new Blob([WORKER_SOURCE], {type: 'text/javascript'}));

/** The only script that the page ever starts is its own worker. */
const policy = window.trustedTypes?.createPolicy('vhdscope', {
  createScriptURL(/** @type {string} */ url) {
    if (url !== workerUrl) throw new TypeError(`not the engine's worker: ${url}`);
    return url;
  },
});

/** @param {string} name @returns {Worker} */
export function createWorker(name) {
  const url = policy ? policy.createScriptURL(workerUrl) : workerUrl;
  // Not a module: Chromium starts none for a page from a file.
  const worker = new Worker(/** @type {string} */ (/** @type {unknown} */ (url)), {name});
  worker.addEventListener('message', readFor);
  return worker;
}

/**
 * Answers a worker that may not read a Blob itself: see page-reads.js. What it
 * says to the engine's client is never a bare Blob.
 *
 * @param {MessageEvent} event
 */
async function readFor(event) {
  const {data: blob, ports: [port]} = event;
  if (!(blob instanceof Blob) || !port) return;
  event.stopImmediatePropagation();
  try {
    const bytes = await blob.arrayBuffer();
    port.postMessage(bytes, [bytes]);
  } catch (error) {
    const {name, message} = /** @type {Error} */ (error);
    port.postMessage({name, message});
  }
}

/**
 * Compiles a program once; every worker of it gets the same module.
 *
 * @param {ProgramName} program
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(program) {
  await parsed;
  const block = document.getElementById(`${program}.wasm.gz`);
  // After a block that has its end there is at least the end of a line.
  if (!block?.nextSibling) throw new Error('this HTML file was not copied to its end');
  const wasm = new Blob([fromBase64(block.textContent)]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compileStreaming(new Response(wasm, {headers: {'Content-Type': 'application/wasm'}}));
}

/** It is a file that the person keeps. */
export const keeping = undefined;

/** The data blocks stand below the script, so that the page shows before they are read. */
const parsed = new Promise((resolve) => {
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', resolve, {once: true});
  else resolve(undefined);
});

/** @param {string} text */
function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
