// Editing a disk's sectors: what is typed is what the disk reads, it can be
// undone, it is still there after the page is closed or the engine is lost,
// it is saved as a child that any tool opens, and the files stay as they are.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chain, facts } from '../support/images.js';
import { closeAll, openAs } from '../support/jobs.js';
import { ONCE } from '../support/once.js';
import { startRangeSite } from '../support/range-site.js';
import { FAULT_SITE, SITE, folders } from '../support/sites.js';
import { expect, test } from '../support/test.js';
import { Viewer } from '../support/viewer.js';

const SECTOR = 512;
const sum = (bytes) => createHash('sha256').update(bytes).digest('hex');
const sums = () => chain.map((file) => sum(readFileSync(file)));

/** The page with what edits need. */
class Desk {
  /** @param {Viewer} viewer */
  constructor(viewer) {
    this.viewer = viewer;
    this.page = viewer.page;
    this.edit = this.page.getByTestId('edit');
    this.state = this.page.getByTestId('edit-state');
    this.failure = this.page.getByTestId('hex-failure');
    this.save = this.page.getByTestId('save-edits');
    this.discard = this.page.getByTestId('discard-edits');
    this.actions = this.page.getByTestId('notice-action');
  }

  /** Opens the made chain and shows its bytes. */
  async open() {
    await this.viewer.open(...chain);
    await this.viewer.expectChain('complete');
    await this.viewer.showSectors();
  }

  /** Turns editing on and types. @param {string} at @param {string} keys */
  async type(at, keys) {
    if ((await this.edit.getAttribute('aria-pressed')) !== 'true') await this.edit.click();
    await this.viewer.goTo(at);
    await expect(this.viewer.grid).toBeFocused();
    await expect(this.viewer.grid).toHaveAttribute('aria-readonly', 'false');
    await this.page.keyboard.type(keys);
  }

  /** What a range of the one disk reads, in hex; why not, while it is being replaced by another. */
  async reads(offset, length) {
    const [disk] = await this.viewer.disks();
    const bytes = this.viewer.read(disk.id, offset, length);
    return bytes.then((all) => all.toString('hex'), ({ message }) => message);
  }

  /** Waits until a range reads so. */
  async expectReads(offset, hex) {
    await expect.poll(() => this.reads(offset, hex.length / 2)).toBe(hex);
  }

  /** The names of the disk's layers. */
  async layers() {
    const [disk] = await this.viewer.disks();
    return disk.layers.map(({ name }) => name);
  }

  /** Text of a row without blanks. */
  async digits(offset) {
    return (await this.viewer.row(offset).getByRole('gridcell').allTextContents()).join('').replaceAll(/\s/g, '').toUpperCase();
  }
}

test.beforeEach(async ({ page }) => {
  // A picker would wait for a person; without one the file is downloaded. What
  // is downloaded can be had from the page.
  await page.addInitScript(() => {
    delete globalThis.showSaveFilePicker;
    const make = URL.createObjectURL;
    globalThis.made = [];
    URL.createObjectURL = (blob) => {
      globalThis.made.push(blob);
      return make.call(URL, blob);
    };
  });
  page.on('dialog', (dialog) => void dialog.accept());
});

/** A test that the opened files outlive unchanged. */
const edited = test.extend({
  desk: async ({ viewer }, use) => {
    const before = sums();
    await use(new Desk(viewer));
    expect(sums(), 'the opened files').toEqual(before);
  },
});

const leaf = facts.chain.layers[0].name;
const below = facts.chain.sectors.find(({ layer }) => layer === 1);

edited('what is typed is what the disk reads, from a layer of its own', async ({ desk, viewer }) => {
  await desk.open();
  const at = below.sector * SECTOR;
  const was = await desk.reads(at, SECTOR);
  await desk.type(`s:${below.sector}`, '41fe');
  await desk.expectReads(at, `41fe${was.slice(4)}`);
  await expect(viewer.row(at)).toHaveAttribute('data-layer', '0');
  expect(await desk.digits(at)).toContain('41FE');
  expect(await desk.layers()).toEqual([`Edits of ${leaf}`, ...facts.chain.layers.map(({ name }) => name)]);
  const [extent] = await viewer.extents((await viewer.disks())[0].id, at, SECTOR);
  expect(extent.layer).toBe(0);
  await expect(desk.state).toContainText('1 sector edited');
  // The neighbours are still where they were, now one layer further down.
  for (const { sector, layer } of facts.chain.sectors.filter(({ sector }) => sector !== below.sector)) {
    const [one] = await viewer.extents((await viewer.disks())[0].id, sector * SECTOR, SECTOR);
    expect(one.layer).toBe(layer < 0 ? -1 : layer + 1);
  }
});

edited('text is typed into the text column, and Escape ends editing', async ({ desk, viewer, page }) => {
  await desk.open();
  await desk.type('0', '');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Hi, disk!');
  await desk.expectReads(0, Buffer.from('Hi, disk!').toString('hex'));
  await page.keyboard.press('Escape');
  await expect(viewer.grid).toHaveAttribute('aria-readonly', 'true');
  await page.keyboard.type('zz');
  await desk.expectReads(0, Buffer.from('Hi, disk!').toString('hex'));
});

edited('undo, redo and revert', async ({ desk, viewer, page }) => {
  await desk.open();
  const was = await desk.reads(0, 4);
  await desk.type('0', '11223344');
  await desk.expectReads(0, '11223344');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await desk.expectReads(0, `1122${was.slice(4)}`);
  await page.keyboard.press('Control+Shift+z');
  await desk.expectReads(0, `112233${was.slice(6)}`);
  for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
  await desk.expectReads(0, was);
  // Undone, the sector is the leaf's again and not an equal copy of it.
  const [disk] = await viewer.disks();
  const [extent] = await viewer.extents(disk.id, 0, SECTOR);
  const [fact] = facts.chain.sectors.filter(({ sector }) => sector === 0);
  if (fact) expect(extent.layer).toBe(fact.layer < 0 ? -1 : fact.layer + 1);
  else expect(extent.layer).not.toBe(0);
  await expect(desk.state).toContainText('No edits');
  await page.keyboard.press('Control+y');
  await page.getByTestId('hex-revert').click();
  await desk.expectReads(0, was);
});

edited('Backspace takes back what was typed', async ({ desk, page }) => {
  await desk.open();
  const was = await desk.reads(0, 3);
  await desk.type('0', 'aabb');
  await desk.expectReads(0, `aabb${was.slice(4)}`);
  await page.keyboard.press('c');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await desk.expectReads(0, `aa${was.slice(2)}`);
});

edited('a pattern fills the selection, and what does not fit is refused', ONCE, async ({ desk, viewer, page }) => {
  await desk.open();
  await desk.type('10', '');
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowRight');
  await page.getByTestId('hex-write').click();
  await page.getByTestId('hex-write-value').fill('ca fe');
  await page.keyboard.press('Enter');
  await desk.expectReads(10, 'cafecafecafeca');
  const [disk] = await viewer.disks();
  await viewer.goTo(String(disk.size - 1));
  await page.getByTestId('hex-write').click();
  await page.getByTestId('hex-write-value').fill('ca fe');
  await page.keyboard.press('Enter');
  await expect(viewer.text(/do not fit here/)).toBeVisible();
  await page.keyboard.press('Escape');
});

edited('hex and text are pasted', async ({ desk, page }) => {
  await desk.open();
  await desk.type('0', '');
  const paste = (text) => page.evaluate((value) => {
    const view = document.querySelector('vs-app').shadowRoot.querySelector('vs-main-area').shadowRoot.querySelector('vs-sectors-view').shadowRoot.querySelector('vs-hex-view');
    const data = new DataTransfer();
    data.setData('text/plain', value);
    // Not a ClipboardEvent: Firefox makes one without data.
    const event = new Event('paste', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'clipboardData', { value: data });
    view.shadowRoot.getElementById('grid').dispatchEvent(event);
  }, text);
  await paste('48 65 6c 6c 6f');
  await desk.expectReads(0, '48656c6c6f');
  await paste('no hex');
  await expect(desk.failure).toContainText('no hex digit');
  await page.keyboard.press('Tab');
  await paste('wörld');
  await desk.expectReads(5, Buffer.from('wörld').toString('hex'));
});

edited('edits are offered again after the page was closed, and go on', async ({ desk, context, page }) => {
  await desk.open();
  await desk.type('0', 'deadbeef');
  await desk.expectReads(0, 'deadbeef');
  const url = page.url();
  await page.goto('about:blank');
  const later = new Viewer(await context.newPage());
  await later.load(url);
  const again = new Desk(later);
  await again.open();
  await expect(later.text(`There are edits of ${leaf}`)).toBeVisible();
  await expect(later.text(/1 sector edited/)).toBeVisible();
  await again.actions.filter({ hasText: 'Continue' }).click();
  await again.expectReads(0, 'deadbeef');
  await again.type('4', '01');
  await again.expectReads(0, 'deadbeef01');
  // When the files are closed they are kept, too.
  await closeAll(later.page);
  await again.open();
  await expect(later.text(`There are edits of ${leaf}`)).toBeVisible();
});

edited('discarded edits are gone, and nothing of them is kept', async ({ desk, viewer, page }) => {
  await desk.open();
  const was = await desk.reads(0, 2);
  await desk.type('0', '1234');
  await desk.expectReads(0, '1234');
  await desk.discard.click();
  await page.getByTestId('confirm').click();
  await desk.expectReads(0, was);
  expect(await desk.layers()).toEqual(facts.chain.layers.map(({ name }) => name));
  const left = () => page.evaluate(async () => {
    const files = [];
    for await (const name of (await (await navigator.storage.getDirectory()).getDirectoryHandle('edits')).keys()) files.push(name);
    return [...files, ...Object.keys(localStorage).filter((key) => key.startsWith('vhdscope.edits.'))];
  });
  await expect.poll(left).toEqual([]);
  await closeAll(page);
  await desk.open();
  await expect(page.getByTestId('notice')).toHaveCount(0);
});

edited('saved edits are a child of the leaf that reads the same', async ({ desk, viewer, page }) => {
  await desk.open();
  await desk.type(`s:${below.sector}`, '00ff00ff');
  await desk.type('7', 'ab');
  await desk.expectReads(7, 'ab');
  const [disk] = await viewer.disks();
  const wanted = await viewer.sha256(disk);
  await desk.save.click();
  await expect(desk.state).toContainText('saved');
  await expect(desk.state).not.toContainText('not saved');
  const blob = await page.evaluateHandle(() => globalThis.made.at(-1));
  await closeAll(page);
  await viewer.open(...chain);
  await viewer.expectDisks(1);
  await openAs(blob, 'saved.vhd');
  await expect.poll(async () => (await viewer.disks()).map(({ name, complete }) => [name, complete])).toEqual([['saved.vhd', true]]);
  const [saved] = await viewer.disks();
  expect(saved.layers.map(({ name }) => name)).toEqual(['saved.vhd', ...facts.chain.layers.map(({ name }) => name)]);
  expect(await viewer.sha256(saved)).toBe(wanted);
  // It holds the two sectors that differ and no other.
  const held = (await viewer.extents(saved.id, 0, saved.size)).filter(({ layer }) => layer === 0);
  expect(held.map(({ offset, length }) => [offset / SECTOR, length / SECTOR])).toEqual([[0, 1], [below.sector, 1]].sort(([a], [b]) => a - b));
});

edited('a chain that is on a server is edited as one of files is, and its child is saved', ONCE, async ({ page, watched }) => {
  watched.forgive(); // it asks for what it reads
  const site = await startRangeSite(folders.fixtures);
  try {
    const viewer = new Viewer(page);
    await viewer.load(site.url);
    const open = () => page.evaluate((urls) => globalThis.vhdscope.open(urls), facts.chain.layers.map(({ name }) => `${site.url}images/chain/${name}`));
    await open();
    await viewer.expectChain('complete');
    await viewer.showSectors();
    const desk = new Desk(viewer);
    const at = below.sector * SECTOR;
    const was = await desk.reads(at, SECTOR);
    expect(Buffer.from(was, 'hex').toString('latin1')).toContain(below.text);
    await desk.type(`s:${below.sector}`, '00ff00ff');
    const is = `00ff00ff${was.slice(8)}`;
    await desk.expectReads(at, is);
    await desk.save.click();
    await expect(desk.state).toContainText('saved');
    await expect(desk.state).not.toContainText('not saved');
    const blob = await page.evaluateHandle(() => globalThis.made.at(-1));
    await closeAll(page);
    await open();
    await openAs(blob, 'saved.vhd');
    await expect.poll(() => desk.layers()).toEqual(['saved.vhd', ...facts.chain.layers.map(({ name }) => name)]);
    expect(await desk.reads(at, SECTOR)).toBe(is);
    const [saved] = await viewer.disks();
    const held = (await viewer.extents(saved.id, 0, saved.size)).filter(({ layer }) => layer === 0);
    expect(held.map(({ offset, length }) => [offset, length])).toEqual([[at, SECTOR]]);
  } finally {
    await site.stop();
  }
});

edited('the edited disk is saved in another form', async ({ desk, viewer, page }) => {
  await desk.open();
  await desk.type('0', 'c0ffee');
  await desk.expectReads(0, 'c0ffee');
  const [disk] = await viewer.disks();
  const wanted = await viewer.sha256(disk);
  const raw = await page.evaluate(async (id) => {
    const blob = await globalThis.vhdscope.save(id, { as: 'raw' });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, disk.id);
  expect(raw).toBe(wanted);
});

edited('a second tab is told that the disk is edited elsewhere', async ({ desk, context, page }) => {
  await desk.open();
  await desk.type('0', '5a');
  await desk.expectReads(0, '5a');
  const other = new Viewer(await context.newPage());
  await other.load(page.url());
  const second = new Desk(other);
  await second.open();
  await expect(other.text(/being edited in another tab/)).toBeVisible();
  await second.edit.click();
  await expect(second.edit).toHaveAttribute('aria-pressed', 'false');
  await other.page.close();
});

edited('where the rest of a sector cannot be read, nothing is written and the byte says why', async ({ desk, viewer, page }) => {
  await viewer.open(chain[0]);
  await viewer.expectChain('incomplete');
  await viewer.showSectors();
  const lost = facts.chain.sectors.find(({ layer }) => layer > 0);
  const at = lost.sector * SECTOR;
  await desk.type(`s:${lost.sector}`, '41');
  await expect(desk.failure).toContainText(`Not written at 0x${at.toString(16).toUpperCase()}`);
  await expect(viewer.row(at)).toHaveAttribute('data-layer', 'unreadable');
  await expect(desk.state).toContainText('No edits');
  // A whole sector needs nothing from below.
  await viewer.goTo(`s:${lost.sector}`);
  await expect(viewer.grid).toBeFocused(); // keys before that go to the field
  await page.keyboard.press('Shift+Control+ArrowDown');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.getByTestId('hex-write').click();
  await page.getByTestId('hex-write-value').fill('5a');
  await page.keyboard.press('Enter');
  await viewer.goTo(String(at + 0x1f0)); // the sector's last row, for which there may be no room
  await expect(viewer.row(at + 0x1f0)).toHaveAttribute('data-layer', '0');
  await expect(desk.state).toContainText('1 sector edited');
  await desk.save.click();
  await expect(desk.state).not.toContainText('not saved');
});

edited('where a browser keeps nothing, edits last as long as the tab, and the page says so', async ({ context }) => {
  const tab = await context.newPage();
  await tab.addInitScript(() => {
    StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'));
  });
  const viewer = new Viewer(tab);
  await viewer.load(SITE);
  const desk = new Desk(viewer);
  await desk.open();
  await desk.type('0', '0123');
  await expect(viewer.text('Edits last as long as this tab')).toBeVisible();
  await desk.expectReads(0, '0123');
  await expect(desk.state).toContainText('lost with this tab');
  const closing = closeAll(tab);
  await tab.getByRole('button', { name: 'Cancel' }).click();
  await closing;
  await desk.expectReads(0, '0123');
  const closed = closeAll(tab);
  await tab.getByTestId('confirm').click();
  await closed;
  await viewer.expectDisks(0);
});

edited('a layer’s own file cannot be edited, and the page says why', ONCE, async ({ desk, page }) => {
  await desk.open();
  await page.getByTestId('pick-layer').first().check({ force: true });
  await expect(page.getByTestId('edit-locked')).toBeVisible();
  await expect(desk.edit).toHaveCount(0);
});

edited.describe('with an engine that crashes', () => {
  edited.use({ baseURL: FAULT_SITE });

  edited('edits are there again after a crash', async ({ desk, viewer, page, watched }) => {
    watched.forgive();
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
    await viewer.load();
    await desk.open();
    await desk.type('0', 'feedface');
    await desk.expectReads(0, 'feedface');
    const before = await page.evaluate(() => globalThis.workers.length);
    await page.evaluate(() => globalThis.workers.at(-1).postMessage({ id: 2 ** 31, command: 'fault', value: { kind: 'panic' } }));
    await expect.poll(() => page.evaluate(() => globalThis.workers.length)).toBe(before + 1);
    await expect(viewer.text('Your edits are still there')).toBeVisible();
    await desk.expectReads(0, 'feedface');
    await desk.type('4', '77');
    await desk.expectReads(0, 'feedface77');
  });
});
