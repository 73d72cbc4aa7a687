// The page in WebKitGTK, the nearest thing to Safari on Linux: from a server,
// and as one file from a disk.
//
//   node --test webkit/       after ../build.sh and ../build.sh fixtures

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';
import process from 'node:process';
import { chain, facts } from '../support/images.js';
import { folders } from '../support/sites.js';
import { startWebKit } from './webdriver.js';

/** @type {Awaited<ReturnType<typeof startWebKit>>} */
let webKit;
/** @type {import('./webdriver.js').Session} */
let page;
/** @type {import('node:child_process').ChildProcess} */
let server;
/** Where the page is, by how it came there. */
const urls = { 'single file': String(pathToFileURL(path.join(folders.site, 'vhdscope.html'))) };

before(async () => {
  server = spawn(process.execPath, [fileURLToPath(new URL('../../web/serve.mjs', import.meta.url)), folders.site], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of server.stdout) {
    [urls.site] = /http:\S+/.exec(String(line));
    break;
  }
  webKit = await startWebKit();
  page = webKit.session;
  console.log(`WebKitGTK ${page.version}`);
});

after(async () => {
  await webKit?.close();
  server?.kill();
});

/** Opens the page and waits until the engine answers. From then on it keeps what goes wrong. */
async function load(url) {
  await page.go(url);
  await page.run(() => {
    globalThis.wrongs = [];
    addEventListener('error', ({ message }) => wrongs.push(message));
    addEventListener('unhandledrejection', ({ reason }) => wrongs.push(String(reason)));
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => wrongs.push(`${effectiveDirective} ${blockedURI}`));
    console.error = (...words) => wrongs.push(words.join(' '));
    // What is downloaded stays in the page, to be looked at.
    const blobs = new Map();
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const made = create(blob);
      blobs.set(made, blob);
      return made;
    };
    globalThis.downloads = [];
    HTMLAnchorElement.prototype.click = function () {
      downloads.push({ name: this.download, blob: blobs.get(this.href) });
    };
    globalThis.sumOf = async (bytes) => {
      const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
    };
  });
  await page.until('the engine answers', () => globalThis.vhdscope?.read(0, 0, 0).catch(({ code }) => code === 'bad-request'));
}

/** Waits for one disk whose chain is complete. */
const disk = () => page.until('a complete disk', () => vhdscope.disks().find(({ complete }) => complete));

for (const kind of ['site', 'single file']) {
  describe(`the ${kind}`, () => {
    before(() => load(urls[kind]));

    test('opens a chain given to its input, and reads the sectors of each layer', async () => {
      await page.type('[data-testid=open-files]', chain.join('\n'));
      const { id, size, layers } = await disk();
      assert.deepEqual(layers.map(({ name, state }) => [name, state]), facts.chain.layers.map(({ name }) => [name, 'resolved']));
      const sum = await page.run(async (...args) => sumOf(await vhdscope.read(...args)), id, 0, size);
      assert.equal(sum, facts.chain.sha256);
      await page.click('[data-testid=tab-sectors]');
      const fact = facts.chain.sectors.find(({ layer }) => layer === 1);
      await page.type('[data-testid=goto]', `s:${fact.sector}\uE007`);
      await page.element(`[data-testid=hex-row][data-offset="${fact.sector * 512}"][data-layer="1"]`);
    });

    test('saves its disk to the downloads', async () => {
      for (const [item, name] of [['Raw disk', 'leaf.img'], ['Fixed VHD', 'leaf (fixed).vhd']]) {
        await page.click('[data-testid=chain-menu]');
        await page.click('[role=menuitem]', item);
        const saved = await page.until(`${name} is saved`, async (wanted, length) => {
          const { blob } = downloads.find((download) => download.name === wanted) ?? {};
          return blob && { size: blob.size, sha256: await sumOf(await blob.slice(0, length).arrayBuffer()) };
        }, name, facts.chain.size);
        assert.equal(saved.size, facts.chain.size + (name.endsWith('.vhd') ? 512 : 0));
        assert.equal(saved.sha256, facts.chain.sha256);
      }
    });

    test('makes by its API what it saves', async () => {
      const { id } = await disk();
      const sum = await page.run(async (which) => sumOf(await (await vhdscope.save(which, { as: 'raw' })).arrayBuffer()), id);
      assert.equal(sum, facts.chain.sha256);
    });

    test('opens the sample, and lists and reads its files', async () => {
      await page.run(() => vhdscope.close());
      await page.click('[data-testid=sample]');
      const { id } = await disk();
      await page.click('[data-testid=tab-files]');
      await page.element('[data-testid=entry][data-name="README.txt"]');
      const [files] = facts.sample.files;
      const sums = await page.run(async (which, names) => {
        const [{ index }] = (await vhdscope.volumes(which)).filter(({ browsable }) => browsable);
        return Promise.all(names.map(async (name) => [name, await sumOf(await (await vhdscope.file(which, index, name)).arrayBuffer())]));
      }, id, Object.keys(files));
      assert.deepEqual(Object.fromEntries(sums), files);
    });

    test('turns dark by its own switch', async () => {
      const ground = () => page.run(() => getComputedStyle(document.body).backgroundColor);
      for (const theme of ['light', 'dark']) {
        await page.until(`it is ${theme}`, (wanted) => {
          const find = (root) => [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? find(each.shadowRoot) : [])]);
          const button = find(document).find(({ ariaLabel }) => /^colours:/i.test(ariaLabel ?? ''));
          if (button.ariaLabel.includes(wanted)) return true;
          button.click();
          return false;
        }, theme);
        const [red] = (await ground()).match(/\d+/g);
        assert.equal(Number(red) < 128, theme === 'dark', `${theme}: ${await ground()}`);
      }
    });

    test('did nothing wrong meanwhile', async () => {
      assert.deepEqual(await page.run(() => wrongs), []);
    });
  });
}

test('after one visit the site opens with its server gone', async () => {
  await load(urls.site);
  await page.until('the service worker is active', async () => (await navigator.serviceWorker.ready).active.state === 'activated');
  server.kill();
  await once(server, 'exit');
  await load(urls.site);
  await page.click('[data-testid=sample]');
  await disk();
});
