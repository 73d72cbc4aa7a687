// The service worker: it keeps the files of the site's program in this
// browser, so that the page opens without a network, and serves those files.
// Whatever else is asked for, images and other hosts above all, it leaves to
// the browser.
//
// A version of the site is one cache. It is filled when this worker is
// installed, with all files as the build made them or not at all, and it is
// used once the person takes the version, or no page of an earlier one is
// left. Pages of earlier versions keep their files for as long as they live.

/** Caches at this address: other sites may share its origin. */
const family = `vhdscope ${registration.scope} `;

const own = family + VERSION_HASH;

/** Late parts and programs carry a hash in their names: a URL is the same file in all versions. */
const hashed = 'assets/';

/** @param {string} name */
const urlOf = (name) => new URL(name, registration.scope).href;

/**
 * @param {string} url
 * @returns {string | undefined} what it is relative to the scope, but for its query; undefined outside of it
 */
function nameOf(url) {
  const {origin, pathname} = new URL(url);
  const path = origin + pathname;
  if (!path.startsWith(registration.scope)) return undefined;
  return path.slice(registration.scope.length).replace(/^(index\.html)?$/, './');
}

/** Fills the cache of this version. */
async function install() {
  const whole = async (/** @type {[string, string]} */ [name, integrity]) => {
    const url = urlOf(name);
    const kept = await lookUp(url, own) ?? (name.startsWith(hashed) ? await fromEarlier(url) : undefined);
    return {url, response: kept ?? await fetchChecked(url, integrity)};
  };
  // All of it first: where a host goes back to the version that is in use,
  // this is the cache of open pages, and stays if a file cannot be had. And
  // the page before all: some hosts change it on the way, each time.
  const [page, ...others] = Object.entries(FILES);
  const files = [await whole(page), ...await Promise.all(others.map(whole))];
  await caches.delete(own); // so that it is the latest
  const cache = await caches.open(own);
  try {
    await Promise.all(files.map(({url, response}) => cache.put(url, response)));
  } catch (error) {
    await caches.delete(own);
    throw error;
  }
}

/**
 * A file as the build made it. What the browser has from loading the page will
 * do; where that is something else, as it may be of a host that was just being
 * deployed to, the host is asked again.
 *
 * @param {string} url
 * @param {string} integrity
 * @returns {Promise<Response>}
 */
async function fetchChecked(url, integrity) {
  // A page that was redirected could not be served to a navigation.
  const options = /** @type {const} */ ({integrity, redirect: 'error'});
  try {
    return await fetch(url, options);
  } catch {
    return fetch(url, {...options, cache: 'reload'});
  }
}

/**
 * The caches of earlier versions: caches are listed in the order in which they
 * were made, so that those of versions to come are not among them.
 */
async function earlier() {
  const names = (await caches.keys()).filter((name) => name.startsWith(family));
  const at = names.indexOf(own);
  return at < 0 ? names : names.slice(0, at);
}

/** @param {string} url @param {string} cacheName */
const lookUp = (url, cacheName) => caches.match(url, {cacheName, ignoreVary: true});

/** @param {string} url */
async function fromEarlier(url) {
  for (const name of await earlier()) {
    const response = await lookUp(url, name);
    if (response) return response;
  }
  return undefined;
}

/**
 * Removes earlier versions that no page is of: each page holds a lock by the
 * name of its script. While one is still loading, and does not, all stay.
 */
async function sweep() {
  const scripts = ((await navigator.locks.query()).held ?? []).map(({name = ''}) => name).filter((name) => name.startsWith(urlOf(hashed)));
  const pages = (await clients.matchAll({type: 'window', includeUncontrolled: true})).filter(({url}) => nameOf(url) === './');
  // Which holds which cannot be told: browsers know pages by one name as clients, by another as holders.
  if (pages.length > scripts.length) return;
  for (const name of await earlier()) {
    const urls = (await (await caches.open(name)).keys()).map(({url}) => url);
    if (!scripts.some((script) => urls.includes(script))) await caches.delete(name);
  }
}

addEventListener('install', (event) => event.waitUntil(install()));

addEventListener('activate', (event) => event.waitUntil(Promise.all([clients.claim(), sweep()])));

addEventListener('message', (event) => {
  if (event.data === 'take over') void skipWaiting();
  if (event.data === 'sweep') event.waitUntil(sweep());
});

addEventListener('fetch', (event) => {
  const {request} = event;
  const name = nameOf(request.url);
  if (name === undefined || request.method !== 'GET' || request.headers.has('Range')) return;
  if (name.startsWith(hashed)) {
    const url = urlOf(name);
    event.respondWith((async () => await lookUp(url, own) ?? await fromEarlier(url) ?? fetch(request))());
  } else if (Object.hasOwn(FILES, name) && (name !== './' || request.mode === 'navigate')) {
    event.respondWith((async () => await lookUp(urlOf(name), own) ?? fetch(request))());
  }
});
