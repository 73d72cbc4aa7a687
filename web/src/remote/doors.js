// The ways to images on a network. What is behind them is loaded when one is
// first opened: the page starts without it.

import {messageOf} from '../format.js';

/** @import {Missing} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */

/**
 * Asks for addresses and opens what is there. Nothing is fetched before the
 * person says so.
 *
 * @param {Workspace} workspace
 * @param {string[]} [brought] addresses that a link or a drop brought
 */
export function openUrlDialog(workspace, brought = []) {
  return pass(workspace, async () => (await import('./url-dialog.js')).showUrlDialog(workspace, brought));
}

/**
 * Shows the images of the library that the site is served with.
 *
 * @param {Workspace} workspace
 */
export function openLibrary(workspace) {
  return pass(workspace, async () => (await import('./library-dialog.js')).showLibrary(workspace, 'choose'));
}

/**
 * Looks in the library for the parents that open chains lack.
 *
 * @param {Workspace} workspace
 */
export function seekInLibrary(workspace) {
  return pass(workspace, async () => (await import('./library-dialog.js')).showLibrary(workspace, 'seek'));
}

/**
 * Looks for a parent beside its child, on the child's server.
 *
 * @param {Workspace} workspace
 * @param {Missing} missing
 */
export function lookBeside(workspace, missing) {
  return pass(workspace, async () => (await import('./beside.js')).openBeside(workspace, missing));
}

/**
 * The addresses that a page's own address brings: #open=… or ?open=…, each as
 * often as there are images.
 *
 * @param {Pick<Location, 'hash' | 'search'>} location
 * @returns {string[]}
 */
export function broughtBy({hash, search}) {
  return [search.slice(1), hash.slice(1)].flatMap((text) => new URLSearchParams(text).getAll('open')).filter(Boolean);
}

/**
 * @param {Workspace} workspace
 * @param {() => Promise<unknown>} through
 */
async function pass(workspace, through) {
  try {
    await through();
  } catch (error) {
    workspace.notify('error', 'That could not be opened', messageOf(error));
  }
}
