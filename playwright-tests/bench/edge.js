// Prints how long the built Worker takes for a range, beside a Worker in
// JavaScript that does no more than pass the range on.

import process from 'node:process';
import { Miniflare } from 'miniflare';
import { startEdge } from '../support/edge.js';

const REQUESTS = 200;
const LENGTH = 65_536;
const image = new Uint8Array(REQUESTS * LENGTH).map((_, i) => i % 251);

const bare = `export default {
  async fetch(request, { IMAGES }) {
    const [, first, last] = /^bytes=(\\d+)-(\\d+)$/.exec(request.headers.get('Range')).map(Number);
    const { size, etag } = await IMAGES.head('image.vhd');
    const { body, httpEtag } = await IMAGES.get('image.vhd', {
      onlyIf: { etagMatches: etag },
      range: { offset: first, length: last - first + 1 },
    });
    const headers = { ETag: httpEtag, 'Content-Range': \`bytes \${first}-\${last}/\${size}\` };
    return new Response(body, { status: 206, headers });
  },
};`;

async function startBare() {
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    modules: true,
    script: bare,
    compatibilityDate: '2026-04-01',
    r2Buckets: ['IMAGES'],
  });
  const url = (await miniflare.ready).href;
  await (await miniflare.getR2Bucket('IMAGES')).put('image.vhd', image);
  return { url, stop: () => miniflare.dispose() };
}

/** Milliseconds of each of the requests, one after the other, shortest first. */
async function measure({ url, stop }) {
  const times = [];
  for (let i = 0; i < REQUESTS; i++) {
    const first = i * LENGTH;
    const start = performance.now();
    const response = await fetch(new URL('images/image.vhd', url), {
      headers: { Range: `bytes=${first}-${first + LENGTH - 1}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    times.push(performance.now() - start);
    if (response.status !== 206 || bytes.length !== LENGTH || bytes[0] !== first % 251) {
      console.error(`The range at ${first}: status ${response.status}, ${bytes.length} bytes`);
      process.exitCode = 1;
    }
  }
  await stop();
  return times.sort((a, b) => a - b);
}

const show = (name, times) => {
  const at = (part) => times[Math.floor(part * (times.length - 1))].toFixed(1).padStart(7);
  console.log(`${name}  median ${at(0.5)} ms  95 % within ${at(0.95)} ms  slowest ${at(1)} ms`);
};

console.log(`${REQUESTS} ranges of ${LENGTH / 1024} KiB, one after the other, under miniflare:`);
show('the Worker in Go        ', await measure(await startEdge({ files: { 'image.vhd': image } })));
show('the least, in JavaScript', await measure(await startBare()));
