// Which files of a dropped folder are worth a look. A folder may hold
// thousands of files that have nothing to do with disks, and each one that is
// opened costs a few reads.

/**
 * @typedef {object} GivenFile
 * @property {File} file
 * @property {string} path as deep as the browser tells, with '/'
 * @property {boolean} direct whether the person named the file itself, and not a folder around it
 */

/** How many files of no telling name are taken from folders. */
export const unnamedLimit = 2000;

/** The least bytes of an image: a footer, its copy and a header. */
const smallest = 1536;

/**
 * Whether a name says VHD: .vhd, .avhd, and the numbered names of
 * snapshot tools.
 *
 * @param {string} path
 */
export function namedLikeImage(path) {
  return /\.(a?vhd|v\d\d)$/i.test(path);
}

/**
 * Whether a size could be an image's: whole sectors, or one byte less, as
 * the oldest writers leave it.
 *
 * @param {number} size bytes
 */
export function sizedLikeImage(size) {
  return size >= smallest && (size % 512 === 0 || size % 512 === 511);
}

/**
 * Takes what could matter. Whatever was named directly always does.
 *
 * @param {GivenFile[]} given
 * @returns {{taken: GivenFile[], passed: number}} and how many were passed over
 */
export function takeLikely(given) {
  let unnamed = 0;
  const taken = given.filter(({file, path, direct}) => {
    if (direct || namedLikeImage(path)) return true;
    return sizedLikeImage(file.size) && ++unnamed <= unnamedLimit;
  });
  return {taken, passed: given.length - taken.length};
}

/**
 * Leaves out what is there already: the same name, size and time of change,
 * and the same folder where both tell theirs. A file comes with a path from a
 * folder and without one from a picker.
 *
 * @param {GivenFile[]} given
 * @param {Iterable<{file: File, path: string}>} known
 * @returns {{fresh: GivenFile[], repeated: number}}
 */
export function leaveOutKnown(given, known) {
  /** @type {Map<string, string[]>} */
  const seen = new Map();
  /** @param {{file: File, path: string}} one */
  const add = ({file, path}) => {
    const paths = seen.get(identity(file)) ?? [];
    const repeated = paths.some((other) => other === path || !other.includes('/') || !path.includes('/'));
    if (!repeated) seen.set(identity(file), [...paths, path]);
    return !repeated;
  };
  for (const one of known) add(one);
  const fresh = given.filter(add);
  return {fresh, repeated: given.length - fresh.length};
}

/** @param {File} file */
function identity(file) {
  return JSON.stringify([file.name, file.size, file.lastModified]);
}
