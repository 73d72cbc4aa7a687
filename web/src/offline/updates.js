// Versions of the site: one that has come is offered, and taken when the
// person says so; and they are looked for while the page stays open.

/** How long the version that the page has is taken for the newest, in ms. */
const fresh = 4 * 60 * 60_000;

/**
 * Offers each version that is ready and waits.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {(take: () => void) => void} offer
 * @param {() => void} reload
 */
export function follow(registration, offer, reload) {
  /** @type {ServiceWorker | undefined} */
  let offered;
  const look = () => {
    const {active, waiting} = registration;
    // The first version of all waits for nobody.
    if (!active || !waiting || waiting === offered) return;
    offered = waiting;
    offer(() => take(registration, reload));
  };
  const watch = () => registration.installing?.addEventListener('statechange', look);
  registration.addEventListener('updatefound', watch);
  watch();
  look();
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {() => void} reload
 */
function take({waiting}, reload) {
  if (!waiting) {
    // Another tab has taken it.
    reload();
    return;
  }
  waiting.addEventListener('statechange', () => {
    if (waiting.state === 'activated') reload();
  });
  waiting.postMessage('take over');
}

/**
 * Looks for a version when the person comes back to a page that has been open
 * for hours. Browsers themselves look whenever the page is loaded.
 *
 * @param {Pick<ServiceWorkerRegistration, 'update'>} registration
 * @param {EventTarget & Pick<Document, 'visibilityState'>} page
 * @param {() => number} now in ms
 */
export function lookNowAndThen(registration, page, now) {
  let looked = now();
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState !== 'visible' || now() - looked < fresh) return;
    looked = now();
    registration.update().catch(() => {}); // there is no network
  });
}
