// Saving as a person does it, with stand-ins for the parts of a browser that
// no test can reach: its picker of places, and its downloads, whose events do
// not arrive from every browser. Files stay in the page and are looked at there.

import { expect } from './test.js';

/** Chooses from the chain's menu. @param {import('@playwright/test').Page} page @param {string | RegExp} name */
export async function act(page, name) {
  await page.getByTestId('chain-menu').click();
  await page.getByRole('menuitem', { name }).click();
}

/** The button that begins what a dialog is for. @param {import('@playwright/test').Page} page */
export const go = (page) => page.getByRole('dialog').getByTestId('go');

/** Takes the picker away, as in browsers that have none, and keeps what is downloaded. */
export async function withoutPicker(page) {
  await page.evaluate(() => {
    delete globalThis.showSaveFilePicker;
    const blobs = new Map();
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const url = create(blob);
      blobs.set(url, blob);
      return url;
    };
    globalThis.downloads = [];
    HTMLAnchorElement.prototype.click = function () {
      globalThis.downloads.push({ name: this.download, blob: blobs.get(this.href) });
    };
  });
}

/**
 * Puts a picker in place whose person picks a new file of the browser's
 * private file system, changes their mind, or picks a folder that is gone.
 * @param {'picks' | 'changes mind' | 'loses the folder'} person
 */
export async function withPicker(page, person = 'picks') {
  await page.evaluate((kind) => {
    globalThis.picked = [];
    globalThis.showSaveFilePicker = async (options) => {
      globalThis.picked.push({ options, active: navigator.userActivation.isActive });
      if (kind === 'changes mind') throw new DOMException('The user aborted a request.', 'AbortError');
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('picked', { create: true });
      const handle = await folder.getFileHandle(options.suggestedName, { create: true });
      if (kind === 'loses the folder') await root.removeEntry('picked', { recursive: true });
      return handle;
    };
  }, person);
}

/** Names of the files where withPicker puts them. @returns {Promise<string[]>} */
export function pickedFiles(page) {
  return page.evaluate(async () => {
    try {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('picked');
      return await Array.fromAsync(folder.keys());
    } catch {
      return [];
    }
  });
}

/** The one file there. */
export function pickedFile(page) {
  return page.evaluateHandle(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('picked');
    const [[, handle]] = await Array.fromAsync(folder.entries());
    return handle.getFile();
  });
}

/** What was downloaded last. */
export function lastDownload(page) {
  return page.evaluateHandle(() => globalThis.downloads.at(-1).blob);
}

/** Names of all that was downloaded. @returns {Promise<string[]>} */
export function downloadNames(page) {
  return page.evaluate(() => globalThis.downloads.map(({ name }) => name));
}

/** The newest job. */
export const job = (page) => page.getByTestId('job').first();

/** Waits until the newest job has ended so. @param {'done' | 'failed' | 'cancelled'} state */
export async function expectJob(page, state) {
  await expect(job(page)).toHaveAttribute('data-state', state, { timeout: 60_000 });
}
