// Help: what can be done, the keys, and the console API.

import {LitElement, css, html} from 'lit';
import {singleReason} from '../remote/reach.js';
import {shortcuts} from '../shortcuts.js';
import {dialogStyles} from '../styles/dialog.js';
import {shared} from '../styles/shared.js';
import './icon.js';

/** What the menus offer. @type {[string, string][]} */
const actions = [
  ['Save', 'The whole disk as one file: raw, or a fixed or dynamic VHD'],
  ['Merge', 'A run of layers as one layer that takes their place'],
  ['New child', 'An empty layer on top of one, for a machine to write to'],
  ['Relink', 'A child that names its parent anew, so that every tool finds it'],
  ['Repair', 'A file in which what can be told from the rest of it is put right; what is lost is listed'],
  ['Check', 'A report of all that is wrong, for people and as JSON'],
];

/** Keys of the tree and of everything, beside the shortcuts. @type {[string, string][]} */
const keys = [
  ['↑ ↓ ← →', 'Move in the list of disks; Enter shows what is chosen'],
  ['Delete', 'Close the file chosen in the list'],
  ['Shift + F10', 'Open the menu of what is chosen in the list'],
  ['← →', 'Move between tabs; Enter or Space shows one'],
];

/** Keys of a folder in a volume. @type {[string, string][]} */
const folderKeys = [
  ['↑ ↓, Home, End', 'Move in the folder; with Shift, pick all between, with Ctrl, pick nothing'],
  ['Letters', 'Go to the next name that begins so'],
  ['Enter', 'Open a folder, or show a file'],
  ['Backspace', 'Go to the folder above'],
  ['Alt + ← →', 'Go back, and forward again'],
  ['Space', 'Pick an entry, or no longer'],
  ['Ctrl + A', 'Pick all; Escape picks none'],
  ['Ctrl + C', 'Copy the paths of what is picked'],
  ['Alt + Enter', 'Go to the properties'],
  ['Shift + F10', 'Open the menu of what is picked'],
];

/** Keys of the hex view. @type {[string, string][]} */
const hexKeys = [
  ['↑ ↓ ← →', 'Move by rows and bytes; with Shift, select'],
  ['Page Up, Page Down', 'Move by a screen'],
  ['Home, End', 'Start and end of the row; with Ctrl, of the disk or file'],
  ['Ctrl + G', 'Go to a byte, sector or block'],
  ['Ctrl + A', 'Select everything'],
  ['Ctrl + C', 'Copy the selection'],
];

/** Keys of the hex view in edit mode. @type {[string, string][]} */
const editKeys = [
  ['F2', 'Edit the disk, or stop editing; Escape stops, too'],
  ['0 … 9, A … F', 'Overwrite a byte, digit by digit; in the text, type characters'],
  ['Tab', 'Go on from the hex digits to the text; Shift + Tab back'],
  ['Backspace', 'Take back the byte typed last'],
  ['Ctrl + V', 'Write what was copied: as hex or as text, by the column'],
  ['Ctrl + Z', 'Undo; with Shift, or Ctrl + Y, redo'],
];

/** The console API in use. */
const example = `// Adds files (an array of File) in any order, or images by their address.
await vhdscope.open(files)
await vhdscope.open(['images/child.avhd', {url, token}])

// [{id, name, size, complete, layers: [{name, state}]}], layers leaf first
vhdscope.disks()

// The bytes of a disk as a machine reads them: a Uint8Array, or an error.
await vhdscope.read(id, offset, length)

// [{offset, length, layer, source}], and problem where it cannot be read
await vhdscope.extents(id, offset, length)

// [{layer, rule, severity, message, offset, length, got, want}], worst first
await vhdscope.check(id)

// A Blob of the disk as a new file: 'raw', 'fixed' or 'dynamic'.
await vhdscope.save(id, {as: 'raw'})

// A Blob of a layer's file that finds its parent, the layer below, there.
await vhdscope.relink(id, layer, {names: {relative, absolute}})

// [{index, type, label, start, size, browsable, problem}]
await vhdscope.volumes(id)

// [{name, kind, size, modified}]; volume is an index, '/' is the root, kinds
// are file, directory, link, deleted and other, modified is Unix ms or null.
await vhdscope.list(id, volume, '/folder')

// A Blob of a file in a volume.
await vhdscope.file(id, volume, '/folder/name')

// What a layer changed in files: [{volume, path, change}], where change is
// added, removed, renamed, content or metadata.
await vhdscope.changes(id, layer)

// open, and all from read on, take {signal} last: an AbortSignal that ends them early.
await vhdscope.extents(id, offset, length, {signal})

// Drops all files.
await vhdscope.close()`;

/** <vs-help-dialog> */
export class HelpDialog extends LitElement {
  static styles = [shared, dialogStyles, css`
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; align-items: baseline; }
    dt { min-inline-size: 9em; }
    pre { margin: 0; padding: 10px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--sunken); font: 12px/1.5 var(--mono); overflow-x: auto; }
    @media (max-width: 480px) { dl { grid-template-columns: minmax(0, 1fr); } dd { margin-block-end: 4px; } }
  `];

  render() {
    return html`<dialog aria-labelledby="title">
      <header role="none"><h2 id="title">Help</h2><button type="button" class="close" aria-label="Close" @click=${() => this.#dialog().close()}><vs-icon name="close"></vs-icon></button></header>
      <section><h3>Actions</h3>
        <p>The menu Actions of a chain and the menus of its layers make new files; those that are open stay as they are.
          A new file goes to the place that you pick, or to the downloads where the browser has no picker.
          While it is being saved you can go on looking; a save that is cancelled or fails leaves nothing behind.
          Give it a name of its own: some browsers empty a file as soon as you agree to replace it.</p>
        ${words(actions)}</section>
      <section><h3>Anywhere</h3>${list(shortcuts.map(({letter, text}) => [`Alt + Shift + ${letter}`, text]))}</section>
      <section><h3>List and tabs</h3>${list(keys)}</section>
      <section><h3>Files</h3>
        <p>Deleted files are listed where the file system still knows of them. Their content is a guess: it is read from where the file lay,
          which may hold bytes of other files by now. Changes tells what a layer did to files, and Sectors which file a byte belongs to.</p>
        ${list(folderKeys)}</section>
      <section><h3>Over a network</h3>
        <p>${SINGLE ? singleReason : html`Files are read where they are. Only an image that you open by its address, or out of the image library of the site that serves
          this page, is read over the network, piece by piece as you look at it: nothing is uploaded, and each such image is marked
          with <vs-icon name="globe"></vs-icon> and the server it comes from. It is pinned to what it was when it was opened; if it changes on
          the server, no more is read of it. A link to this page with <code>#open=</code> and an address asks before it fetches anything.`}</p></section>
      <section><h3>Sectors</h3>${list(hexKeys)}</section>
      <section><h3>Editing</h3>
        <p>Edits go to a layer of their own on top of the chain; the files stay as they are. The layer is kept in this browser,
          where it keeps files for pages, until you discard it, and is saved as a differencing VHD that needs the file below it.</p>
        ${list(editKeys)}</section>
      <section><h3>Console</h3>
        <p>The browser’s console can use what is open here through <code>vhdscope</code>. Offsets and lengths are bytes;
          layers count from 0, the leaf; layer −1 means that no layer has the bytes and they read as zeros.</p>
        <pre tabindex="0" aria-label="Console functions">${example}</pre></section>
    </dialog>`;
  }

  open() {
    this.#dialog().showModal();
  }

  #dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector('dialog'));
  }
}

/** @param {[string, string][]} rows */
function words(rows) {
  return html`<dl>${rows.map(([word, text]) => html`<dt>${word}</dt><dd>${text}</dd>`)}</dl>`;
}

/** @param {[string, string][]} rows */
function list(rows) {
  return html`<dl>${rows.map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${text}</dd>`)}</dl>`;
}

customElements.define('vs-help-dialog', HelpDialog);
