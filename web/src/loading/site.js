// How the site has its worker and its programs: as files beside the bundle.

const workerUrl = new URL(WORKER_FILE, import.meta.url).href;

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
  // Worker takes a trusted URL; its type does not know that yet.
  return new Worker(/** @type {string} */ (/** @type {unknown} */ (url)), {type: 'module', name});
}

/**
 * Compiles a program once; every worker of it gets the same module.
 *
 * @param {ProgramName} program
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(program) {
  const url = new URL(PROGRAM_FILES[program], import.meta.url).href;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${url}`);
  // Servers that do not know wasm give it another type, which streaming refuses.
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
