// Starts the page: the engine from its compiled module, the store, the
// workspace between them, and the view of it all.

import {Shelf, storedNotes} from './edits/shelf.js';
import {Engine} from './engine/client.js';
import {Jobs} from './engine/jobs.js';
import {Stage} from './engine/stage.js';
import {Store} from './engine/store.js';
import {Volumes} from './engine/volumes.js';
import {Workspace} from './workspace.js';
import {makeConsole} from './console.js';
import {applyTheme, storedTheme} from './theme.js';
import './views/app.js';
import {ask} from './views/confirm-dialog.js';

/** @import {App} from './views/app.js' */

const workerUrl = new URL(WORKER_FILE, import.meta.url).href;

/** The only script that the page ever starts is its own worker. */
const policy = window.trustedTypes?.createPolicy('vhdscope', {
  createScriptURL(/** @type {string} */ url) {
    if (url !== workerUrl) throw new TypeError(`not the engine's worker: ${url}`);
    return url;
  },
});

/** @param {string} name @returns {Worker} */
function createWorker(name) {
  const url = policy ? policy.createScriptURL(workerUrl) : workerUrl;
  // Worker takes a trusted URL; its type does not know that yet.
  return new Worker(/** @type {string} */ (/** @type {unknown} */ (url)), {type: 'module', name});
}

/**
 * Compiles a program once; every worker of it gets the same module.
 *
 * @param {string} file
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(file) {
  const url = new URL(file, import.meta.url).href;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${url}`);
  // Servers that do not know wasm give it another type, which streaming refuses.
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

applyTheme(storedTheme());

const engine = new Engine(() => createWorker('vhdscope engine'), compile(VIEWER_FILE));
const stage = new Stage(navigator);
void stage.sweep();
const jobs = new Jobs(() => createWorker('vhdscope job'), () => compile(JOBS_FILE), engine, stage);
const store = new Store();
const volumes = new Volumes(() => createWorker('vhdscope volume'), () => compile(VOLUMES_FILE), engine, stage, store);
const shelf = new Shelf({storage: navigator.storage, locks: navigator.locks, notes: storedNotes()});
void shelf.sweep();
const workspace = new Workspace(engine, store, jobs, volumes, shelf, ask);
addEventListener('beforeunload', (event) => {
  if (workspace.editing.unsaved) event.preventDefault();
});

Object.defineProperty(globalThis, 'vhdscope', {value: makeConsole(workspace), enumerable: true});

const app = /** @type {App} */ (document.querySelector('vs-app'));
app.workspace = workspace;
