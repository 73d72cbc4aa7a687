// The main job without a mouse.

import { facts, chain } from '../support/images.js';
import { downloadNames, expectJob, withoutPicker } from '../support/saving.js';
import { expect, test } from '../support/test.js';

/** Presses Tab until the focus is on, or inside, what is wanted. */
async function tabTo(page, locator) {
  for (let i = 0; i < 60; i++) {
    if (await locator.evaluate((element) => element.matches(':focus, :focus-within'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${locator}`);
}

/** Pastes what was copied into a field of the test's own. */
async function pasted(page) {
  await page.evaluate(() => {
    const field = document.createElement('textarea');
    field.id = 'pasted';
    document.body.append(field);
    field.focus();
  });
  await page.keyboard.press('Control+V');
  return page.locator('#pasted').inputValue();
}

test('from the empty page to copied bytes of the sample', async ({ page, viewer }) => {
  await tabTo(page, viewer.sample);
  await page.keyboard.press('Enter');
  await viewer.expectChain('complete');

  const tab = page.getByRole('tab', { name: /sectors/i });
  if ((await tab.getAttribute('aria-selected')) !== 'true') {
    await tabTo(page, page.getByRole('tab', { selected: true }));
    while ((await tab.getAttribute('aria-selected')) !== 'true') {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
    }
  }
  await tabTo(page, viewer.grid);
  await page.keyboard.press('Control+Home');
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+C');

  const [disk] = await viewer.disks();
  const bytes = await viewer.read(disk.id, 0, 4);
  await expect.poll(async () => (await pasted(page)).replaceAll(/\s/g, '').toLowerCase()).toContain(bytes.toString('hex'));
});

test('every key of the grid moves the caret as expected', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  await viewer.goTo('0');
  await viewer.grid.focus();
  const active = () =>
    viewer.grid.evaluate((grid) => {
      const cell = grid.getRootNode().getElementById(grid.getAttribute('aria-activedescendant'));
      const row = cell?.closest('[data-testid=hex-row]');
      return row ? Number(row.dataset.offset) + [...row.querySelectorAll('[id^=caret]')].indexOf(cell) : -1;
    });
  for (const [key, offset] of [
    ['Control+Home', 0],
    ['ArrowRight', 1],
    ['ArrowDown', 17],
    ['End', 31],
    ['Home', 16],
    ['ArrowUp', 0],
    ['ArrowLeft', 0],
    ['Control+End', facts.chain.size - 1],
    ['ArrowDown', facts.chain.size - 1],
  ]) {
    await page.keyboard.press(key);
    await expect.poll(active, { message: `caret after ${key}` }).toBe(offset);
  }
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('PageDown');
  await expect.poll(active).toBeGreaterThan(15);
});

test('where one is, is said', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await viewer.showSectors();
  await viewer.goTo('sector 2');
  await expect(page.locator('[aria-live], [role=status]').filter({ hasText: /middle\.vhd/ }).first()).toBeAttached();
});

test('a chain is merged, and the result opened, without a mouse', async ({ page, viewer }) => {
  await viewer.open(...chain);
  await viewer.expectChain('complete');
  await withoutPicker(page);
  const menu = page.getByTestId('chain-menu').first();
  await tabTo(page, menu);
  await page.keyboard.press('Enter');
  const item = (name) => page.getByRole('menuitem', { name });
  await expect(item(/^raw disk/i)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(item(/^repair/i)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('m');
  await expect(item(/^merge/i)).toBeFocused();
  await page.keyboard.press('Enter');

  const top = (depth) => page.getByTestId('merge-top').and(page.locator(`[data-depth="${depth}"]`));
  await expect(top(0)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(top(1)).toBeChecked();
  await tabTo(page, page.getByTestId('go'));
  await page.keyboard.press('Enter');
  await expectJob(page, 'done');
  // What is left of that Enter opens no menu.
  await expect(menu).toBeFocused();
  await expect(item(/^raw disk/i)).toBeHidden();
  expect(await downloadNames(page)).toEqual(['middle (merged).vhd']);

  await tabTo(page, page.getByTestId('open-result'));
  await page.keyboard.press('Enter');
  await viewer.expectDisks(2);
  await tabTo(page, page.getByRole('button', { name: /^dismiss/i }));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('job')).toHaveCount(0);
});
