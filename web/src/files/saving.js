// Saves files of a volume: one as it is, or files and folders as a zip archive.

import {formatCount} from '../format.js';
import {safeName, savedName} from '../jobs/names.js';

/** @import {Volume} from '../engine/volume.js' */
/** @import {Desk} from '../jobs/desk.js' */

/**
 * To be called in the person's click, which lets the browser ask for a place.
 *
 * @param {Desk} desk
 * @param {Volume} volume
 * @param {string[]} paths
 * @param {{zip?: boolean, name?: string, base?: string}} [as] base: the folder that names in the archive begin in
 * @returns {Promise<boolean>} whether the file was made
 */
export function saveFiles(desk, volume, paths, {zip = false, name = savedName(paths, zip), base = '/'} = {}) {
  const heading = {
    title: zip ? 'Save as a zip archive' : 'Save a file',
    source: paths.length === 1 ? /** @type {string} */ (paths[0]) : formatCount(paths.length, 'file'),
    name: safeName(name),
  };
  return desk.make(heading, (handle, options) => (
    volume.save(paths, {zip, base, to: {name: handle?.name ?? heading.name, handle}}, options)));
}
