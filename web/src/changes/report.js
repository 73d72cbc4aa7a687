// What a layer changed: counted, filtered, as a tree, and written down for
// others.

import {formatCount, formatNumber, formatSize} from '../format.js';
import {plain} from '../jobs/report.js';

/** @import {Span} from '../engine/protocol.js' */
/** @import {Change, ChangedRegion} from '../engine/volumes-protocol.js' */
/** @import {IconName} from '../views/icon.js' */

/** What can have happened to a file, in the order in which it is told. */
export const kinds = /** @type {const} */ (['added', 'removed', 'renamed', 'content', 'metadata']);

/** @typedef {typeof kinds[number]} Kind */

/** The word and mark of what happened. @type {Record<Kind, {word: string, icon: IconName, tone: string}>} */
export const signs = {
  added: {word: 'Added', icon: 'diff-added', tone: 'good'},
  removed: {word: 'Removed', icon: 'diff-removed', tone: 'bad'},
  renamed: {word: 'Renamed', icon: 'diff-renamed', tone: 'muted'},
  content: {word: 'Content changed', icon: 'diff-modified', tone: 'warning'},
  metadata: {word: 'Only metadata changed', icon: 'tag', tone: 'muted'},
};

/**
 * What changed in one volume.
 *
 * @typedef {object} VolumeChanges
 * @property {number} start where the volume begins on the disk, in bytes
 * @property {number} index its number on the disk
 * @property {string} title how it is called
 * @property {readonly Change[]} files
 * @property {readonly ChangedRegion[]} elsewhere changed bytes that belong to no file
 * @property {readonly string[]} notes
 * @property {string} problem why it could not be told, else ''
 */

/**
 * What a layer changed on a disk.
 *
 * @typedef {object} Report
 * @property {string} name of the layer's file
 * @property {string} below the name of the file below it
 * @property {readonly VolumeChanges[]} volumes
 */

/**
 * @param {readonly Change[]} files
 * @param {{kind: string, text: string}} filter '' shows all
 * @returns {Change[]}
 */
export function filtered(files, {kind, text}) {
  const wanted = text.trim().toLowerCase();
  return files.filter(({change, path, from}) => (kind === '' || change === kind) &&
    (wanted === '' || path.toLowerCase().includes(wanted) || from.toLowerCase().includes(wanted)));
}

/**
 * @param {Report} report
 * @returns {string} how much changed: '2 added, 1 renamed'
 */
export function tally({volumes}) {
  const files = volumes.flatMap((volume) => volume.files);
  const parts = kinds.map((kind) => ({kind, count: files.filter(({change}) => change === kind).length})).filter(({count}) => count > 0);
  if (parts.length === 0) return 'No file changed';
  return parts.map(({kind, count}) => `${formatNumber(count)} ${kind === 'content' ? 'changed in content' : kind === 'metadata' ? 'changed in metadata only' : kind}`).join(', ');
}

/**
 * A folder of the tree, or the root of a volume.
 *
 * @typedef {object} Folder
 * @property {string} name
 * @property {Change | null} change what happened to the folder itself
 * @property {Folder[]} folders
 * @property {Change[]} files
 * @property {number} count of changes in it and below
 */

/**
 * @param {readonly Change[]} changes
 * @returns {Folder} the root
 */
export function treeOf(changes) {
  const root = makeFolder('');
  /** @type {Map<string, Folder>} */
  const folders = new Map([['', root]]);
  /** @param {string} path @returns {Folder} */
  const folderAt = (path) => {
    const known = folders.get(path);
    if (known) return known;
    const [above, name] = split(path);
    const made = makeFolder(name);
    folderAt(above).folders.push(made);
    folders.set(path, made);
    return made;
  };
  for (const change of changes) {
    if (change.kind === 'directory') folderAt(change.path).change = change;
    else folderAt(split(change.path)[0]).files.push(change);
  }
  count(root);
  return root;
}

/** @param {string} name @returns {Folder} */
function makeFolder(name) {
  return {name, change: null, folders: [], files: [], count: 0};
}

/** @param {Folder} folder @returns {number} */
function count(folder) {
  folder.count = folder.files.length + (folder.change ? 1 : 0) + folder.folders.reduce((sum, one) => sum + count(one), 0);
  return folder.count;
}

/** @param {string} path @returns {[string, string]} its folder and its name */
function split(path) {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}

/** What of a file's metadata can differ, where the engine's word for it needs another. @type {Record<string, string>} */
const fieldWords = {
  modified: 'modification time',
  created: 'creation time',
  accessed: 'access time',
  changed: 'time of the metadata',
};

/**
 * The sectors that runs begin in, each once.
 *
 * @param {readonly Span[]} runs
 * @returns {Span[]} the first run of each
 */
export function sectorsOf(runs) {
  return runs.filter(({offset}, i) => i === 0 || Math.floor(offset / 512) !== Math.floor((runs[i - 1]?.offset ?? 0) / 512));
}

/**
 * What there is to say of a change besides its path.
 *
 * @param {Change} change
 * @returns {string}
 */
export function factsOf({change, kind, before, after, from, content, rangesBytes, ranges, fields}) {
  const facts = [];
  if (change === 'renamed' && from) facts.push(`was ${from}`);
  if (kind !== 'directory') {
    if (before && after && before.size !== after.size) facts.push(`${formatSize(before.size)} → ${formatSize(after.size)}`);
    else if (after ?? before) facts.push(formatSize((after ?? before)?.size ?? 0));
  }
  if (content && change === 'renamed') facts.push('content changed, too');
  if (ranges.length > 0) facts.push(`${formatSize(rangesBytes)} changed in ${formatCount(ranges.length, 'range')}`);
  const other = fields.map((field) => fieldWords[field] ?? field);
  if (other.length > 0) facts.push(`${other.join(', ')} differ${other.length === 1 ? 's' : ''}`);
  return facts.join('; ');
}

/**
 * @param {Report} report
 * @returns {string} for people
 */
export function asText(report) {
  const lines = [`What ${plain(report.name)} changed on top of ${plain(report.below)}`, `Result: ${tally(report)}`];
  for (const volume of report.volumes) {
    lines.push('', plain(volume.title));
    if (volume.problem) lines.push(`  could not be compared: ${plain(volume.problem)}`);
    for (const note of volume.notes) lines.push(`  note: ${plain(note)}`);
    for (const change of volume.files) {
      const facts = factsOf(change);
      lines.push(`  ${signs[/** @type {Kind} */ (change.change)].word.toLowerCase()}: ${plain(change.path)}${facts ? ` (${plain(facts)})` : ''}`);
      if (change.problem) lines.push(`    problem: ${plain(change.problem)}`);
    }
    for (const {name, bytes} of volume.elsewhere) lines.push(`  outside of files: ${plain(name)}, ${formatSize(bytes)}`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {Report} report
 * @returns {string} for programs: JSON, the same for the same changes
 */
export function asJson({name, below, volumes}) {
  return `${JSON.stringify({tool: 'vhdscope', layer: name, below, volumes}, null, 2)}\n`;
}
