// The engine is lost: the person is told, and has back what was open.
//
// These run on the site over an engine that is built to crash when told to.

import { chain, facts, fixture } from '../support/images.js';
import { FAULT_SITE } from '../support/sites.js';
import { expect, test } from '../support/test.js';

test.use({ baseURL: FAULT_SITE });

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const Native = globalThis.Worker;
    globalThis.workers = [];
    globalThis.Worker = class extends Native {
      constructor(...args) {
        super(...args);
        globalThis.workers.push(this);
      }
    };
  });
});

/** Sends the newest worker a message that its release does not know. */
function fault(page, kind) {
  return page.evaluate(
    (value) => globalThis.workers.at(-1).postMessage({ id: 2 ** 31, command: 'fault', value }),
    { kind },
  );
}

const workers = (page) => page.evaluate(() => globalThis.workers.length);

for (const kind of ['panic', 'memory', 'exit']) {
  test(`after a crash by ${kind} everything is open again`, async ({ page, viewer, watched }) => {
    watched.forgive();
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    const before = await workers(page);
    await fault(page, kind);
    await expect.poll(() => workers(page), { message: 'a new worker' }).toBe(before + 1);
    await expect(viewer.text(/engine/i)).toBeVisible();
    await viewer.expectChain('complete');
    await expect(viewer.layers).toHaveCount(3);
    const [disk] = await viewer.disks();
    expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
    // And goes on taking files.
    await viewer.open(fixture('sibling/sibling.vhd'));
    await viewer.expectDisks(2);
  });
}

test('a read under way when the engine is lost ends in an error', async ({ page, viewer, watched }) => {
  watched.forgive();
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  const outcome = await page.evaluate(async (id) => {
    globalThis.workers.at(-1).postMessage({ id: 2 ** 31, command: 'fault', value: { kind: 'exit' } });
    return globalThis.vhdscope.read(id, 0, 4 << 20).then(() => 'read', (error) => error.message);
  }, disk.id);
  expect(outcome).not.toBe('');
  await viewer.expectChain('complete');
  expect(await viewer.sha256(disk)).toBe(facts.chain.sha256);
});

test('an engine that crashes again and again is given up with a message', async ({ page, viewer, watched }) => {
  watched.forgive();
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  for (let round = 1; round <= 2; round++) {
    await fault(page, 'panic');
    await expect.poll(() => workers(page)).toBe(round + 1);
    await expect.poll(() => viewer.disks().then(([disk]) => viewer.read(disk.id, 0, 4)).then(({ length }) => length, () => 0)).toBe(4);
  }
  await fault(page, 'panic');
  await expect(viewer.text(/reload/i)).toBeVisible();
});
