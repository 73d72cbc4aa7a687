// Which of many files are the parents that chains lack. The engine tells which
// images they are by a few bytes of each; those whose name a child knows its
// parent by are asked about first, and the others only where none of them is it.

import {baseName} from '../format.js';
import {EngineError} from './channel.js';
import {Command} from './protocol.js';

/** @import {RequestOptions} from './channel.js' */
/** @import {Engine} from './client.js' */
/** @import {FileInfo, Forest, Missing, OpenFile, Problem} from './protocol.js' */

/** How many files are looked at at once. */
const atOnce = 8;

/** How many in a row that the network does not give are taken to say that it gives none. */
const inVain = 16;

/**
 * What was seen of files, by File or RemoteFile: none is looked at twice.
 *
 * @type {WeakMap<object, FileInfo>}
 */
const seen = new WeakMap();

/**
 * What a search came to.
 *
 * @typedef {object} Found
 * @property {number[]} keys of the files to open; where several could be one parent, all of them
 * @property {number} looked how many files were looked at
 * @property {number} bytes that were read for it
 * @property {Problem[]} problems of files that could not be looked at
 */

/**
 * Finds the next parent that each open chain lacks among files that are not
 * open. What the parent lacks in turn only the engine can tell, when it is open.
 *
 * @param {Pick<Engine, 'request'>} engine
 * @param {Forest} forest what is open
 * @param {OpenFile[]} files
 * @param {RequestOptions} [options] progress is in files
 * @returns {Promise<Found>} rejects with an EngineError, or with the reason of options.signal
 */
export async function seek(engine, forest, files, {signal, onProgress} = {}) {
  /** @type {Set<number>} */
  const keys = new Set();
  const found = {looked: 0, bytes: 0, problems: /** @type {Problem[]} */ ([])};
  const total = files.filter(({file}) => !seen.has(file)).length;

  let unreached = 0;
  /** @param {OpenFile} file */
  const look = async (file) => {
    let bytes = 0;
    const {files: [info]} = await engine.request(Command.Identify, {files: [file]}, {signal, onProgress: (done) => { bytes = done; }});
    if (!info) return;
    unreached = info.problem?.code === 'network' ? unreached + 1 : 0;
    if (info.problem && unreached === inVain) throw new EngineError(info.problem);
    seen.set(file.file, info);
    if (info.kind === 'refused' && info.problem && !foreign.has(info.problem.code)) found.problems.push(info.problem);
    found.bytes += bytes;
    onProgress?.(++found.looked, total);
  };

  for (const {missing, layers} of forest.disks) {
    if (!missing) continue;
    // A file with the UUID of one above may be a copy of that, and no parent.
    const above = new Set(layers.map(({file}) => file));
    const unsure = forest.files.some(({key, uuid}) => uuid !== '' && uuid === missing.uuid && above.has(key));
    for (const group of byName(missing, files)) {
      await atMost(atOnce, group.filter(({file}) => !seen.has(file)), look);
      const fitting = group.filter(({file}) => fits(missing, seen.get(file)));
      for (const {key} of fitting) keys.add(key);
      if (fitting.length > 0 && !unsure) break;
    }
  }
  return {keys: [...keys], ...found};
}

/** Codes of files that are no VHD, which is no problem of theirs. */
const foreign = new Set(['cookie', 'other-format']);

/**
 * The files that have a name of the parent, and those that do not: none, where
 * the parent is a raw disk, which only its name tells.
 *
 * @param {Missing} missing
 * @param {OpenFile[]} files
 */
function byName({uuid, names}, files) {
  const known = new Set(names.map(({text}) => comparable(text)));
  /** @type {OpenFile[][]} */
  const [named, others] = [[], []];
  for (const file of files) (known.has(comparable(file.name)) ? named : others)?.push(file);
  return uuid === '' ? [named] : [named, others];
}

/**
 * @param {Missing} missing
 * @param {FileInfo | undefined} info
 */
const fits = ({uuid}, info) => (uuid === '' ? info?.kind === 'raw' : info?.uuid === uuid);

/**
 * The name of a file without its folders, the same for all that Windows or
 * macOS take for the same.
 *
 * @param {string} path or a file URL
 */
function comparable(path) {
  let name = baseName(path);
  if (/^file:/i.test(path)) {
    try {
      name = baseName(decodeURIComponent(name));
    } catch { /* It is no URL. */ }
  }
  return name.normalize('NFC').replace(/[. ]+$/, '').toLowerCase();
}

/**
 * Does something with all of a list, a few at once, until one of them fails.
 *
 * @template T
 * @param {number} most
 * @param {T[]} list
 * @param {(item: T) => Promise<void>} act
 */
async function atMost(most, list, act) {
  const rest = [...list].reverse();
  await Promise.all(Array.from({length: Math.min(most, list.length)}, async () => {
    try {
      for (let item = rest.pop(); item !== undefined; item = rest.pop()) await act(item);
    } finally {
      rest.length = 0;
    }
  }));
}
