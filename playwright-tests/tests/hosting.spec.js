// The site on any host: under a path, by relative URLs only, and compressed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FilesTab } from '../support/files.js';
import { facts } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { folders } from '../support/sites.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const PATH = '/a/b c/';

const test = base.extend({
  /** The URL of the site under PATH. */
  hosted: async ({}, use) => {
    const program = fileURLToPath(new URL('../../web/serve.mjs', import.meta.url));
    const server = spawn(process.execPath, [program, folders.site, '--under', PATH], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of server.stdout) {
      await use(/http:\S+/.exec(String(line))[0]);
      break;
    }
    server.kill();
  },
});

test('under a path the page runs with all its programs, and asks for nothing outside', async ({ page, hosted }) => {
  const asked = [];
  page.on('response', (response) => asked.push(response));
  const viewer = new Viewer(page);
  await viewer.load(hosted);
  const files = new FilesTab(page);
  await files.openSample();
  const [disk] = await viewer.disks();
  const sum = await page.evaluate(async (id) => {
    const [{ index }] = (await vhdscope.volumes(id)).filter(({ browsable }) => browsable);
    const bytes = await (await vhdscope.file(id, index, '/README.txt')).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    await vhdscope.check(id);
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, disk.id);
  expect(sum).toBe(facts.sample.files[0]['/README.txt']);

  const network = asked.filter((response) => response.url().startsWith('http'));
  for (const response of network) {
    expect(response.url().startsWith(hosted), response.url()).toBe(true);
    expect(response.status(), response.url()).toBeLessThan(400);
  }
  for (const program of ['viewer', 'jobs', 'volumes']) {
    const response = network.find((one) => one.url().includes(`/${program}-`));
    expect(response, program).toBeTruthy();
    expect(response.headers()['content-encoding'], program).toMatch(/^(br|gzip)$/);
    expect(response.headers()['content-type']).toBe('application/wasm');
  }
});

test('About has the one file to take along, and its checksum', ONCE, async ({ page, hosted }) => {
  await new Viewer(page).load(hosted);
  await page.getByRole('button', { name: /^about/i }).click();
  const given = page.waitForEvent('download');
  await page.getByTestId('one-file').click();
  const download = await given;
  expect(download.suggestedFilename()).toBe('vhdscope.html');
  const sum = createHash('sha256').update(readFileSync(await download.path())).digest('hex');
  const sums = await page.request.get(new URL(await page.getByRole('link', { name: 'SHA256SUMS' }).getAttribute('href'), hosted).href);
  expect((await sums.text()).split('\n')).toContain(`${sum}  vhdscope.html`);
});

// A root-relative URL works on most hosts and fails under a path: where code
// takes a URL none may begin with a slash.
test('no file of the site has a root-relative URL', ONCE, () => {
  const patterns = {
    '.html': /(?:href|src|action)=["']?\//,
    '.css': /url\(["']?\//,
    '.js': /(?:\bfetch|\bimport|\bURL|\bWorker|\bregister|\bopen)\(\s*["'`]\/|\bfrom\s*["'`]\//,
    '.webmanifest': /"(?:src|start_url|scope|id|action|url)"\s*:\s*"\//,
  };
  const checked = new Set();
  for (const name of readdirSync(folders.site, { recursive: true })) {
    const pattern = patterns[path.extname(name)];
    if (!pattern) continue;
    checked.add(path.extname(name));
    expect(readFileSync(path.join(folders.site, name), 'utf8').match(pattern)?.[0], name).toBeUndefined();
  }
  expect([...checked].sort()).toEqual(Object.keys(patterns).sort());
});
