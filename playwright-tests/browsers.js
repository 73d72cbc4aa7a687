// Which browsers the tests drive: those that Playwright installed for itself,
// else those of the system.
//
//   node browsers.js            prints the ones that are missing, one a line
//   node browsers.js --broken   prints the ones that do not start

import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from '@playwright/test';

const SYSTEM = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

// Without these a Chromium on a closed network knocks at its maker's hosts.
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/**
 * What Playwright's `use` needs to launch a browser; null where there is none.
 * @param {'chromium' | 'firefox'} name
 */
export function browserOptions(name) {
  const own = { chromium, firefox }[name].executablePath();
  const executablePath = existsSync(own) ? undefined : SYSTEM[name].find(existsSync);
  if (!executablePath && !existsSync(own)) return null;
  if (name === 'chromium') {
    // The sandbox refuses to start for root, as CI often is.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    return { browserName: name, launchOptions: { executablePath, args: [...sandbox, ...QUIET] } };
  }
  // Playwright lets pages from files read their neighbours, as no one's Firefox does.
  const firefoxUserPrefs = { 'security.fileuri.strict_origin_policy': true };
  // A Firefox that Playwright did not patch is driven over WebDriver BiDi.
  return executablePath
    ? { browserName: name, channel: 'moz-firefox', launchOptions: { executablePath, firefoxUserPrefs } }
    : { browserName: name, launchOptions: { firefoxUserPrefs } };
}

/** @param {'chromium' | 'firefox'} name */
async function starts(name) {
  const { channel, launchOptions } = browserOptions(name) ?? {};
  try {
    const browser = await { chromium, firefox }[name].launch({ channel, ...launchOptions });
    await browser.close();
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const good = process.argv[2] === '--broken' ? starts : browserOptions;
  for (const name of ['chromium', 'firefox']) {
    if (!(await good(name))) console.log(name);
  }
}
