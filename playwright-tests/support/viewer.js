// The page as a person has it, by the handles that it keeps stable.

import path from 'node:path';
import { expect } from '@playwright/test';

export class Viewer {
  /** @param {import('@playwright/test').Page} page */
  constructor(page) {
    this.page = page;
    this.input = page.locator('input[type=file][data-testid=open-files]');
    this.sample = page.getByTestId('sample');
    this.layers = page.getByTestId('layer');
    this.chainState = page.getByTestId('chain-state');
    this.rows = page.getByTestId('hex-row');
    this.goto = page.getByTestId('goto');
    this.grid = page.getByRole('grid');
    this.findings = page.getByTestId('finding');
  }

  async load(url = '/') {
    const response = await this.page.goto(url);
    await expect(this.sample).toBeVisible();
    // Once the engine itself answers, that no disk has this id, the page has
    // loaded all it needs.
    const answer = () => globalThis.vhdscope?.read(0, 0, 0).catch(({ code }) => code ?? 'no code');
    await expect.poll(() => this.page.evaluate(answer), { message: 'what the engine answers' }).toBe('bad-request');
    return response;
  }

  /** Gives files to the page as its file picker would. @param {string[]} paths */
  async open(...paths) {
    await this.input.setInputFiles(paths);
  }

  /** The layer of a file, wherever it stands. @param {string} name */
  layer(name) {
    return this.layers.and(this.page.locator(`[data-name=${JSON.stringify(name)}]`));
  }

  /** Chooses a theme by the page's own switch. @param {'system' | 'light' | 'dark'} theme */
  async useTheme(theme) {
    const button = this.page.getByRole('button', { name: /^colours:/i });
    for (let i = 0; i < 3; i++) {
      if ((await button.getAttribute('aria-label')).includes(theme)) return;
      await button.click();
    }
    await expect(button).toHaveAttribute('aria-label', new RegExp(theme));
  }

  /** Brings the sectors of the disk into view. */
  async showSectors() {
    await this.page.getByRole('tab', { name: /sectors/i }).click();
    await expect(this.rows.first()).toBeVisible();
  }

  /** The row that begins at a byte offset. @param {number} offset */
  row(offset) {
    return this.rows.and(this.page.locator(`[data-offset="${offset}"]`));
  }

  /** @param {string} text what a person types into 'go to' */
  async goTo(text) {
    await this.goto.fill(text);
    await this.goto.press('Enter');
  }

  /** Text that can be seen, wherever it stands. @param {string | RegExp} text */
  text(text) {
    return this.page.getByText(text).filter({ visible: true }).first();
  }

  /** Waits until one disk is open, and so. @param {'complete' | 'incomplete'} state */
  async expectChain(state) {
    await expect(this.chainState).toHaveCount(1);
    await expect(this.chainState).toHaveAttribute('data-state', state);
  }

  /** Waits until these disks are open. @param {Record<string, 'complete' | 'incomplete'>} states by leaf */
  async expectChains(states) {
    const shown = async () => {
      const disks = await this.disks();
      const verdicts = await this.chainState.evaluateAll((elements) => elements.map(({ dataset }) => dataset.state));
      return Object.fromEntries(disks.map(({ name }, i) => [name, verdicts[i]]));
    };
    await expect.poll(shown).toEqual(states);
  }

  /** Name, depth and state of every layer that is shown. */
  async layerStates() {
    return this.layers.evaluateAll((elements) =>
      elements.map(({ dataset: { name, depth, state } }) => ({ name, depth: Number(depth), state })),
    );
  }

  /** `vhdscope.disks()` of the page, file names without folders. */
  async disks() {
    const disks = await this.page.evaluate(() => globalThis.vhdscope.disks());
    return disks.map((disk) => ({
      ...disk,
      name: path.posix.basename(disk.name),
      layers: disk.layers.map((layer) => ({ ...layer, name: path.posix.basename(layer.name) })),
    }));
  }

  /** Waits until so many disks are open. @param {number} count */
  async expectDisks(count) {
    await expect
      .poll(() => this.page.evaluate(() => globalThis.vhdscope.disks().length), { message: 'disks that are open' })
      .toBe(count);
  }

  /** What `vhdscope.extents` says. */
  async extents(id, offset, length) {
    return this.page.evaluate((args) => globalThis.vhdscope.extents(...args), [id, offset, length]);
  }

  /** Bytes of a resolved disk, by `vhdscope.read`. @returns {Promise<Buffer>} */
  async read(id, offset, length) {
    const bytes = await this.page.evaluate(
      async (args) => Array.from(await globalThis.vhdscope.read(...args)),
      [id, offset, length],
    );
    return Buffer.from(bytes);
  }

  /** The sum of a whole resolved disk, taken in the page. @returns {Promise<string>} */
  async sha256({ id, size }) {
    return this.page.evaluate(
      async ([disk, length]) => {
        const step = 4 << 20;
        const bytes = new Uint8Array(length);
        for (let at = 0; at < length; at += step) {
          bytes.set(await globalThis.vhdscope.read(disk, at, Math.min(step, length - at)), at);
        }
        const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
      },
      [id, size],
    );
  }
}
