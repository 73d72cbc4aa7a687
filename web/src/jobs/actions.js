// What can be done with a chain and its layers besides looking at them, and
// where something cannot be done, why not.

import {fileOf} from '../engine/store.js';
import {baseName, formatSize} from '../format.js';
import {layerTitle, placeOf} from '../layers.js';
import {layersThere} from './runs.js';

/** @import {State} from '../engine/store.js' */
/** @import {DiskInfo, FileInfo} from '../engine/protocol.js' */
/** @import {IconName} from '../views/icon.js' */

/** @typedef {'save-raw' | 'save-fixed' | 'save-dynamic' | 'merge' | 'child' | 'relink' | 'repair' | 'check' | 'save-edits' | 'discard-edits'} ActionName */

/**
 * An action as a menu offers it. Why says why it cannot be done; '' where it can.
 *
 * @typedef {{value: ActionName, label: string, icon: IconName, hint?: string, why: string}} Action
 */

/** Why of a group is why none of its actions can be done. @typedef {{title: string, why?: string, items: Action[]}} ActionGroup */

/** What an action is done to: a layer of a disk, or, with disk 0, a file of no chain. @typedef {{disk: number, layer: number, file: number}} Subject */

/** What views send up to have an action done: event 'vs-act'. @typedef {{action: ActionName, subject: Subject}} Act */

/**
 * @param {State} state
 * @param {DiskInfo} disk
 * @param {number} layer the chosen one
 * @returns {ActionGroup[]} for the chain's own menu
 */
export function chainActions(state, disk, layer) {
  return [
    {
      title: 'Save the disk as',
      why: disk.complete ? '' : 'A parent is missing, and with it a part of the disk.',
      items: [
        {value: 'save-raw', label: 'Raw disk…', icon: 'save', hint: formatSize(disk.size), why: ''},
        {value: 'save-fixed', label: 'Fixed VHD…', icon: 'save', hint: formatSize(disk.size), why: ''},
        {value: 'save-dynamic', label: 'Dynamic VHD…', icon: 'save', hint: 'only what is used', why: ''},
      ],
    },
    {title: 'Chain', items: [mergeAction(disk), {value: 'check', label: 'Check', icon: 'checklist', why: ''}]},
    ...layerActions(state, disk, layer),
  ];
}

/**
 * @param {State} state
 * @param {DiskInfo} disk
 * @param {number} layer
 * @returns {ActionGroup[]} for the menu of a layer; none where its file is missing
 */
export function layerActions(state, disk, layer) {
  const file = fileOf(state, disk.layers[layer]?.file ?? 0);
  if (!file) return [];
  const edits = state.edits.get(file.key);
  if (edits) {
    const why = edits.sectors === 0 ? 'Nothing is edited yet.' : '';
    return [{
      title: 'Your edits',
      items: [
        {value: 'save-edits', label: 'Save edits as VHD…', icon: 'save', why},
        {value: 'discard-edits', label: 'Discard edits…', icon: 'trash', why: ''},
      ],
    }];
  }
  const raw = file.kind === 'raw';
  return [{
    title: `${layerTitle(placeOf(disk.layers, layer))}: ${baseName(file.name)}`,
    items: [
      {value: 'child', label: 'New child…', icon: 'add', why: ''},
      {
        value: 'relink', label: 'Relink…', icon: 'link',
        why: file.parentNames.length > 0 || file.parentUuid ? '' : 'It is a base: it has no parent.',
      },
      {value: 'repair', label: 'Repair…', icon: 'tools', why: raw ? 'A raw disk has nothing but data.' : ''},
    ],
  }];
}

/**
 * @param {FileInfo | undefined} file in no chain
 * @returns {ActionGroup[]}
 */
export function otherActions(file) {
  if (!file || !shouldBeImage(file)) return [];
  return [{
    title: baseName(file.name),
    items: [
      {value: 'check', label: 'Check', icon: 'checklist', why: ''},
      {value: 'repair', label: 'Repair…', icon: 'tools', why: ''},
    ],
  }];
}

/**
 * @param {FileInfo} file in no chain
 * @returns {boolean} whether it is, or is named like, an image, so that something is wrong with it
 */
export function shouldBeImage({problem}) {
  return problem !== null;
}

/**
 * @param {DiskInfo} disk
 * @returns {Action}
 */
function mergeAction(disk) {
  const why = disk.layers.length < 2 ? 'There is only one layer.'
    : layersThere(disk) < 2 ? 'Only one layer is there.' : '';
  return {value: 'merge', label: 'Merge layers…', icon: 'merge', why};
}
