// Where a child that was opened by its address may have its parent: at the
// places beside it that the names in it lead to.

import {baseName} from '../format.js';
import {tellUnread} from './problems.js';
import {hostOf, isRemote, isWellFormed} from './remote-file.js';

/** @import {Missing, ParentName} from '../engine/protocol.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Unread} from './problems.js' */
/** @import {Reach} from './reach.js' */
/** @import {Remote} from './remote.js' */
/** @import {RemoteFile} from './remote-file.js' */

/** How many places are asked for one parent. */
const most = 4;

/**
 * Addresses on the child's own server: what a relative name leads to, then
 * each name in the child's own folder.
 *
 * @param {string} child its address
 * @param {readonly ParentName[]} names under which it knows its parent
 * @param {Reach} reach
 * @returns {string[]} each once, the likeliest first
 */
export function placesBeside(child, names, reach) {
  const relative = names.map(({text}) => text.replaceAll('\\', '/')).filter((text) => /^\.{1,2}\//.test(text));
  const places = [...relative, ...names.map(({text}) => baseName(text))].flatMap((name) => {
    const path = isWellFormed(name) ? name.split('/').map(encodeSegment).join('/') : '';
    if (path === '' || !URL.canParse(path, child)) return [];
    const url = new URL(path, child);
    return url.origin === new URL(child).origin && url.href !== child ? [url.href] : [];
  });
  return [...new Set(places)].filter((url) => reach.address(url).why === '').slice(0, most);
}

/** @param {string} segment */
function encodeSegment(segment) {
  return segment === '..' || segment === '.' ? segment : encodeURIComponent(segment);
}

/** How many parents in a row are looked for at most; a deeper chain can be asked for again. */
const deepest = 64;

/**
 * Looks for a parent beside its child, and for its parent in turn, by one
 * request for each place; opens what is there, and tells the person.
 *
 * @param {Workspace} workspace
 * @param {Missing} missing
 */
export async function openBeside(workspace, missing) {
  const {remote} = workspace;
  /** @type {string[]} */
  const opened = [];
  /** @type {Unread[]} */
  let unread = [];
  /** @type {Missing | null} */
  let next = missing;
  while (next && opened.length < deepest) {
    const child = workspace.opened.given(next.child);
    if (!isRemote(child)) break;
    workspace.store.set({busy: `Asking ${hostOf(child)} for the parent of ${child.name}…`});
    unread = [];
    const file = await firstThere(remote, placesBeside(child.url, next.names, remote.reach), unread).finally(() => workspace.store.set({busy: ''}));
    if (!file) break;
    await remote.open([file]);
    opened.push(file.name);
    next = missingAbove(workspace, next);
  }
  if (opened.length > 0) workspace.store.set({status: `Opened ${opened.join(', ')} from beside the child.`});
  else if (unread.length > 0) workspace.notify('warning', 'The parent is not beside its child', `Asked for:\n${tellUnread(unread).join('\n')}`);
}

/**
 * @param {Remote} remote
 * @param {string[]} places
 * @param {Unread[]} unread takes what cannot be read, and why
 * @returns {Promise<RemoteFile | undefined>} what is at the first place where there is something
 */
async function firstThere(remote, places, unread) {
  for (const place of places) {
    const {files, unread: one} = await remote.pinAll([place]);
    if (files[0]) return files[0];
    unread.push(...one);
  }
  return undefined;
}

/**
 * What a chain lacks now that it lacks something else than before.
 *
 * @param {Workspace} workspace
 * @param {Missing} before
 * @returns {Missing | null}
 */
function missingAbove(workspace, before) {
  const disk = workspace.store.state.forest.disks.find(({layers}) => layers.some(({file}) => file === before.child));
  return disk?.missing && disk.missing.child !== before.child ? disk.missing : null;
}
