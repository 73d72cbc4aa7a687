// What the measurements share.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The files of one kind of chain that `go run ./vhd/vhdtest/bench -write` made. */
export function benchImages(kind) {
  const folder = path.join(process.env.VHDSCOPE_BENCH_IMAGES, kind);
  const layers = readdirSync(folder)
    .filter((name) => name.endsWith('.vhd'))
    .map((name) => path.join(folder, name));
  return { layers, flat: path.join(folder, 'flat.raw') };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Counts the engine's reads by file, from now on. */
export function countReads(page) {
  return countReadsOf(page.workers()[0]);
}

/** Counts a worker's reads by file, from now on. @param {import('@playwright/test').Worker} worker */
export async function countReadsOf(worker) {
  await worker.evaluate(() => {
    const names = new WeakMap();
    globalThis.benchReads = {};
    const slice = Blob.prototype.slice;
    Blob.prototype.slice = function (...args) {
      const part = slice.apply(this, args);
      names.set(part, this.name ?? names.get(this));
      return part;
    };
    const count = (blob) => {
      const name = names.get(blob) ?? 'several';
      globalThis.benchReads[name] = (globalThis.benchReads[name] ?? 0) + 1;
    };
    for (const [type, method] of [[FileReaderSync, 'readAsArrayBuffer'], [Blob, 'arrayBuffer']]) {
      const read = type.prototype[method];
      type.prototype[method] = function (...args) {
        count(type === Blob ? this : args[0]);
        return read.apply(this, args);
      };
    }
  });
  return {
    /** The counts since the last call. */
    take: () => worker.evaluate(() => {
      const taken = globalThis.benchReads;
      globalThis.benchReads = {};
      return taken;
    }),
  };
}

/** Bytes of memory of the browser's processes, theirs alone: JavaScript, wasm and all else. */
export async function memory(page) {
  const client = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  await client.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return renderers.reduce((sum, { id }) => sum + privateBytes(id), 0);
}

/** Private_Clean and Private_Dirty of a process, from Linux. @param {number} id */
function privateBytes(id) {
  const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
  return [...text.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].reduce((sum, [, kib]) => sum + Number(kib) * 1024, 0);
}

/** The moment when the first row with bytes is in the page. */
export const rows = {
  watch: (input) => input.evaluate((element) => {
    element.addEventListener('change', () => (globalThis.benchStart = performance.now()), { capture: true, once: true });
  }),
  first: (page) => page.evaluate(async () => {
    const find = (root) => {
      for (const e of root.querySelectorAll('*')) {
        if (e.matches('[data-testid=hex-row]:not([data-layer=pending])')) return e;
        const inside = e.shadowRoot && find(e.shadowRoot);
        if (inside) return inside;
      }
      return null;
    };
    while (!find(document)) await new Promise(requestAnimationFrame);
    return performance.now() - globalThis.benchStart;
  }),
};
