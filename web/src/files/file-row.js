// A row of a folder: what is told of an entry.

import {html, nothing} from 'lit';
import {formatNumber, formatSize, legible} from '../format.js';
import {layerClass, layerLabel, layerWord} from '../layers.js';
import {iconOf, kindWord} from './kinds.js';
import {formatTime} from './times.js';

/** @import {Folder} from './folder.js' */
/** @import {Column} from './sorting.js' */
/** @import {LayersOf} from '../engine/volumes-protocol.js' */

/** @type {readonly {by: Column, title: string}[]} */
export const columns = [
  {by: 'name', title: 'Name'},
  {by: 'size', title: 'Size'},
  {by: 'modified', title: 'Modified'},
  {by: 'created', title: 'Created'},
  {by: 'attributes', title: 'Attributes'},
  {by: 'layers', title: 'Layers'},
];

/** Badges that a row has room for. */
const badges = 3;

/**
 * The cells of a row.
 *
 * @param {Folder} folder
 * @param {number} row
 * @param {boolean} layered whether there is more than one layer that could supply bytes
 */
export function renderCells(folder, row, layered) {
  const {listing} = folder;
  const kind = listing.kind(row);
  const deleted = listing.deleted(row);
  const name = folder.nameOf(row);
  const size = listing.size(row);
  return html`<div role="rowheader" class="name"><vs-icon name=${iconOf(kind, name)}></vs-icon>
      ${kind === 'file' ? nothing : html`<span class="visually-hidden">${kindWord(kind, false)}</span>`}
      <bdi class="text" title=${legible(name)}>${legible(name)}</bdi>
      ${deleted ? html`<span class="tag"><vs-icon name="trash"></vs-icon>deleted</span>` : nothing}</div>
    <div role="gridcell" class="size" title=${kind === 'file' ? `${formatNumber(size)} bytes` : nothing}>${kind === 'file' ? formatSize(size) : ''}</div>
    <div role="gridcell" class="modified">${formatTime(listing.modified(row))}</div>
    <div role="gridcell" class="created">${formatTime(listing.created(row))}</div>
    <div role="gridcell" class="attributes">${listing.attributes(row)}</div>
    ${layered ? html`<div role="gridcell" class="layers">${renderLayers(folder.layers.get(row))}</div>` : nothing}`;
}

/**
 * Which layers supply a file's bytes: a badge each, most bytes or not.
 *
 * @param {LayersOf | undefined} known
 * @param {number} [most] badges
 */
export function renderLayers(known, most = badges) {
  if (!known) return nothing;
  if (known.problem) return html`<vs-icon class="warning" name="warning" title=${known.problem}></vs-icon><span class="visually-hidden">${known.problem}</span>`;
  const there = known.bytes.map((bytes, place) => ({bytes, place})).filter(({bytes}) => bytes > 0);
  return html`<span class="visually-hidden">${wordsOf(known)}</span><span class="supply" aria-hidden="true" title=${wordsOf(known)}>
    ${there.slice(0, most).map(({place}) => html`<span class="badge ${layerClass(place)}">${layerLabel(place)}</span>`)}
    ${there.length > most ? html`<span>+${there.length - most}</span>` : nothing}
    ${there.length === 0 && known.zeros > 0 ? html`<span class="badge ${layerClass(-1)}">${layerLabel(-1)}</span>` : nothing}</span>`;
}

/**
 * @param {LayersOf} known
 * @returns {string} 'layer A 12 KiB, layer C 1 MiB, no layer (zeros) 4 KiB'
 */
function wordsOf({bytes, zeros}) {
  const parts = bytes.flatMap((count, place) => (count > 0 ? [`${layerWord(place)} ${formatSize(count)}`] : []));
  if (zeros > 0) parts.push(`no layer (zeros) ${formatSize(zeros)}`);
  return parts.join(', ') || 'no bytes on the disk';
}
