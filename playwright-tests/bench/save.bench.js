// Saving a resolved disk of 1 GiB as a raw file, beside the browser saving the
// same bytes from one plain File: streamed to a file handle, and downloaded.

import { expect, test } from '@playwright/test';
import { Viewer } from '../support/viewer.js';
import { benchImages, median } from './support.js';

const turns = 4;

for (const kind of ['blocks', 'usual', 'ragged']) {
  test(`save as raw, ${kind} chain`, async ({ page }) => {
    const viewer = new Viewer(page);
    await viewer.load();
    const { layers, flat } = benchImages(kind);
    await viewer.open(...layers);
    await viewer.expectChain('complete');
    await page.evaluate(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.id = 'flat';
      document.body.append(input);
    });
    await page.locator('#flat').setInputFiles(flat);
    const [disk] = await viewer.disks();
    const request = [disk.id, disk.layers.length];

    const rates = { stream: [], 'plain stream': [], blob: [], 'plain download': [] };
    let way;
    for (let turn = 0; turn < turns; turn++) {
      const times = {};
      times['plain stream'] = await page.evaluate(streamPlain);
      times.stream = await page.evaluate(streamDisk, request);
      times['plain download'] = await download(page, () => (globalThis.made = document.querySelector('#flat').files[0]));
      way = await page.evaluate(makeBlob, request);
      times.blob = way.time + await download(page, () => globalThis.made);
      expect(way.size).toBe(disk.size);
      await page.evaluate(clear);
      if (turn === 0) continue; // warms the caches
      for (const [name, time] of Object.entries(times)) rates[name].push(disk.size / 1e3 / time);
    }
    for (const [what, ours, plain] of [['to a handle', 'stream', 'plain stream'], [`${way.way} and downloaded`, 'blob', 'plain download']]) {
      const ratios = rates[ours].map((rate, i) => rate / rates[plain][i]);
      console.log(`save as raw, ${kind} chain, ${what}: ${median(rates[ours]).toFixed(0)} MB/s, a plain File ` +
        `${median(rates[plain]).toFixed(0)} MB/s, ratio ${median(ratios).toFixed(2)} (wanted: 0.8 for whole blocks)`);
    }
  });
}

/** @returns {Promise<number>} ms to write a plain File to a handle */
async function streamPlain() {
  const root = await navigator.storage.getDirectory();
  const writable = await (await root.getFileHandle('plain.img', { create: true })).createWritable();
  const start = performance.now();
  await writable.write(document.querySelector('#flat').files[0]);
  await writable.close();
  const time = performance.now() - start;
  await root.removeEntry('plain.img');
  return time;
}

/** @returns {Promise<number>} ms to save a disk to a handle */
async function streamDisk([id, layers]) {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('disk.img', { create: true });
  const start = performance.now();
  await document.querySelector('vs-app').workspace.jobs.run('save', {
    disk: id, first: 0, last: layers - 1, as: 'raw', blockSize: 0, parent: 0, salvage: false, to: { name: 'disk.img', handle },
  });
  const time = performance.now() - start;
  await root.removeEntry('disk.img');
  return time;
}

/** Makes a Blob of a disk, and tells in how many ms and which way. */
async function makeBlob([id, layers]) {
  const start = performance.now();
  const { blob, way } = await document.querySelector('vs-app').workspace.jobs.run('save', {
    disk: id, first: 0, last: layers - 1, as: 'raw', blockSize: 0, parent: 0, salvage: false, to: { name: 'disk.img', handle: null },
  });
  globalThis.made = blob;
  return { way, size: blob.size, time: performance.now() - start };
}

/** Removes what is staged: a page keeps it as long as it is open. */
async function clear() {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('staged', { recursive: true }).catch(() => {});
}

/** Ms to download a Blob. */
async function download(page, pick) {
  await page.evaluate(pick);
  const coming = page.waitForEvent('download');
  const start = performance.now();
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(globalThis.made);
    link.download = 'disk.img';
    link.click();
  });
  const made = await coming;
  await made.path();
  const time = performance.now() - start;
  await made.delete();
  return time;
}
