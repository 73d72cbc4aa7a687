// What opening the largest chain costs, up to its first bytes on screen, and
// what a far jump costs: reads of each file, time, memory.

import { expect, test } from '@playwright/test';
import { Viewer } from '../support/viewer.js';
import { benchImages, countReads, median, memory, rows } from './support.js';

const GiB = 2 ** 30;

test('first row of a 2040 GiB chain, and far jumps in it', async ({ page }) => {
  const { layers } = benchImages('huge');
  const times = [];
  const bytes = [];
  let opened;
  for (let turn = 0; turn < 5; turn++) {
    const viewer = new Viewer(page);
    await viewer.load();
    const reads = await countReads(page);
    const idle = await memory(page);
    await rows.watch(viewer.input);
    await viewer.open(...layers);
    times.push(await rows.first(page));
    await expect(viewer.row(0)).toHaveAttribute('data-layer', '0');
    opened = await reads.take();
    bytes.push((await memory(page)) - idle);
    if (turn < 4) continue;

    console.log(`first row of a 2040 GiB chain: ${median(times).toFixed(0)} ms after the files were given (wanted: 300)`);
    console.log(`  reads a layer: ${Object.entries(opened).map(([name, n]) => `${name} ${n}`).join(', ')} (wanted: at most 5)`);
    console.log(`  memory above idle: ${(median(bytes) / 2 ** 20).toFixed(1)} MiB, all of the page's processes (wanted: 64)`);

    const jumps = [];
    for (const place of [1020 * GiB + (2 << 20), 1020 * GiB, 700 * GiB, 2040 * GiB - 512]) {
      await reads.take();
      await viewer.goTo(String(place));
      await expect(viewer.row(place)).toHaveAttribute('data-layer', /^-?\d/);
      const taken = Object.values(await reads.take());
      jumps.push(Math.max(0, ...taken));
    }
    console.log(`  reads a layer of far jumps: ${jumps.join(', ')} (wanted: at most 2)`);
  }
});

test('scrolling through cached rows', async ({ page }) => {
  const viewer = new Viewer(page);
  await viewer.load();
  const { layers } = benchImages('usual');
  await viewer.open(...layers);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  await expect(viewer.row(0)).toHaveAttribute('data-layer', /^-?\d/);
  const { frames, late, pending } = await page.evaluate(scroll);
  console.log(
    `scrolling cached rows: median frame ${median(frames).toFixed(1)} ms, ` +
      `${late} of ${frames.length} steps were not drawn by the next frame, ${pending} showed a row that was not loaded (wanted: 0)`,
  );
});

/** Scrolls down and back up over the same rows, one wheel turn a frame. */
async function scroll() {
  const deep = (root) => [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? deep(e.shadowRoot) : [])]);
  const grid = deep(document).find((e) => e.getAttribute?.('role') === 'grid' && e.querySelector('[data-testid=hex-row]'));
  const rows = () => [...grid.querySelectorAll('[data-testid=hex-row]')];
  const frame = () => new Promise(requestAnimationFrame);
  const wheel = (deltaY) => grid.dispatchEvent(new WheelEvent('wheel', { deltaY, bubbles: true, cancelable: true, composed: true }));
  for (const step of [120, -120]) for (let i = 0; i < 100; i++) { wheel(step); await frame(); }
  const frames = [];
  let late = 0;
  let pending = 0;
  for (let i = 0; i < 100; i++) {
    const before = rows()[0].dataset.offset + rows()[0].getBoundingClientRect().top;
    const start = performance.now();
    wheel(i < 50 ? 120 : -120);
    await frame();
    frames.push(performance.now() - start);
    await Promise.resolve();
    if (rows()[0].dataset.offset + rows()[0].getBoundingClientRect().top === before) late++;
    if (rows().some((row) => row.dataset.layer === 'pending')) pending++;
  }
  return { frames, late, pending };
}
