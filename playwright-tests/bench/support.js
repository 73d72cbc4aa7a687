// What the measurements share.

import { readdirSync } from 'node:fs';
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
