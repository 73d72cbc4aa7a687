// WebKitGTK over plain WebDriver (w3.org/TR/webdriver2), as far as these tests
// need it: Playwright cannot drive the system's WebKit, which is the nearest
// thing to Safari that runs on Linux.
//
//   node webdriver.js    prints what is missing for that, if anything

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const DRIVER = '/usr/bin/WebKitWebDriver';
const XVFB = '/usr/bin/Xvfb';
/** The key by which WebDriver's JSON names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/** MiniBrowser is where the system's WebKitGTK is: /usr/lib/<machine>/webkit2gtk-4.1/. */
function miniBrowser() {
  return readdirSync('/usr/lib')
    .map((machine) => path.join('/usr/lib', machine, 'webkit2gtk-4.1/MiniBrowser'))
    .find(existsSync);
}

/** What is missing to drive WebKitGTK here: nothing, or a few words. */
export function missing() {
  const parts = [[existsSync(DRIVER), DRIVER], [existsSync(XVFB), XVFB], [miniBrowser(), 'MiniBrowser']];
  return parts.filter(([there]) => !there).map(([, name]) => name).join(', ');
}

/** Starts a screen, the driver and the browser. Ends them with `close`. */
export async function startWebKit() {
  const started = [];
  const close = async () => {
    for (const program of started.reverse()) {
      if (program.exitCode === null && program.signalCode === null && program.kill()) await once(program, 'exit');
    }
  };
  try {
    // It finds a free display, and tells which.
    const screen = spawn(XVFB, ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(screen);
    const display = await firstLine(screen);
    const port = await freePort();
    const driver = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], {
      // As root its sandbox does not start, which is no matter for a page of our own.
      env: { ...process.env, DISPLAY: `:${display}`, ...(process.getuid() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }) },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    started.push(driver);
    const base = `http://127.0.0.1:${port}`;
    while (!(await fetch(`${base}/status`).catch(() => null))?.ok) {
      if (driver.exitCode !== null) throw new Error(`${DRIVER} ended with ${driver.exitCode}`);
      await pause(50);
    }
    const capabilities = {
      alwaysMatch: {
        'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
        timeouts: { script: 60_000 },
      },
    };
    const { sessionId, capabilities: { browserVersion } } = await command(`${base}/session`, 'POST', { capabilities });
    const session = new Session(`${base}/session/${sessionId}`, browserVersion);
    return {
      session,
      async close() {
        await session.send('DELETE', '');
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One browser window. */
export class Session {
  constructor(url, version) {
    this.url = url;
    this.version = version;
  }

  send(method, name, body) {
    return command(this.url + name, method, body);
  }

  go(url) {
    return this.send('POST', '/url', { url });
  }

  resize(width, height) {
    return this.send('POST', '/window/rect', { width, height });
  }

  /**
   * Runs a function in the page and waits for what it returns.
   * @param {Function} script of itself: it sees nothing but its arguments
   */
  async run(script, ...args) {
    const source = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${script})(...Array.prototype.slice.call(arguments, 0, -1)))
        .then((value) => done({ value }), (error) => done({ error: String(error?.stack ? error + '\\n' + error.stack : error) }));`;
    const { value, error } = await this.send('POST', '/execute/async', { script: source, args });
    if (error) throw new Error(`in the page: ${error}`);
    return value;
  }

  /**
   * Runs a function in the page until it returns something, and returns that.
   * @param {string} what is waited for, for the message
   */
  async until(what, script, ...args) {
    const end = Date.now() + 30_000;
    for (;;) {
      const value = await this.run(script, ...args);
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
      await pause(50);
    }
  }

  /**
   * The first element that can be seen, or takes files, also in shadow trees.
   * @param {string} css
   * @param {string} text that it has
   */
  async element(css, text = '') {
    const found = await this.until(`${css} ${text}`, (selector, words) => {
      const find = (root) => {
        for (const each of root.querySelectorAll('*')) {
          if (each.matches(selector) && each.textContent.includes(words) && (each.type === 'file' || each.checkVisibility())) return each;
          const within = each.shadowRoot && find(each.shadowRoot);
          if (within) return within;
        }
        return null;
      };
      return find(document);
    }, css, text);
    return found[ELEMENT];
  }

  async click(css, text) {
    await this.send('POST', `/element/${await this.element(css, text)}/click`, {});
  }

  /** Types, or gives files to an input of files: their paths, a line each. */
  async type(css, text) {
    await this.send('POST', `/element/${await this.element(css)}/value`, { text });
  }

  /** @returns {Promise<Buffer>} a PNG of what is to be seen */
  async screenshot() {
    return Buffer.from(await this.send('GET', '/screenshot'), 'base64');
  }
}

async function command(url, method, body) {
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
  return value;
}

async function firstLine(program) {
  for await (const line of createInterface({ input: program.stdout })) return line;
  throw new Error(`${program.spawnfile} ended at once`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(missing());
