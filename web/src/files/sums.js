// Sums of files as text, as sha256sum writes and checks it.

/** @import {FileHash} from '../engine/volumes-protocol.js' */

/**
 * A line a file: its sum, two spaces, its path from the volume's root on. Of
 * files without a sum, a remark.
 *
 * @param {readonly FileHash[]} files
 * @returns {string}
 */
export function asSums(files) {
  return files.map(({path, sha256, problem}) => {
    const name = path.replace(/^\//, '');
    if (problem) return `# ${escaped(name)}: ${problem.replaceAll(/\s+/g, ' ')}\n`;
    return /[\\\n\r]/.test(name) ? `\\${sha256}  ${escaped(name)}\n` : `${sha256}  ${name}\n`;
  }).join('');
}

/** @param {string} name */
function escaped(name) {
  return name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
