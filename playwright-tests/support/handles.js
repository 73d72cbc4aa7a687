// Handles of files as pickers and the system give them. No test can reach
// those, so files of the browser's private file system stand in: their handles
// are of the same kind.

import { carry } from './carrier.js';

/**
 * Puts files where the page's pickers, which this replaces, find them: in one
 * folder.
 * @param {import('@playwright/test').Page} page
 * @param {string[]} paths
 */
export async function putBehindPickers(page, paths) {
  const carrier = await carry(page, paths);
  await carrier.evaluate(async ({ files }) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('disks', { create: true });
    for (const file of files) {
      const writable = await (await folder.getFileHandle(file.name, { create: true })).createWritable();
      await writable.write(file);
      await writable.close();
    }
  });
}

/** To be given to page.addInitScript: pickers whose person picks all there is. */
export function standInForPickers() {
  const folder = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('disks');
  globalThis.picks = [];
  globalThis.showDirectoryPicker = async (options) => {
    globalThis.picks.push({ from: options.startIn?.name });
    return folder();
  };
  globalThis.showOpenFilePicker = async () => Array.fromAsync((await folder()).values());
  // What the system launches the page with.
  Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer: (consumer) => { globalThis.launch = consumer; } } });
}
