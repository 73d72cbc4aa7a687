// Looking into volumes that the tools of their file systems made: what listing
// a folder costs the first time, how long one of 100,000 entries takes to be
// shown, and how fast a file inside is saved beside the same bytes in a plain File.

import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { FilesTab } from '../support/files.js';
import { Viewer } from '../support/viewer.js';
import { benchImages, countReadsOf, median } from './support.js';

/** The image of a volume, which is not there without its tools. */
function volumeImages(name) {
  test.skip(!existsSync(`${process.env.VHDSCOPE_BENCH_IMAGES}/volumes/${name}`), `there is no ${name} volume: its tools are not installed`);
  return benchImages(`volumes/${name}`);
}

/** Opens a disk of one volume. */
async function openDisk(page, layers) {
  const viewer = new Viewer(page);
  await viewer.load();
  await viewer.open(...layers);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  return disk;
}

for (const kind of ['ntfs', 'ext4']) {
  test(`reads of a cold listing, ${kind}`, async ({ page }) => {
    const { layers } = volumeImages(kind);
    // Workers wait for their first message until their reads are counted.
    await page.addInitScript(() => {
      const Native = globalThis.Worker;
      globalThis.held = [];
      globalThis.Worker = class extends Native {
        constructor(url, options) {
          super(url, options);
          if (options.name !== 'vhdscope volume') return;
          const post = this.postMessage;
          const waiting = [];
          this.postMessage = (message) => waiting.push(message);
          globalThis.held.push(() => {
            this.postMessage = post;
            for (const message of waiting) this.postMessage(message);
          });
        }
      };
    });
    const disk = await openDisk(page, layers);
    const start = async () => {
      const counted = await countReadsOf(await page.waitForEvent('worker'));
      await page.evaluate(() => globalThis.held.shift()());
      return counted;
    };
    let counting = start();
    const scanned = page.evaluate((id) => globalThis.vhdscope.volumes(id).then(() => {}), disk.id);
    await counting; // the scan's worker, which is gone when that is done
    await scanned;
    counting = start();
    const listing = page.evaluate((id) => globalThis.vhdscope.list(id, 0, '/').then(({ length }) => length), disk.id);
    const counted = await counting;
    expect(await listing).toBeGreaterThan(30);
    const reads = Object.values(await counted.take()).reduce((sum, n) => sum + n, 0);
    console.log(`listing the root of an ${kind} volume, cold: ${reads} Blob reads (wanted: at most 12), the chain's own among them`);
  });
}

test('a folder of 100,000 entries', async ({ page }) => {
  const { layers } = volumeImages('many');
  const times = [];
  for (let turn = 0; turn < 4; turn++) {
    await openDisk(page, layers);
    const files = new FilesTab(page);
    await files.show();
    await files.entry('many').click();
    // Cold: a new page has a new worker.
    await page.evaluate(() => document.addEventListener('keydown', () => (globalThis.benchStart = performance.now()), { capture: true, once: true }));
    await page.keyboard.press('Enter');
    times.push(await page.evaluate(async () => {
      const row = (root) => {
        for (const e of root.querySelectorAll('*')) {
          if (e.dataset.name?.startsWith('Document-')) return e;
          const inside = e.shadowRoot && row(e.shadowRoot);
          if (inside) return inside;
        }
        return null;
      };
      while (!row(document)) await new Promise(requestAnimationFrame);
      return performance.now() - globalThis.benchStart;
    }));
    await expect(files.grid).toHaveAttribute('aria-rowcount', '100001');
  }
  console.log(`a folder of 100,000 entries, from its key to its first rows: median ${median(times).toFixed(0)} ms of ` +
    `${times.map((time) => time.toFixed(0)).join(', ')} (wanted: 2000)`);
});

test('saving a file of 1 GiB', async ({ page }) => {
  const { layers, flat } = volumeImages('large');
  const disk = await openDisk(page, layers);
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'flat';
    document.body.append(input);
  });
  await page.locator('#flat').setInputFiles(flat);
  const rates = { file: [], plain: [] };
  for (let turn = 0; turn < 4; turn++) {
    const plain = await page.evaluate(save, null);
    const file = await page.evaluate(save, disk.id);
    expect(file.size).toBe(plain.size);
    if (turn === 0) continue; // warms the caches
    rates.plain.push(plain.size / 1e3 / plain.time);
    rates.file.push(file.size / 1e3 / file.time);
  }
  const ratios = rates.file.map((rate, i) => rate / rates.plain[i]);
  console.log(`saving a file of 1 GiB in an NTFS volume: ${median(rates.file).toFixed(0)} MB/s, a plain File ` +
    `${median(rates.plain).toFixed(0)} MB/s, ratio ${median(ratios).toFixed(2)} (wanted: 0.8)`);
});

/** Saves the file of a disk's volume, or with null the plain one, to a handle. @returns {Promise<{size: number, time: number}>} */
async function save(id) {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('saved', { create: true });
  const { volumes } = document.querySelector('vs-app').workspace;
  const volume = id && await volumes.open(id, (await volumes.scan(id)).parts[0].start);
  const begun = performance.now();
  if (volume) {
    await volume.save(['/flat.raw'], { to: { name: 'saved', handle } });
  } else {
    const writable = await handle.createWritable();
    await writable.write(document.querySelector('#flat').files[0]);
    await writable.close();
  }
  const time = performance.now() - begun;
  const { size } = await handle.getFile();
  await root.removeEntry('saved');
  return { size, time };
}
