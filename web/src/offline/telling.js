// What is said of a version that is ready.

import {isolated} from '../format.js';

/** @import {State} from '../engine/store.js' */

/**
 * What reloading the page means for what is open.
 *
 * @param {State} state
 * @returns {string}
 */
export function tellReload({forest, edits, jobs}) {
  if (forest.files.length === 0) return 'Reload the page to have it now; else it is there when you open vhdscope next.';
  const unsaved = [...edits.values()].filter(({sectors, saved}) => sectors > 0 && !saved);
  const lost = unsaved.filter(({id}) => id === '');
  return [
    'It waits for as long as you like. Reloading the page closes the files that are open; open them again afterwards.',
    unsaved.length > lost.length ? 'Edits are kept, and offered when their disk is opened again.' : '',
    lost.length > 0 ? `The edits of ${lost.map(({name}) => isolated(name)).join(', ')} are in this tab only: save them first.` : '',
    jobs.some(({state}) => state === 'running' || state === 'stopping') ? 'A file that is being made is not finished then.' : '',
  ].filter(Boolean).join(' ');
}
