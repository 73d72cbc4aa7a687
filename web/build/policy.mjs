// What the page may do, and the headers that say so.

/** Loopback names, by which plain http is as private as https. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * @param {string} text origins with white space between them
 * @returns {string[]}
 * @throws {Error} where one is more or less than an origin, or would be read in the open
 */
export function connectOrigins(text) {
  return text.split(/\s+/).filter(Boolean).map((word) => {
    const url = URL.canParse(word) ? new URL(word) : undefined;
    // A URL's host may hold what would mean something else in a policy: * and ;
    if (url?.origin !== word || /[^\w.:/[\]-]/.test(word)) throw new Error(`--connect (VHDSCOPE_CONNECT) takes origins like https://images.example or http://127.0.0.1:8080, which ${JSON.stringify(word)} is not`);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) {
      throw new Error(`--connect (VHDSCOPE_CONNECT) takes https, or http of this machine itself, which ${word} is not`);
    }
    return word;
  });
}

/**
 * @param {string} library
 * @returns {string} the same
 * @throws {Error} where it does not lie beside the page
 */
export function checkLibrary(library) {
  const page = 'https://page.example/';
  if (!URL.canParse(library, page) || new URL(library, page).origin !== new URL(page).origin || /[?#]/.test(library)) {
    throw new Error(`--library (VHDSCOPE_LIBRARY) takes a path relative to the page, like images, which ${JSON.stringify(library)} is not`);
  }
  return library;
}

/**
 * The policy of the site: it runs nothing but its own files, and reads from
 * nowhere but its own host and the origins given.
 *
 * @param {string[]} connect
 */
export function sitePolicy(connect) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "manifest-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "style-src 'self'",
    "img-src 'self' blob:", // pictures among the files on a disk
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html vhdscope',
  ].join('; ');
}

/**
 * The policy of the one file: it runs nothing but what stands in it, and
 * reads from nowhere.
 *
 * @param {string} script the hash of its script
 * @param {string} style that of its style
 */
export function singlePolicy(script, style) {
  return [
    "default-src 'none'",
    `script-src ${script} 'wasm-unsafe-eval'`,
    'worker-src blob:',
    "connect-src 'none'",
    `style-src ${style}`,
    'img-src data: blob:', // its icon, and pictures among the files on a disk
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html vhdscope',
  ].join('; ');
}

/** What keeps its name from build to build. */
const KEPT = ['', 'index.html', 'manifest.webmanifest', 'sw.js'];

/** The one file, also by the name that Cloudflare gives it; the site's policy would not let it run from here. */
const DOWNLOADED = ['vhdscope.html', 'vhdscope'];

/**
 * The file `_headers`, as static hosts read it.
 *
 * @param {string} policy
 */
export const headersFile = (policy) => `/*
  Content-Security-Policy: ${policy}; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()

/assets/*
  Cache-Control: public, max-age=31536000, immutable
${KEPT.map((name) => `
/${name}
  Cache-Control: no-cache
`).join('')}${DOWNLOADED.map((name) => `
/${name}
  Cache-Control: no-cache
  Content-Disposition: attachment; filename="vhdscope.html"
`).join('')}`;
