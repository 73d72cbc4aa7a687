// Finding the parents that open chains lack among the images of the library:
// those beside the child first, then all. The engine reads at most 1 KiB of each.

import {baseName, formatCount, formatNumber, formatSize} from '../format.js';
import {takeLikely} from '../opening/filter.js';
import {asGiven, decodedSegment, isRemote} from './remote-file.js';

/** @import {DiskInfo} from '../engine/protocol.js' */
/** @import {GivenFile} from '../opening/filter.js' */
/** @import {Workspace} from '../workspace.js' */
/** @import {Library} from './library.js' */

/** How many images of a library are considered. */
const mostImages = 10_000;

/** What the engine reads at most of an image to tell whose parent it is, in bytes. */
const readOfEach = 1024;

/** How a search stands: whether the library is being listed, and how many of its images were looked at. @typedef {{listing: boolean, looked: number, total: number}} Standing */

/**
 * What a search came to.
 *
 * @typedef {object} Sought
 * @property {string[]} found paths of the images that were opened
 * @property {number} looked images that were looked at
 * @property {number} bytes that were read for it
 * @property {string[]} lacking what each chain still lacks, in words
 * @property {string[]} problems images that could not be looked at, and why
 * @property {boolean} all whether there were no more images than are considered
 */

/** Why a chain ends that another file could continue. */
const open = new Set(['not-found', 'mismatch']);

/**
 * @param {Workspace} workspace
 * @returns {DiskInfo[]} whose chain a file that is not open could continue
 */
export function lackingChains(workspace) {
  return workspace.store.state.forest.disks.filter(({missing}) => missing && open.has(missing.reason));
}

/**
 * Looks for the parents that chains lack, and opens them.
 *
 * @param {Workspace} workspace
 * @param {Library} library
 * @param {{signal: AbortSignal, onStanding: (standing: Standing) => void}} options
 * @returns {Promise<Sought>} rejects with a LibraryError, an EngineError or the signal's reason
 */
export async function seekParents(workspace, library, {signal, onStanding}) {
  /** @type {Sought} */
  const sought = {found: [], looked: 0, bytes: 0, lacking: [], problems: [], all: true};
  /** @type {Set<string>} */
  const seen = new Set();
  /** All that may be a parent: one that was found may lack one that was passed over before. @type {GivenFile[]} */
  let candidates = [];
  for (const prefix of [...foldersOf(workspace, library), '']) {
    if (lackingChains(workspace).length === 0) break;
    onStanding({listing: true, looked: sought.looked, total: 0});
    const {images, all} = await library.list(prefix, mostImages, signal);
    sought.all &&= all;
    const fresh = images.filter(({url}) => url !== '' && !seen.has(url));
    for (const {url} of fresh) seen.add(url);
    const {taken} = takeLikely(fresh.map((image) => ({...asGiven(library.fileOf(image)), direct: false})));
    candidates.push(...taken);
    for (let more = true; more && lackingChains(workspace).length > 0;) {
      const before = sought.looked;
      const {files, looked, bytes, problems} = await workspace.seek(withoutOpen(workspace, candidates), {
        signal,
        onProgress: (done, total) => onStanding({listing: false, looked: before + done, total: before + total}),
      });
      sought.looked += looked;
      sought.bytes += bytes;
      // A message of the engine's names its file.
      sought.problems.push(...problems.map(({file, message}) => (message.includes(file) ? message : `${file}: ${message}`)));
      more = files.length > 0;
      if (more) {
        await workspace.open(files); // and with that the parents that these lack are known
        candidates = candidates.filter((file) => !files.includes(file));
        sought.found.push(...files.map(({path}) => path));
      }
    }
  }
  sought.lacking = lackingChains(workspace).map((disk) => tellLack(workspace, disk));
  return sought;
}

/**
 * @param {Sought} sought
 * @returns {string} what was found and what was read for it, in a sentence or two
 */
export function tellSought({found, looked, bytes, all}) {
  const effort = `${formatCount(looked, 'image')} of the library ${looked === 1 ? 'was' : 'were'} looked at, ${formatSize(bytes)} read`;
  const more = all ? '' : ` The library has more than ${formatNumber(mostImages)} images; the rest was not looked at.`;
  return `${found.length > 0 ? `Found ${found.map(baseName).join(', ')}: ` : ''}${effort}.${more}`;
}

/** @param {number} looked @returns {string} how much that is */
export const readFor = (looked) => formatSize(looked * readOfEach);

/**
 * @param {Workspace} workspace
 * @param {DiskInfo} disk
 */
function tellLack(workspace, {missing}) {
  const child = baseName(workspace.nameOf(missing?.child ?? 0));
  const name = baseName(missing?.names[0]?.text ?? '');
  return `${child} still lacks its parent ${[name, missing?.uuid].filter(Boolean).join(', ') || 'without a name'}.`;
}

/**
 * The folders, as prefixes of the library's keys, of children that lack a parent.
 *
 * @param {Workspace} workspace
 * @param {Library} library
 */
function foldersOf(workspace, library) {
  const root = `${library.url.replace(/\/$/, '')}/`;
  const folders = lackingChains(workspace).flatMap(({missing}) => {
    const file = workspace.opened.given(missing?.child ?? 0);
    if (!isRemote(file) || !file.url.startsWith(root)) return [];
    const parts = file.url.slice(root.length).split('/').slice(0, -1);
    return parts.length === 0 ? [] : [`${parts.map(decodedSegment).join('/')}/`];
  });
  return new Set(folders);
}

/**
 * @param {Workspace} workspace
 * @param {GivenFile[]} given
 */
function withoutOpen(workspace, given) {
  const opened = new Set(workspace.remote.files.map(({file}) => file.url));
  return given.filter(({file}) => isRemote(file) && !opened.has(file.url));
}
