// How files of this machine come into the page's hands without its own input.

/**
 * An input that was made for it and holds files.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string[]} paths
 * @returns {Promise<import('@playwright/test').JSHandle<HTMLInputElement>>}
 */
export async function carry(page, paths) {
  const carrier = await page.evaluateHandle(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    return input;
  });
  await carrier.asElement().setInputFiles(paths);
  return carrier;
}
