// How the site has its worker and its programs: as files beside the bundle.

const workerUrl = new URL(WORKER_FILE, import.meta.url).href;
const serviceWorkerUrl = new URL('sw.js', document.baseURI).href;

/** The only scripts that the page ever starts are its own workers. */
const policy = window.trustedTypes?.createPolicy('vhdscope', {
  createScriptURL(/** @type {string} */ url) {
    if (url !== workerUrl && url !== serviceWorkerUrl) throw new TypeError(`not a worker of the page: ${url}`);
    return url;
  },
});

/**
 * What starts a worker takes a trusted URL; its type does not know that yet.
 *
 * @param {string} url
 */
const trusted = (url) => /** @type {string} */ (/** @type {unknown} */ (policy ? policy.createScriptURL(url) : url));

/** @param {string} name @returns {Worker} */
export function createWorker(name) {
  return new Worker(trusted(workerUrl), {type: 'module', name});
}

/** @type {Keeping} */
export const keeping = {
  script: import.meta.url,
  async register() {
    const {connection, serviceWorker} = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
    // It is there in secure contexts only. To keep the program is to fetch
    // all of it: whoever counts bytes has what was kept before, if anything.
    if (!serviceWorker || (connection?.saveData && !serviceWorker.controller)) return undefined;
    return serviceWorker.register(trusted(serviceWorkerUrl), {updateViaCache: 'none'});
  },
};

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
