// Keeps the page's program in the browser, and tells when another version of
// it is ready. See sw.js, which does the keeping.

import {follow, lookNowAndThen} from './updates.js';

/**
 * How long the person has the machine first, in ms: to keep all programs takes
 * from what is opened at once a tenth of a second.
 */
const headStart = 2000;

/**
 * Nothing of this is needed to use the page: where the browser does not do it,
 * the program is fetched from its host each time.
 *
 * @param {Keeping} keeping
 * @param {Promise<unknown>} loaded when the page has what it starts with, which is not to become slower
 * @param {(take: () => void) => void} offer offers the person a version that is ready
 */
export async function keepOffline({script, register}, loaded, offer) {
  try {
    await holdVersion(script);
    await loaded;
    await new Promise((resolve) => setTimeout(resolve, headStart));
    await idle();
    const registration = await register();
    if (!registration) return;
    follow(registration, offer, () => location.reload());
    lookNowAndThen(registration, document, Date.now);
    registration.active?.postMessage('sweep');
  } catch {
    // Not in a private window of some browsers, or by a policy.
  }
}

/**
 * Says as long as the page lives which version it is of: sw.js keeps the late
 * parts of that.
 *
 * @param {string} script
 * @returns {Promise<void>}
 */
const holdVersion = (script) => new Promise((held, failed) => {
  navigator.locks.request(script, {mode: 'shared'}, () => {
    held();
    return new Promise(() => {});
  }).catch(failed);
});

/** @returns {Promise<void>} when the page has nothing better to do; Safari does not tell */
const idle = () => new Promise((resolve) => {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), {timeout: 5000});
  else setTimeout(resolve, 1000);
});
