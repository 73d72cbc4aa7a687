// The worker of a volume is lost: whoever asked is told why, the rest of the
// page works, and the volume can be tried again.
//
// These run on the site over programs that are built to fail when told to.

import { FilesTab } from '../support/files.js';
import { facts } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { startRangeSite } from '../support/range-site.js';
import { FAULT_SITE, folders } from '../support/sites.js';
import { expect, test } from '../support/test.js';
import { Viewer } from '../support/viewer.js';
import { browsable, fileSums } from '../support/volumes.js';

test.use({ baseURL: FAULT_SITE });

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const Native = globalThis.Worker;
    globalThis.volumeWorkers = [];
    globalThis.Worker = class extends Native {
      constructor(url, options) {
        super(url, options);
        if (options.name === 'vhdscope volume') globalThis.volumeWorkers.push(this);
      }
    };
  });
});

/** Opens the sample, and its volume. @returns {Promise<number>} the disk's id */
async function openVolume(page, viewer) {
  await viewer.sample.click();
  await viewer.expectChain('complete');
  const [{ id }] = await viewer.disks();
  await page.evaluate((disk) => globalThis.vhdscope.list(disk, 0, '/'), id);
  return id;
}

/** Lets the newest volume's worker fail, and asks it for a folder. @returns {Promise<{code: string, message: string}>} */
function listAfterFault(page, id, kind) {
  return page.evaluate(([disk, fault]) => {
    globalThis.volumeWorkers.at(-1).postMessage({ id: 2 ** 31, command: 'fault', value: { kind: fault } });
    return globalThis.vhdscope.list(disk, 0, '/').then(() => null, ({ code, message }) => ({ code, message }));
  }, [id, kind]);
}

for (const [kind, code, words] of [
  ['panic', 'crash', /fault/],
  ['exit', 'crash', /ended/],
  ['memory', 'memory', /1 GiB/],
  ['hang', 'hang', /10 seconds/],
]) {
  test(`a volume whose worker is lost by ${kind} says so, and can be tried again`, async ({ page, viewer, watched }) => {
    watched.forgive(); // Go tells the console of its end
    const id = await openVolume(page, viewer);
    const started = await page.evaluate(() => globalThis.volumeWorkers.length);
    expect(await listAfterFault(page, id, kind)).toEqual({ code, message: expect.stringMatching(words) });

    expect((await viewer.read(id, 0, 512)).readUInt16LE(510)).toBe(0xaa55);
    await viewer.showSectors();
    await viewer.expectChain('complete');

    expect(await fileSums(page, id, 0)).toEqual(facts.sample.files[0]);
    expect(await page.evaluate(() => globalThis.volumeWorkers.length)).toBe(started + 1);
  });
}

test('the rest of the page goes on while a volume hangs', async ({ page, viewer, watched }) => {
  watched.forgive();
  const id = await openVolume(page, viewer);
  const listing = listAfterFault(page, id, 'hang');
  await viewer.showSectors();
  await viewer.goTo('65536');
  await expect(viewer.row(65536)).toBeVisible();
  expect(await page.evaluate((disk) => globalThis.vhdscope.save(disk, { as: 'raw' }).then(({ size }) => size), id)).toBe(facts.sample.size);
  expect((await listing).code).toBe('hang');
});

test('closing the disk ends a volume that hangs', async ({ page, viewer, watched }) => {
  watched.forgive();
  const id = await openVolume(page, viewer);
  const listing = listAfterFault(page, id, 'hang');
  await page.evaluate(() => globalThis.vhdscope.close());
  expect((await listing).code).toBe('closed');
});

test('a volume of a chain that is on a server is there again when one tries again', ONCE, async ({ page, watched }) => {
  watched.forgive();
  const site = await startRangeSite(folders.fixtures, folders.faultSite);
  try {
    const viewer = new Viewer(page);
    await viewer.load(site.url);
    await page.evaluate((urls) => globalThis.vhdscope.open(urls), ['child', 'base'].map((name) => `${site.url}images/far/${name}.vhd`));
    await viewer.expectChain('complete');
    const files = new FilesTab(page);
    await files.show();
    await expect(files.entry('Stations')).toBeVisible();
    await page.evaluate(() => {
      const worker = globalThis.volumeWorkers.at(-1);
      worker.postMessage = function (message, ...more) {
        const post = Object.getPrototypeOf(this).postMessage.bind(this);
        if (message.command === 'list') post({ id: 2 ** 31, command: 'fault', value: { kind: 'panic' } });
        post(message, ...more);
      };
    });
    await files.enter('Stations');
    const problem = page.getByTestId('folder-problem');
    await expect(problem).toContainText('fault');
    await problem.getByRole('button', { name: 'Try again' }).click();
    await expect(files.entry('Station 1.txt')).toBeVisible();
    const [{ id }] = await viewer.disks();
    expect(await fileSums(page, id, await browsable(page, id))).toEqual(facts.far.files[0]);
  } finally {
    await site.stop();
  }
});
