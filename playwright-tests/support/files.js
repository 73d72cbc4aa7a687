// The Files tab as a person has it.

import { expect } from './test.js';

export class FilesTab {
  /** @param {import('@playwright/test').Page} page */
  constructor(page) {
    this.page = page;
    this.tab = page.getByTestId('tab-files');
    this.grid = page.getByTestId('file-grid');
    this.entries = page.getByTestId('entry');
    this.volumes = page.getByTestId('volume');
    this.filter = page.getByTestId('filter');
    this.count = page.getByTestId('count');
    this.here = page.getByTestId('here');
    this.told = page.getByTestId('files-told');
    this.panelName = page.getByTestId('panel-name');
    this.properties = page.getByTestId('properties');
  }

  /** Opens the sample, and goes to the files in its one volume. */
  async openSample() {
    await this.page.getByTestId('sample').click();
    await this.show();
    await expect(this.entry('README.txt')).toBeVisible();
  }

  async show() {
    await this.tab.click();
    await expect(this.tab).toHaveAttribute('aria-selected', 'true');
  }

  /** @param {string} name */
  entry(name) {
    return this.entries.and(this.page.locator(`[data-name=${JSON.stringify(name)}]`));
  }

  /** What is shown, in order. @returns {Promise<string[]>} */
  names() {
    return this.entries.evaluateAll((all) => all.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map(({ dataset }) => dataset.name));
  }

  /** What is picked and in sight. @returns {Promise<string[]>} */
  picked() {
    return this.entries.evaluateAll((all) => all.filter(({ ariaSelected }) => ariaSelected === 'true').map(({ dataset }) => dataset.name));
  }

  /** The entry that has the focus. */
  get focused() {
    return this.page.locator('[data-testid=entry]:focus');
  }

  /** @param {string} name of a folder */
  async enter(name) {
    await this.entry(name).click();
    await this.page.keyboard.press('Enter');
    await expect(this.here).toHaveText(name);
  }

  /** @param {string} name @param {string | RegExp} item */
  async choose(name, item) {
    await this.entry(name).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Shows what is known of a file. @param {string} name */
  async showProperties(name) {
    await this.entry(name).click();
    await expect(this.panelName).toHaveText(name);
    await this.page.getByRole('radio', { name: 'Properties' }).click({ force: true });
    await expect(this.properties).toBeVisible();
  }
}
