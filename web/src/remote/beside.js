// Where a child that was opened by its address may have its parent: at the
// places beside it that the names in it lead to.

import {baseName} from '../format.js';
import {isWellFormed} from './remote-file.js';

/** @import {ParentName} from '../engine/protocol.js' */
/** @import {Reach} from './reach.js' */

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
