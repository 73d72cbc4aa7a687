// How a part of a disk is called in lists and reports.

/** @import {Part} from '../engine/volumes-protocol.js' */

/** @param {Part} part */
export function titleOf({gap, index, label, contentLabel, content, type}) {
  if (gap) return 'Space outside of volumes';
  const name = contentLabel || label;
  const what = content || type;
  return [index > 0 ? `Volume ${index}` : 'Volume', name && `“${name}”`, what].filter(Boolean).join(', ');
}
