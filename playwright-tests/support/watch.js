// Watches what a page must never do: log errors, break its own content
// security policy, or ask the network for anything but its own programs once
// it has loaded.

import { FAULT_SITE, SITE } from './sites.js';

/** A part of the page's own program, which it loads when it is first needed. */
const isProgram = (url) => [SITE, FAULT_SITE].includes(`${new URL(url).origin}/`) && /\/assets\/[\w-]+\.(js|wasm)$/.test(url);

/** @param {import('@playwright/test').Page} page before it has gone anywhere */
export async function watch(page) {
  const watched = {
    /** @type {string[]} */
    errors: [],
    /** @type {string[]} */
    requests: [],
    /** From here on every request is one too many. */
    loaded: () => page.on('request', (request) => {
      // What the page made itself comes from no network.
      if (!isProgram(request.url()) && !request.url().startsWith('blob:')) watched.requests.push(request.url());
    }),
    /** What was refused by the page's policy: directive, place, sample. @returns {Promise<string[]>} */
    violations: () => page.evaluate(() => globalThis.policyViolations ?? []),
    forgiven: false,
    /** For a test that provokes what is watched for. */
    forgive() {
      watched.forgiven = true;
    },
  };
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') watched.errors.push(message.text());
  });
  await page.addInitScript(() => {
    globalThis.policyViolations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.policyViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return watched;
}
