// Starts the page: the engine from its compiled module, the store, the
// workspace between them, and the view of it all.

import {compile, createWorker, keeping} from 'vhdscope:loading';
import {Shelf, storedNotes} from './edits/shelf.js';
import {Engine} from './engine/client.js';
import {Jobs} from './engine/jobs.js';
import {Stage} from './engine/stage.js';
import {Store} from './engine/store.js';
import {Volumes} from './engine/volumes.js';
import {fromHandles} from './opening/handles.js';
import {broughtBy, openUrlDialog} from './remote/doors.js';
import {Reach} from './remote/reach.js';
import {keepOffline} from './offline/offline.js';
import {tellReload} from './offline/telling.js';
import {Workspace} from './workspace.js';
import {makeConsole} from './console.js';
import {applyTheme, storedTheme} from './theme.js';
import './views/app.js';
import {ask} from './views/confirm-dialog.js';

/** @import {App} from './views/app.js' */

applyTheme(storedTheme());

const engine = new Engine(() => createWorker('vhdscope engine'), compile('viewer'));
const stage = new Stage(navigator);
void stage.sweep();
const jobs = new Jobs(() => createWorker('vhdscope job'), () => compile('jobs'), engine, stage);
const store = new Store();
const volumes = new Volumes(() => createWorker('vhdscope volume'), () => compile('volumes'), engine, stage, store);
const shelf = new Shelf({storage: navigator.storage, locks: navigator.locks, notes: storedNotes()});
void shelf.sweep();
const reach = new Reach({base: document.baseURI, library: LIBRARY, connect: CONNECT, single: SINGLE});
const workspace = new Workspace(engine, store, jobs, volumes, shelf, ask, reach);
addEventListener('beforeunload', (event) => {
  if (workspace.editing.unsaved) event.preventDefault();
});

Object.defineProperty(globalThis, 'vhdscope', {value: makeConsole(workspace), enumerable: true});

const app = /** @type {App} */ (document.querySelector('vs-app'));
app.workspace = workspace;

// What the system opens with the installed page: files, or a link that it took
// over and that the page was not navigated to.
/** @type {{launchQueue?: {setConsumer(consumer: (launch: {files: readonly FileSystemFileHandle[], targetURL?: string}) => void): void}}} */
const {launchQueue} = /** @type {any} */ (globalThis);
launchQueue?.setConsumer(({files, targetURL = location.href}) => {
  if (files.length > 0) void workspace.openPicked(fromHandles(files));
  const brought = targetURL === location.href ? [] : broughtBy(new URL(targetURL));
  if (brought.length > 0) void openUrlDialog(workspace, brought);
});

if (keeping) {
  let notice = 0;
  void keepOffline(keeping, engine.ready, (take) => {
    workspace.dismiss(notice);
    notice = workspace.notify('info', 'A new version of vhdscope is ready', () => tellReload(store.state),
      [{label: 'Reload', act: take}, {label: 'Later', act() {}}]);
  });
}
