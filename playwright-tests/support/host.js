// A host of the built site that a test has for itself: it can be cut off, and
// deployed to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { writeServiceWorker } from '../../web/build/precache.mjs';
import { folders } from './sites.js';

const program = path.join(folders.repository, 'web/serve.mjs');

/** @param {{under?: string}} [at] the path that the site is served at, such as tools/vhdscope */
export async function startHost({ under = '' } = {}) {
  const root = await mkdtemp(path.join(tmpdir(), 'vhdscope-host-'));
  const site = path.join(root, under);
  await cp(folders.site, site, { recursive: true });
  let server = null;
  let port = 0;

  const host = {
    /** Where the page is. */
    url: '',
    site,

    /** Cuts it off. */
    async cut() {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
      server = null;
    },

    /** Lets it be reached, at the same place as before. */
    async restore() {
      server = spawn(process.execPath, [program, root, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = await once(createInterface(server.stdout), 'line');
      port = Number(/:(\d+)\//.exec(line)[1]);
      host.url = `http://127.0.0.1:${port}/${under && `${under}/`}`;
    },

    /**
     * Puts another version of the site in the place of the one before.
     * @param {(folder: string) => Promise<unknown>} [spoil] what goes wrong on the way
     */
    async deploy(spoil) {
      const next = await mkdtemp(path.join(tmpdir(), 'vhdscope-next-'));
      await otherVersion(site, next);
      await spoil?.(next);
      await rm(site, { recursive: true });
      await rename(next, site);
    },

    async stop() {
      if (server) await host.cut();
      await rm(root, { recursive: true, force: true });
    },
  };
  await host.restore();
  return host;
}

/** The same site with other names for all of its assets, as if all of them had changed. */
async function otherVersion(from, to) {
  // Without what is compressed, which would be of the version before.
  await cp(from, to, { recursive: true, filter: (name) => !/\.(br|gz)$/.test(name) });
  const assets = path.join(to, 'assets');
  const names = new Map((await readdir(assets)).map((name) => {
    const [, stem, hash, rest] = /^(.*-)(\w{8,10})(\.[\w.]+)$/.exec(name);
    return [name, stem + [...hash].reverse().join('') + rest];
  }));
  const rewrite = async (file) => {
    let text = await readFile(file, 'utf8');
    for (const [before, after] of names) text = text.replaceAll(before, after);
    await writeFile(file, text);
  };
  for (const name of names.keys()) if (/\.(js|css)$/.test(name)) await rewrite(path.join(assets, name));
  for (const name of ['index.html', 'manifest.webmanifest']) await rewrite(path.join(to, name));
  for (const [before, after] of names) await rename(path.join(assets, before), path.join(assets, after));
  await writeServiceWorker(to);
}
