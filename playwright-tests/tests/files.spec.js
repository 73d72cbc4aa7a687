// The Files tab: volumes, folders, and what is done with the files in them.

import { createHash } from 'node:crypto';
import { FilesTab } from '../support/files.js';
import { chain, facts, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { downloadNames, expectJob, lastDownload, withoutPicker } from '../support/saving.js';
import { expect, test as base } from '../support/test.js';
import { unzip } from '../support/zip.js';

const test = base.extend({
  files: async ({ page, viewer: _ }, use) => use(new FilesTab(page)),
});

/** The files of the sample as its story tells them: the SHA-256 of each, by path. */
const [sums] = facts.sample.files;
const below = (folder) => Object.keys(sums).filter((path) => path.startsWith(`${folder}/`));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (blob) => Buffer.from(await blob.evaluate(async (made) => Array.from(new Uint8Array(await made.arrayBuffer()))));

test.describe('a folder', () => {
  test('of the only volume is there at once, as the story of the sample has it', async ({ files }) => {
    await files.openSample();
    const root = new Set(Object.keys(sums).map((path) => path.split('/')[1]));
    expect(new Set(await files.names())).toEqual(root);
    await expect(files.here).toHaveText('FIELD NOTES (FAT16)');
  });

  test('is gone into, and one comes back to where one was', async ({ page, files }) => {
    await files.openSample();
    await files.enter('Stations');
    expect((await files.names()).map((name) => `/Stations/${name}`).sort()).toEqual(below('/Stations').sort());
    await page.getByRole('button', { name: 'Up' }).click();
    await expect(files.entry('Stations')).toHaveAttribute('aria-selected', 'true');
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(files.here).toHaveText('Stations');
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: /field notes/i }).click();
    await expect(files.entry('README.txt')).toBeVisible();
  });

  test('is gone into by a double click', async ({ files, browserName }) => {
    test.skip(browserName === 'firefox', 'two clicks by WebDriver are no double click there');
    await files.openSample();
    await files.entry('Stations').dblclick();
    await expect(files.here).toHaveText('Stations');
  });

  test('is sorted by what its columns tell', ONCE, async ({ page, files }) => {
    await files.openSample();
    const column = (name) => page.getByRole('columnheader', { name });
    await expect(column('Name')).toHaveAttribute('aria-sort', 'ascending');
    await page.getByTestId('sort-size').click();
    await expect(column('Size')).toHaveAttribute('aria-sort', 'descending');
    await expect(column('Name')).not.toHaveAttribute('aria-sort');
    expect(await files.names()).toEqual(['Stations', 'Readings, corrected.csv', 'Readings.csv', 'Map.bmp', 'README.txt', 'Flood report.txt']);
    await page.getByTestId('sort-size').click();
    await expect(column('Size')).toHaveAttribute('aria-sort', 'ascending');
    expect((await files.names()).slice(0, 2)).toEqual(['Stations', 'Flood report.txt']);
  });

  test('is sorted by layers, once these are known', ONCE, async ({ page, files }) => {
    await files.openSample();
    await page.getByTestId('sort-layers').click();
    await expect(page.getByRole('columnheader', { name: 'Layers' })).toHaveAttribute('aria-sort', 'ascending');
    const names = await files.names();
    expect(names[1]).toBe('Readings, corrected.csv');
    expect(names.indexOf('README.txt')).toBeLessThan(names.indexOf('Flood report.txt'));
  });

  test('shows what a filter lets through, and how many that are', ONCE, async ({ files }) => {
    await files.openSample();
    await files.filter.fill('readings');
    await expect(files.entries).toHaveCount(2);
    await expect(files.count).toHaveText('2 of 6 entries');
    await files.filter.fill('*.TXT');
    await expect(files.entries).toHaveCount(2);
    expect((await files.names()).sort()).toEqual(['Flood report.txt', 'README.txt']);
    await files.filter.fill('no such name');
    await expect(files.entries).toHaveCount(0);
    await files.filter.press('Escape');
    await expect(files.entries).toHaveCount(6);
  });

  test('tells which layers supply its files', ONCE, async ({ files }) => {
    await files.openSample();
    // Only the leaf's part of the story has this file.
    expect(facts.sample.files[1]).not.toHaveProperty(['/Readings, corrected.csv']);
    await expect(files.entry('Readings, corrected.csv')).toContainText(/layer A/);
    await expect(files.entry('Readings, corrected.csv')).not.toContainText(/layer [BC]/);
    // What the part before brought is as it was.
    expect(sums['/Flood report.txt']).toBe(facts.sample.files[1]['/Flood report.txt']);
    expect(facts.sample.files[2]).not.toHaveProperty(['/Flood report.txt']);
    await expect(files.entry('Flood report.txt')).toContainText(/layer B/);
  });

  test('shows deleted files where that is asked for, and says that they are', ONCE, async ({ page, files }) => {
    await files.openSample();
    await expect(files.entry('Zoë\'s list.txt')).toHaveCount(0);
    await page.getByTestId('show-deleted').check();
    await expect(files.entry('Zoë\'s list.txt')).toContainText('deleted');
    await expect(files.entry('README.txt')).not.toContainText('deleted');
    await page.getByTestId('show-deleted').uncheck();
    await expect(files.entry('Zoë\'s list.txt')).toHaveCount(0);
  });
});

test.describe('without a mouse', () => {
  test('one goes through folders, picks entries and is told how many', async ({ page, files }) => {
    await files.openSample();
    await files.entry('Stations').focus();
    await page.keyboard.press('End');
    await expect(files.focused).toHaveAttribute('data-name', 'README.txt');
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await files.picked()).toHaveLength(3);
    await expect(files.told).toContainText('3 of 6 picked');
    await page.keyboard.press('Control+ArrowUp');
    await page.keyboard.press(' ');
    expect(await files.picked()).toHaveLength(4);
    await page.keyboard.press('Escape');
    expect(await files.picked()).toHaveLength(0);
    await page.keyboard.press('Control+A');
    expect(await files.picked()).toHaveLength(6);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect(files.here).toHaveText('Stations');
    await expect(files.focused).toHaveCount(1);
    await page.keyboard.press('Backspace');
    await expect(files.focused).toHaveAttribute('data-name', 'Stations');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect(files.here).toHaveText('Stations');
    await page.keyboard.press('Alt+ArrowLeft');
    await page.keyboard.press('Alt+ArrowRight');
    await expect(files.here).toHaveText('Stations');
  });

  test('typing goes to the next name that begins so', async ({ page, files }) => {
    await files.openSample();
    await files.entry('Stations').focus();
    await page.keyboard.press('r');
    await expect(files.focused).toHaveAttribute('data-name', 'Readings, corrected.csv');
    await page.keyboard.type('eadings.');
    await expect(files.focused).toHaveAttribute('data-name', 'Readings.csv');
  });

  test('one letter again and again goes from name to name', async ({ page, files }) => {
    await files.openSample();
    await files.entry('Stations').focus();
    for (const name of ['Readings, corrected.csv', 'Readings.csv', 'README.txt', 'Readings, corrected.csv']) {
      await page.keyboard.press('r');
      await expect(files.focused).toHaveAttribute('data-name', name);
    }
  });

  test('the menu of an entry opens at it, and gives the focus back', async ({ page, files }) => {
    await files.openSample();
    await files.entry('Map.bmp').focus();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menuitem', { name: /^open/i })).toBeFocused();
    await expect(page.getByRole('menuitem', { name: /sectors/i })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(files.focused).toHaveAttribute('data-name', 'Map.bmp');
  });
});

test.describe('what is taken out', () => {
  test('a file comes as it is', async ({ page, files }) => {
    await files.openSample();
    await withoutPicker(page);
    await files.choose('Readings.csv', /^download$/i);
    await expectJob(page, 'done');
    expect(await downloadNames(page)).toEqual(['Readings.csv']);
    expect(sha256(await bytesOf(await lastDownload(page)))).toBe(sums['/Readings.csv']);
  });

  test('files and a folder come as one archive', async ({ page, files }) => {
    await files.openSample();
    await withoutPicker(page);
    await files.entry('Stations').click();
    await files.entry('README.txt').click({ modifiers: ['Control'] });
    await page.getByTestId('download').click();
    await expectJob(page, 'done');
    const [name] = await downloadNames(page);
    expect(name).toMatch(/\.zip$/);
    const content = unzip(await bytesOf(await lastDownload(page)));
    const expected = [...below('/Stations'), '/README.txt'];
    expect([...content.keys()].sort()).toEqual(expected.map((path) => path.slice(1)).sort());
    for (const path of expected) expect(sha256(content.get(path.slice(1))), path).toBe(sums[path]);
  });

  test('a folder comes as an archive of itself', async ({ page, files }) => {
    await files.openSample();
    await withoutPicker(page);
    await files.enter('Stations');
    await page.getByTestId('download').click();
    await expectJob(page, 'done');
    expect(await downloadNames(page)).toEqual(['Stations.zip']);
    const content = unzip(await bytesOf(await lastDownload(page)));
    expect([...content.keys()].map((name) => `/${name}`).sort()).toEqual(below('/Stations').sort());
  });

  test('the SHA-256 of files and folders is told, and saved as text', async ({ page, files }) => {
    await files.openSample();
    await withoutPicker(page);
    await page.getByTestId('hash').click();
    await expect(page.getByTestId('sum')).toHaveCount(Object.keys(sums).length);
    const told = await page.getByTestId('sum').evaluateAll((all) => all.map((item) => [item.dataset.path, item.querySelector('code').textContent]));
    expect(Object.fromEntries(told)).toEqual(sums);
    await page.getByTestId('hash-save').click();
    const lines = (await bytesOf(await lastDownload(page))).toString().trimEnd().split('\n');
    expect(lines.sort()).toEqual(Object.entries(sums).map(([path, sum]) => `${sum}  ${path.slice(1)}`).sort());
  });

  test('a disk inside a disk is opened as one', async ({ page, viewer, files }) => {
    await viewer.open(fixture('crowded.vhd'));
    await files.show();
    await files.choose(facts.crowded.inner, /open as a disk/i);
    await viewer.expectDisks(2);
    const inner = (await viewer.disks()).find(({ name }) => name === facts.crowded.inner);
    expect(inner).toMatchObject({ complete: true, size: facts.crowded.innerSize });
  });
});

test.describe('a file', () => {
  test('is shown when it is opened', async ({ page, files }) => {
    await files.openSample();
    await files.entry('README.txt').dblclick();
    await expect(files.panelName).toHaveText('README.txt');
    await expect(page.locator('vs-preview pre')).toContainText(/this sector is in the file/i);
  });

  test('tells what its file system knows of it', ONCE, async ({ page, files }) => {
    await files.openSample();
    await files.showProperties('Readings, corrected.csv');
    await expect(files.properties).toContainText('READIN~');
    await expect(files.properties).toContainText(/disk’s own clock/);
    await expect(page.getByTestId('supply')).toContainText('100 %');
    await expect(page.getByTestId('supply')).toContainText('Field notes - restored.vhd');
  });

  test('leads to its sectors', async ({ page, viewer, files }) => {
    await files.openSample();
    await files.showProperties('Flood report.txt');
    const place = page.getByTestId('extent').first().getByRole('button');
    const offset = Number(await place.textContent());
    await place.click();
    await expect(viewer.row(offset)).toBeInViewport();
    const [{ id }] = await viewer.disks();
    expect((await viewer.read(id, offset, 5)).toString()).toBe('Flood');
    await files.show();
    await files.choose('Map.bmp', /show its sectors/i);
    await expect(page.getByTestId('tab-sectors')).toHaveAttribute('aria-selected', 'true');
  });
});

test.describe('a disk', () => {
  test('of several volumes opens the only one that can be, and leads to all of them and to the gap between', async ({ page, viewer, files }) => {
    await viewer.open(fixture('several.vhd'));
    await files.show();
    await expect(files.entry('README.txt')).toBeVisible();
    await page.getByTestId('all-volumes').click();
    await expect(files.volumes).toHaveCount(2);
    const locked = files.volumes.nth(1);
    await expect(locked).toContainText(facts.several.label);
    await expect(locked).toContainText(facts.several.uuid);
    await expect(page.getByTestId('why-not')).toContainText(/encrypted/i);
    const gap = page.getByTestId('gap').filter({ hasText: `0x${facts.several.gap.toString(16).toUpperCase()}` });
    await expect(gap).toContainText('1 MiB');
    const segments = page.getByRole('group', { name: /from its start/i }).getByRole('button');
    await expect(segments).toHaveCount((await files.volumes.count()) + (await page.getByTestId('gap').count()));
    await segments.filter({ hasText: 'Vault' }).press('Enter');
    await expect(locked).toBeFocused();
    await page.getByTestId('browse').click();
    await expect(files.entry('README.txt')).toBeVisible();
  });

  test('whose parent is missing says so, and shows no files', ONCE, async ({ page, viewer, files }) => {
    await viewer.open(chain[0]);
    await viewer.expectChain('incomplete');
    await files.show();
    await expect(page.getByTestId('files-incomplete')).toContainText(/missing/);
    await expect(files.grid).toHaveCount(0);
    await page.getByTestId('files-incomplete').getByText('Show the chain').click();
    await expect(page.getByTestId('tab-chain')).toHaveAttribute('aria-selected', 'true');
  });

  test('without a volume says so', ONCE, async ({ page, viewer, files }) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await files.show();
    await expect(viewer.text(/no file system that is known/i)).toBeVisible();
  });
});

test('a folder of 100,000 entries is shown, sorted and gone through', async ({ page, viewer, files }) => {
  await viewer.open(fixture('crowded.vhd'));
  await files.show();
  await files.enter(facts.crowded.folder);
  await expect(files.entry('entry 00000.txt')).toBeVisible();
  await expect(files.grid).toHaveAttribute('aria-rowcount', String(facts.crowded.entries + 1));
  // Only what is in sight is there.
  expect(await files.entries.count()).toBeLessThan(100);
  await page.keyboard.press('End');
  await expect(files.entry('entry 99999.txt')).toBeInViewport();
  await expect(files.focused).toHaveAttribute('aria-rowindex', String(facts.crowded.entries + 1));
  await page.getByTestId('sort-name').click();
  await page.getByTestId('filter').fill('777');
  await expect(files.count).toHaveText(/of 100,000 entries/);
  expect((await files.names())[0]).toBe('entry 99777.txt');
});
