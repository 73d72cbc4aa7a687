// Drops of files and folders. Browsers give scripts no way to make a drop
// with folders in it, so the event carries a stand-in for its DataTransfer,
// with real files in a tree of entries as the browser would hand them over.

import path from 'node:path';
import { carry } from './carrier.js';

/**
 * Drops files on the page, in folders as their names say.
 * @param {import('@playwright/test').Page} page
 * @param {{name: string, path: string}[]} files name: with '/', from what was dropped
 * @param {string} [target] a selector of what they are dropped on
 */
export async function drop(page, files, target = 'body') {
  const carrier = await carry(page, files.map((file) => file.path));
  const tree = treeOf(files.map(({ name }, index) => ({ parts: name.split(path.posix.sep), index })));
  await page.locator(target).first().evaluate(dispatchDrop, { tree, carrier });
}

/** A folder is a Map's entries, a file the index of what was picked. */
function treeOf(files) {
  const children = new Map();
  for (const { parts: [first, ...rest], index } of files) {
    if (rest.length === 0) children.set(first, index);
    else children.set(first, [...(children.get(first) ?? []), { parts: rest, index }]);
  }
  return [...children].map(([name, value]) =>
    typeof value === 'number' ? { name, file: value } : { name, children: treeOf(value) },
  );
}

function dispatchDrop(element, { tree, carrier }) {
  const entryOf = (node, parent) => {
    const fullPath = `${parent}/${node.name}`;
    if (node.children) {
      return {
        name: node.name,
        fullPath,
        isFile: false,
        isDirectory: true,
        // One call gives a part of a folder, and an empty array ends it.
        createReader() {
          const left = node.children.map((child) => entryOf(child, fullPath));
          return { readEntries: (done) => setTimeout(() => done(left.splice(0, 2))) };
        },
      };
    }
    const file = carrier.files[node.file];
    return { name: node.name, fullPath, isFile: true, isDirectory: false, file: (done) => setTimeout(() => done(file)) };
  };
  const list = tree.map((node) => ({
    kind: 'file',
    type: '',
    getAsFile: () => (node.children ? null : carrier.files[node.file]),
    webkitGetAsEntry: () => entryOf(node, ''),
  }));
  const dataTransfer = {
    types: ['Files'],
    items: list,
    files: tree.filter((node) => !node.children).map((node) => carrier.files[node.file]),
    dropEffect: 'none',
    effectAllowed: 'all',
  };
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, composed: true });
    Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
    element.dispatchEvent(event);
  }
  // As after a real drop, nothing can be had from it any more.
  list.length = 0;
}
