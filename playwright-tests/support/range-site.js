// A built site with images beside it, from a plain web server that gives ranges.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { folders } from './sites.js';

/**
 * @param {string} images folder that is served at images/
 * @param {string} [site] folder of the site
 */
export async function startRangeSite(images, site = folders.site) {
  const program = path.join(folders.repository, 'web/serve.mjs');
  const server = spawn(process.execPath, [program, site, '0', '--images', images], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(server.stdout), 'line');
  return {
    url: /http:\S+/.exec(line)[0],
    async stop() {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    },
  };
}
