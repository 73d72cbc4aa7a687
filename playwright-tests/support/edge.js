// The Worker of wasm/edge as Cloudflare would run it: the built program in
// workerd, with a bucket that lasts as long as it runs, and the site's static
// files beside it. On this machine only.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Miniflare } from 'miniflare';
import { folders } from './sites.js';

/**
 * Serves the site with an image library, which `../build.sh edge` builds.
 *
 * @param {object} [options]
 * @param {Record<string, Uint8Array | string>} [options.files] what is in the bucket by key:
 *   bytes, or the path of a file that has them
 * @param {string} [options.token] what requests must carry
 * @param {string} [options.origins] whose pages may read across origins
 * @param {(bucket: any) => any} [options.bucket] what the Worker is given in place of its
 *   bucket; goes there as text
 * @returns {Promise<Edge>}
 *
 * @typedef {object} Edge
 * @property {string} url of the site, with a slash at the end
 * @property {(key: string, content: Uint8Array) => Promise<void>} put replaces an image
 * @property {() => string} log what the Worker has printed
 * @property {() => Promise<void>} stop
 */
export async function startEdge({ files = {}, token, origins, bucket } = {}) {
  const { main, compatibility_date, assets, r2_buckets, vars } = JSON.parse(
    (await readFile(path.join(folders.edge, 'wrangler.jsonc'), 'utf8')).replaceAll(/^\s*\/\/.*$/gm, ''),
  );
  let log = '';
  const miniflare = new Miniflare({
    host: '127.0.0.1',
    port: 0,
    cf: false, // else it asks the network where it is
    handleRuntimeStdio: (...streams) => {
      for (const stream of streams) stream.setEncoding('utf8').on('data', (some) => (log += some));
    },
    modules: [
      ...(bucket ? [{ type: 'ESModule', path: path.join(folders.edge, 'front.mjs'), contents: front(main, bucket) }] : []),
      ...[main, 'build/worker.mjs', 'build/runtime.mjs', 'build/wasm_exec.js'].map((name) => ({
        type: 'ESModule',
        path: path.join(folders.edge, name),
      })),
      { type: 'CompiledWasm', path: path.join(folders.edge, 'build/app.wasm') },
    ],
    modulesRoot: folders.edge,
    compatibilityDate: compatibility_date,
    r2Buckets: r2_buckets.map(({ binding }) => binding),
    bindings: { ...vars, ...(token && { VHDSCOPE_TOKEN: token }), ...(origins && { VHDSCOPE_ORIGINS: origins }) },
    assets: {
      directory: path.join(folders.edge, assets.directory),
      routerConfig: { has_user_worker: true, static_routing: { user_worker: assets.run_worker_first } },
    },
  });
  const url = (await miniflare.ready).href;
  const images = await miniflare.getR2Bucket('IMAGES');
  const put = async (key, content) => {
    await images.put(key, new Uint8Array(content)); // miniflare takes no Buffer
  };
  await Promise.all(
    Object.entries(files).map(async ([key, content]) => put(key, typeof content === 'string' ? await readFile(content) : content)),
  );
  return { url, put, log: () => log, stop: () => miniflare.dispose() };
}

/** A module that starts the Worker with another bucket. */
const front = (main, bucket) => `
  import worker from './${main}';
  const inFrontOf = ${bucket};
  export default {
    fetch: (request, env, context) => worker.fetch(request, { ...env, IMAGES: inFrontOf(env.IMAGES) }, context),
  };
`;
