// The whole page in one file, opened from a disk: what can be done there, and
// that it asks for nothing beside itself.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FilesTab } from '../support/files.js';
import { chain, facts, fixture } from '../support/images.js';
import { sumOf } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { act, downloadNames, expectJob, lastDownload, withoutPicker } from '../support/saving.js';
import { SINGLE } from '../support/sites.js';
import { expect, test as base } from '../support/test.js';
import { Viewer } from '../support/viewer.js';
import { browsable, fileSums } from '../support/volumes.js';

const SECTOR = 512;

const test = base.extend({
  /** All that the browser asked for, with what workers did. @type {string[]} */
  asked: async ({ context }, use) => {
    const asked = [];
    context.on('request', (request) => asked.push(request.url()));
    await use(asked);
    const elsewhere = asked.filter((url) => url !== SINGLE && !/^(blob:null\/|data:)/.test(url));
    expect(elsewhere, 'what was asked for beside the file').toEqual([]);
  },

  viewer: async ({ page, watched, asked }, use) => {
    const viewer = new Viewer(page);
    await viewer.load(SINGLE);
    watched.loaded();
    await use(viewer);
  },
});

test('the file opens from a disk and shows the sample, and which build it is', async ({ page, viewer }) => {
  expect(await page.evaluate(() => [location.protocol, origin])).toEqual(['file:', 'null']);
  await viewer.sample.click();
  await viewer.expectChain('complete');
  await expect(viewer.layers).toHaveCount(3);
  const [disk] = await viewer.disks();
  expect((await viewer.read(disk.id, 0, SECTOR)).readUInt16LE(510), 'signature of a boot record').toBe(0xaa55);
  // Another program is needed for what is in it, and licences are a late part.
  expect(await fileSums(page, disk.id, await browsable(page, disk.id))).toEqual(facts.sample.files[0]);
  await page.getByRole('button', { name: /^about/i }).click();
  await expect(page.getByRole('dialog')).toContainText(/Version \d+\.\d+\.\d+, commit ([0-9a-f]{7,}|unknown)/);
  await expect(page.getByRole('dialog')).toContainText('BSD-3-Clause');
});

test('a chain from the picker is the disk that a machine sees, and saves as that', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
  await withoutPicker(page);
  for (const as of [/^raw disk/i, /^dynamic/i]) {
    await act(page, as);
    await expectJob(page, 'done');
  }
  expect(await downloadNames(page)).toEqual(['leaf.img', 'leaf (dynamic).vhd']);
  const raw = await page.evaluateHandle(() => globalThis.downloads[0].blob);
  expect(await sumOf(raw)).toEqual({ size: facts.chain.size, sha256: facts.chain.sha256 });
  // What a browser has no private files for is put together in memory.
  await page.getByTestId('open-result').first().click();
  await viewer.expectDisks(2);
  const made = (await viewer.disks()).find(({ name }) => name === 'leaf (dynamic).vhd');
  expect(await viewer.sha256(made)).toBe(facts.chain.sha256);
});

test('a folder dropped from the desktop opens with the folders in it', async ({ page, viewer, browserName }, info) => {
  test.skip(browserName === 'firefox', 'a real drop needs Chromium’s protocol');
  mkdirSync(info.outputPath('disks/deep'), { recursive: true });
  const [leaf, middle, root] = chain;
  copyFileSync(leaf, info.outputPath('disks/leaf.vhd'));
  copyFileSync(middle, info.outputPath('disks/deep/middle.vhd'));
  const data = { items: [], files: [info.outputPath('disks'), root], dragOperationsMask: 1 };
  const protocol = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop']) await protocol.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('what needs a network says why it is not to be had', ONCE, async ({ page, viewer }) => {
  await expect(viewer.text(/asks no network for anything/)).toBeVisible();
  await page.getByRole('button', { name: 'Open from a URL' }).click();
  await expect(page.getByRole('dialog')).toContainText('This file makes no network requests');
  await expect(page.getByRole('dialog').getByRole('textbox')).toHaveCount(0);
});

test('a file inside a disk is downloaded', async ({ page, viewer }) => {
  const files = new FilesTab(page);
  await withoutPicker(page);
  await files.openSample();
  await files.choose('Flood report.txt', /^download$/i);
  await expect.poll(() => downloadNames(page)).toEqual(['Flood report.txt']);
  expect((await sumOf(await lastDownload(page))).sha256).toBe(facts.sample.files[0]['/Flood report.txt']);
});

test('a disk can be edited, and edits are kept or the page says that they are not', async ({ page, viewer }) => {
  page.on('dialog', (dialog) => void dialog.accept());
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  await page.getByTestId('edit').click();
  await viewer.goTo('0');
  await expect(viewer.grid).toHaveAttribute('aria-readonly', 'false');
  await page.keyboard.type('c0ffee');
  // While it is being replaced by another, the disk gives no bytes.
  const first = async () => (await viewer.read((await viewer.disks())[0].id, 0, 3).catch(({ message }) => message)).toString('hex');
  await expect.poll(first).toBe('c0ffee');
  const keeps = await page.evaluate(() => navigator.storage.getDirectory().then(() => true, () => false));
  await expect(viewer.text('Edits last as long as this tab')).toHaveCount(keeps ? 0 : 1);
  await withoutPicker(page);
  await page.getByTestId('save-edits').click();
  await expect.poll(() => downloadNames(page)).toHaveLength(1);
  expect((await sumOf(await lastDownload(page))).size).toBeGreaterThan(SECTOR);
});

test('the chosen colours are remembered', async ({ context, viewer }) => {
  await viewer.useTheme('dark');
  const later = new Viewer(await context.newPage());
  await later.load(SINGLE);
  await expect(later.page.getByRole('button', { name: /^colours:/i })).toHaveAttribute('aria-label', /dark/);
});

/** The directives that were violated. */
const broken = async (watched) => [...new Set((await watched.violations()).map((violation) => violation.split(' ')[0]))].sort();

test('its policy holds: no calling out, no text turned into script or style', async ({ page, viewer, watched, asked }) => {
  watched.forgive(); // the violations are this test's own doing
  await page.evaluate(async () => {
    const attempts = [
      () => fetch('https://example.com/'),
      () => (document.createElement('div').innerHTML = '<b>'),
      () => new Worker('data:text/javascript,postMessage(1)'),
      () => document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' })),
      () => document.body.append(Object.assign(new Image(), { src: 'https://example.com/x.png' })),
    ];
    for (const attempt of attempts) await new Promise((done) => done(attempt())).catch(() => {});
  });
  await expect.poll(() => broken(watched)).toEqual(['connect-src', 'img-src', 'require-trusted-types-for', 'style-src-elem']);
  await expect(viewer.sample).toBeVisible();
  // Chromium tells of a request before it refuses it.
  asked.splice(0, asked.length, ...asked.filter((url) => url !== 'https://example.com/x.png'));
});

test('a script that is put into the file does not run', async ({ page, watched }, info) => {
  watched.forgive();
  const altered = info.outputPath('altered.html');
  const html = readFileSync(fileURLToPath(SINGLE), 'utf8');
  expect(html).not.toMatch(/unsafe-inline|'unsafe-eval'|unsafe-hashes/);
  writeFileSync(altered, html.replace('<vs-app>', '<script>globalThis.injected = true</script><b onclick="globalThis.injected = true">x</b><vs-app>'));
  const viewer = new Viewer(page);
  await viewer.load(pathToFileURL(altered).href);
  await page.locator('b').first().dispatchEvent('click');
  expect(await page.evaluate(() => globalThis.injected)).toBeUndefined();
  await expect.poll(() => broken(watched)).toEqual(['script-src-attr', 'script-src-elem']);
});

test('a file that was not copied to its end says so', ONCE, async ({ page, watched }, info) => {
  watched.forgive();
  const whole = readFileSync(fileURLToPath(SINGLE), 'latin1');
  for (const [name, end] of [['between', whole.indexOf('<script type="application/gzip" id="viewer')], ['within', whole.indexOf('id="viewer') + 100_000]]) {
    const cut = info.outputPath(`${name}.html`);
    writeFileSync(cut, whole.slice(0, end), 'latin1');
    await page.goto(pathToFileURL(cut).href);
    await expect(page.getByText(/not copied to its end/).first()).toBeVisible();
  }
});
