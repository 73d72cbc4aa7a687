// Does what is asked for of files in a volume.

import {formatCount, isolated, messageOf} from '../format.js';
import {folderOf, nameOf} from './paths.js';
import {saveFiles} from './saving.js';
import {timeOf} from './times.js';
import {volumeName} from './volume-words.js';

/** @import {Workspace} from '../workspace.js' */
/** @import {FileAction} from './actions.js' */
/** @import {Browsing} from './browsing.js' */

/**
 * To be called in the person's click, in which a picker may open.
 *
 * @param {Workspace} workspace
 * @param {Browsing} browsing
 * @param {FileAction} action
 * @param {string[]} paths
 * @returns {Promise<string>} what there is to say of it, '' for nothing
 */
export async function actOn(workspace, browsing, action, paths) {
  const {volume} = browsing;
  const [path = '/'] = paths;
  try {
    if (action === 'download') await saveFiles(workspace.desk, volume, [path], {name: nameOf(path)});
    else if (action === 'zip') await saveFiles(workspace.desk, volume, paths, {zip: true, base: folderOf(path), name: zipName(browsing, paths)});
    else if (action === 'copy-path') {
      await navigator.clipboard.writeText(paths.join('\n'));
      return paths.length === 1 ? `Copied: ${isolated(path)}` : `${formatCount(paths.length, 'path')} copied.`;
    } else if (action === 'sectors') await workspace.tracing.outline({disk: volume.disk, start: volume.part.start}, path);
    else if (action === 'open-disk') await openAsDisk(workspace, browsing, path);
  } catch (error) {
    const message = messageOf(error);
    workspace.notify('error', 'That did not work', message);
  }
  return '';
}

/**
 * @param {Browsing} browsing
 * @param {string[]} paths
 */
function zipName({path, volume}, paths) {
  const named = paths.length === 1 ? nameOf(paths[0] ?? '/') : nameOf(path);
  return `${named || volumeName(volume.part)}.zip`;
}

/**
 * A disk inside a disk is opened from where it lies, as any file is.
 *
 * @param {Workspace} workspace
 * @param {Browsing} browsing
 * @param {string} path
 */
async function openAsDisk(workspace, {volume}, path) {
  const name = nameOf(path);
  const details = await volume.stat(path);
  const {blob} = await volume.save([path], {to: {name, handle: null}});
  if (!blob) return;
  const lastModified = timeOf(details.modified);
  const file = new File([blob], name, Number.isNaN(lastModified) ? {} : {lastModified});
  await workspace.open([{file, path: name, direct: true}]);
}
