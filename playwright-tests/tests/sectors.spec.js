// The sectors in the hex view are those of the disk, from the right layer.

import { chain, facts, fixture } from '../support/images.js';
import { ONCE } from '../support/once.js';
import { expect, test } from '../support/test.js';

const SECTOR = 512;
const hex = (text) => Buffer.from(text.slice(0, 16).padEnd(16, text), 'latin1').toString('hex').toUpperCase();

/** Every sector's row shows its supplier and its bytes. */
async function expectSector(viewer, { sector, layer, text }) {
  const row = viewer.row(sector * SECTOR);
  await expect(row).toBeVisible();
  await expect(row).toHaveAttribute('data-layer', String(layer));
  const digits = (await row.textContent()).replaceAll(/\s/g, '').toUpperCase();
  expect(digits).toContain(layer < 0 ? '00'.repeat(16) : hex(text));
}

test.describe('a chain', () => {
  test.beforeEach(async ({ viewer }) => {
    await viewer.open(...chain);
    await viewer.expectChain('complete');
    await viewer.showSectors();
  });

  test('shows each sector with the layer that supplies it', async ({ viewer }) => {
    for (const fact of facts.chain.sectors) {
      await viewer.goTo(`sector ${fact.sector}`);
      await expectSector(viewer, fact);
    }
  });

  test('extents say where in which file each sector lies', ONCE, async ({ viewer }) => {
    const [disk] = await viewer.disks();
    for (const { sector, layer, source } of facts.chain.sectors) {
      const [extent, ...more] = await viewer.extents(disk.id, sector * SECTOR, SECTOR);
      expect(more).toEqual([]);
      expect({ layer: extent.layer, offset: extent.offset, length: extent.length }).toEqual({
        layer,
        offset: sector * SECTOR,
        length: SECTOR,
      });
      if (layer >= 0) expect(extent.source).toBe(source);
    }
  });

  test('extents of the whole disk are in order and without gaps, and agree with the rows', ONCE, async ({ viewer }) => {
    const [disk] = await viewer.disks();
    let end = 0;
    for (const { offset, length } of await viewer.extents(disk.id, 0, disk.size)) {
      expect(offset).toBe(end);
      expect(length).toBeGreaterThan(0);
      end += length;
    }
    expect(end).toBe(disk.size);

    await viewer.goTo('0');
    await expect(viewer.row(0)).toBeVisible();
    const rows = await viewer.rows.evaluateAll((list) =>
      list.map(({ dataset: { offset, layer } }) => ({ offset: Number(offset), layer: Number(layer) })),
    );
    expect(rows.length).toBeGreaterThan(16);
    for (const { offset, layer } of rows) {
      const [extent] = await viewer.extents(disk.id, offset, 1);
      expect({ offset, layer }).toEqual({ offset, layer: extent.layer });
    }
  });

  const forms = [
    ['0x800', 0x800],
    ['800h', 0x800],
    ['2048', 2048],
    ['64K', 64 << 10],
    ['1 MiB', 1 << 20],
    ['s:9', 9 * SECTOR],
    ['sector 9', 9 * SECTOR],
    ['b:2', 2 * (2 << 20)],
    ['block 2', 2 * (2 << 20)],
    ['end-512', (8 << 20) - SECTOR],
    ['end', (8 << 20) - 16],
  ];
  const far = 0x600000;

  test(`goes to ${forms.map(([form]) => form).join(', ')}`, async ({ viewer }) => {
    for (const [form, offset] of forms) {
      await viewer.goTo(String(far));
      await expect(viewer.row(far)).toBeInViewport();
      await viewer.goTo(form);
      await expect(viewer.row(offset), form).toBeInViewport();
    }
  });

  test('goes on from where one is', ONCE, async ({ viewer }) => {
    await viewer.goTo('0x200000');
    await expect(viewer.row(0x200000)).toBeInViewport();
    await viewer.goTo('+0x100000');
    await expect(viewer.row(0x300000)).toBeInViewport();
    await viewer.goTo('-0x200000');
    await expect(viewer.row(0x100000)).toBeInViewport();
  });

  const nowhere = ['elsewhere', '99999999999', 'sector 99999999', '0xZZ'];

  test(`says why it cannot go to ${nowhere.join(', ')}, and stays`, async ({ page, viewer }) => {
    const reason = page.getByRole('alert').filter({ hasText: /\S/ });
    for (const nonsense of nowhere) {
      await viewer.goTo('0x1000');
      await expect(viewer.row(0x1000)).toBeInViewport();
      await expect(reason).toHaveCount(0);
      await viewer.goTo(nonsense);
      await expect(reason.first(), nonsense).toBeVisible();
      await expect(viewer.row(0x1000)).toBeInViewport();
    }
  });
});

test.describe('a disk of 2040 GiB', () => {
  test.beforeEach(async ({ viewer }) => {
    await viewer.open(fixture('huge/base.vhd'), fixture('huge/child.vhd'));
    await viewer.expectChain('complete');
    await viewer.showSectors();
  });

  test('is read beyond 2^32 bytes and 2^31 sectors', async ({ viewer }) => {
    const [disk] = await viewer.disks();
    expect(disk.size).toBe(facts.huge.size);
    for (const fact of facts.huge.sectors) {
      const bytes = await viewer.read(disk.id, fact.sector * SECTOR, SECTOR);
      expect(bytes.toString('latin1')).toContain(fact.text);
      await viewer.goTo(`s:${fact.sector}`);
      await expectSector(viewer, fact);
    }
  });

  test('scrolls to its very end', async ({ page, viewer }) => {
    await viewer.goTo('0');
    await viewer.grid.focus();
    await page.keyboard.press('Control+End');
    await expect(viewer.row(facts.huge.size - 16)).toBeInViewport();
    await page.keyboard.press('Control+Home');
    await expect(viewer.row(0)).toBeInViewport();
  });

  test('scrolls row by row under the wheel, also far from the start', async ({ page, viewer }) => {
    const start = 1024 * 2 ** 30;
    await viewer.goTo(String(start));
    const row = viewer.row(start);
    await expect(row).toBeInViewport();
    const before = await row.boundingBox();
    await row.hover();
    await page.mouse.wheel(0, 60);
    await expect.poll(async () => (await row.boundingBox())?.y ?? -1).toBeLessThan(before.y);
    // Rows follow one another without a gap.
    const offsets = (await viewer.rows.evaluateAll((list) => list.map(({ dataset }) => Number(dataset.offset)))).sort((a, b) => a - b);
    offsets.slice(1).forEach((offset, i) => expect(offset).toBe(offsets[i] + 16));
  });
});

test('blocks beyond 4 GiB of a file are found', async ({ viewer }) => {
  const { size, sector } = facts.distant;
  await viewer.open(fixture('distant.vhd'));
  await viewer.expectChain('complete');
  const [disk] = await viewer.disks();
  expect(disk.size).toBe(size);
  expect(sector.source).toBeGreaterThan(2 ** 32);
  const [extent] = await viewer.extents(disk.id, sector.sector * SECTOR, SECTOR);
  expect(extent.source).toBe(sector.source);
  expect((await viewer.read(disk.id, sector.sector * SECTOR, SECTOR)).toString('latin1')).toContain(sector.text);
  await viewer.showSectors();
  await viewer.goTo(`s:${sector.sector}`);
  await expectSector(viewer, sector);
});
