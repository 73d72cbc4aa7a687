// New files that the page made by vhdscope.save and vhdscope.relink. They stay
// in the page: what a test wants to know of them is found out there.

/**
 * Calls a method of vhdscope that makes a Blob.
 * @param {import('@playwright/test').Page} page
 * @param {string} method
 * @param {...unknown} args
 */
export function make(page, method, ...args) {
  return page.evaluateHandle(([name, given]) => globalThis.vhdscope[name](...given), [method, args]);
}

/** The sum of a Blob. @returns {Promise<{size: number, sha256: string}>} */
export function sumOf(blob) {
  return blob.evaluate(async (made) => {
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await made.arrayBuffer()));
    return { size: made.size, sha256: Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('') };
  });
}

/** Opens a Blob as a file, beside what is open. */
export function openAs(blob, name) {
  return blob.evaluate((made, called) => globalThis.vhdscope.open([new File([made], called)]), name);
}

/** Closes everything that is open. @param {import('@playwright/test').Page} page */
export function closeAll(page) {
  return page.evaluate(() => globalThis.vhdscope.close());
}

/** What a check finds that is worse than a note. */
export async function complaints(page, id) {
  const findings = await page.evaluate((disk) => globalThis.vhdscope.check(disk), id);
  return findings.filter(({ severity }) => severity !== 'note');
}
