// Reading a whole resolved disk of 1 GiB, beside the best that plain
// JavaScript does with a flat file of the same bytes.

import { expect, test } from '@playwright/test';
import { Viewer } from '../support/viewer.js';
import { benchImages, median } from './support.js';

const MiB = 1 << 20;

for (const kind of ['blocks', 'usual', 'ragged']) {
  test(`sequential read, ${kind} chain`, async ({ page }) => {
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

    const rates = { engine: [], raw: [] };
    for (let turn = 0; turn < 4; turn++) {
      const raw = {};
      for (const [name, size, inFlight] of [['2 MiB, four in flight', 2, 4], ['8 MiB, two in flight', 8, 2]]) {
        raw[name] = await page.evaluate(readRaw, [size * MiB, inFlight]);
      }
      const engine = await page.evaluate(readDisk, [disk.id, disk.size, 32 * MiB]);
      expect(engine.sum).toBe(Object.values(raw)[0].sum);
      if (turn === 0) continue; // warms the caches
      rates.raw.push(Math.max(...Object.values(raw).map(({ rate }) => rate)));
      rates.engine.push(engine.rate);
    }
    const ratios = rates.engine.map((rate, i) => rate / rates.raw[i]);
    console.log(
      `sequential read, ${kind} chain: ${median(rates.engine).toFixed(0)} MB/s, best raw Blob read ` +
        `${median(rates.raw).toFixed(0)} MB/s, ratio ${median(ratios).toFixed(2)} (wanted: 0.9 for whole blocks)`,
    );
  });
}

/** Reads a flat file with several reads in flight; one word of each sector is summed. */
async function readRaw([size, inFlight]) {
  const file = document.querySelector('#flat').files[0];
  const start = performance.now();
  let next = 0;
  let sum = 0;
  const run = async () => {
    while (next < file.size) {
      const at = next;
      next += size;
      const words = new Uint32Array(await file.slice(at, at + size).arrayBuffer());
      for (let i = 0; i < words.length; i += 128) sum = (sum + words[i]) % 2 ** 40;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, run));
  return { rate: file.size / 1e3 / (performance.now() - start), sum };
}

/** Reads a disk piece by piece through the console API. */
async function readDisk([id, size, step]) {
  const start = performance.now();
  let sum = 0;
  for (let at = 0; at < size; at += step) {
    const bytes = await globalThis.vhdscope.read(id, at, Math.min(step, size - at));
    const words = new Uint32Array(bytes.buffer);
    for (let i = 0; i < words.length; i += 128) sum = (sum + words[i]) % 2 ** 40;
  }
  return { rate: size / 1e3 / (performance.now() - start), sum };
}
