// The Worker as Cloudflare runs it, asked without a browser.

import { readFile } from 'node:fs/promises';
import { expect, test as base } from '@playwright/test';
import { startEdge } from '../support/edge.js';
import { ONCE } from '../support/once.js';
import { ask } from '../support/raw-request.js';

const test = base.extend({
  /** startEdge, of which the test's end is the end. */
  start: async ({}, use) => {
    const started = [];
    await use(async (options) => {
      started.push(await startEdge(options));
      return started.at(-1);
    });
    await Promise.all(started.map(({ stop }) => stop()));
  },
});

const table = JSON.parse(
  await readFile(new URL('../../wasm/edge/library/testdata/requests.json', import.meta.url), 'utf8'),
);

const pattern = (from, to) => Buffer.from(Array.from({ length: to - from }, (_, i) => (from + i) % 251));

/** The error that an answer tells of. */
const problem = ({ fields, body }) =>
  fields['content-type'] === 'application/json' && body.length > 0 ? JSON.parse(body).error : undefined;

test('images are answered for as RFC 9110 has it', ONCE, async ({ start }) => {
  const files = Object.fromEntries(Object.entries(table.images).map(([key, size]) => [key, pattern(0, size)]));
  const { url } = await start({ files: { ...files, 'odd/100%.vhd': pattern(0, 10) } });
  const { fields } = await ask(url, 'images/disk.vhd', { method: 'HEAD' });
  const known = {
    etag: fields.etag,
    bare: fields.etag.slice(1, -1),
    modified: fields['last-modified'],
    earlier: new Date(Date.parse(fields['last-modified']) - 1000).toUTCString(),
    later: new Date(Date.parse(fields['last-modified']) + 1000).toUTCString(),
  };
  const fill = (text) => text.replaceAll(/\{(\w+)\}/g, (_, name) => known[name]);

  expect(table.cases.length).toBeGreaterThan(100);
  for (const { name, rule, method, path = 'images/disk.vhd', send, status, code, receive = {}, bytes } of table.cases) {
    const about = `${name} (§${rule})`;
    const answer = await ask(url, path, { method, send: send.map(([field, value]) => [field, fill(value)]) });
    expect.soft(answer.status, about).toBe(status);
    expect.soft(problem(answer)?.code, about).toBe(code);
    for (const [field, value] of Object.entries(receive)) {
      expect.soft(answer.fields[field.toLowerCase()], `${about}: ${field}`).toBe(value === null ? undefined : fill(value));
    }
    if (bytes) expect.soft(answer.body.equals(pattern(...bytes)), `${about}: its bytes`).toBe(true);
    else if (!code) expect.soft(answer.body.length, `${about}: its bytes`).toBe(0);
    expect.soft(answer.fields['x-content-type-options'], about).toBe('nosniff');
  }

  // Go's net/http refuses this one, so that the table cannot have it.
  const odd = await ask(url, 'images/odd/100%.vhd');
  expect(odd.status, 'a % that escapes nothing stands for itself').toBe(200);
  expect(odd.body.equals(pattern(0, 10))).toBe(true);
});

test('the library lists its images page by page', ONCE, async ({ start }) => {
  const keys = Array.from({ length: 1005 }, (_, i) => `${i % 5 ? 'lab/' : 'Zoë "1"/'}${String(i).padStart(4, '0')}.vhd`).sort();
  const { url } = await start({ files: Object.fromEntries(keys.map((key) => [key, pattern(0, 7)])) });
  const list = async (query) => {
    const pages = [];
    for (let cursor = ''; cursor !== undefined; ) {
      const answer = await ask(url, `images?${new URLSearchParams({ ...query, ...(cursor && { cursor }) })}`);
      expect(answer.status).toBe(200);
      const { images, cursor: next } = JSON.parse(answer.body);
      pages.push(images);
      cursor = next;
    }
    return pages;
  };
  expect((await list({})).map((page) => page.length)).toEqual([250, 250, 250, 250, 5]);
  const all = await list({ limit: '1000' });
  expect(all.map((page) => page.length)).toEqual([1000, 5]);
  expect(all.flat().map(({ key }) => key)).toEqual(keys);
  const first = all[0][0];
  const { fields } = await ask(url, `images/${first.key.split('/').map(encodeURIComponent).join('/')}`);
  expect(first).toEqual({ key: keys[0], size: 7, etag: fields.etag, uploaded: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
  expect(Date.parse(first.uploaded)).toBe(Date.parse(fields['last-modified']));

  const some = await list({ prefix: 'Zoë "', limit: '70' });
  expect(some.map((page) => page.length)).toEqual([70, 70, 61]);
  expect(some.flat().map(({ key }) => key)).toEqual(keys.filter((key) => key.startsWith('Zoë')));
  expect(await list({ prefix: 'none' })).toEqual([[]]);
});

test('a token is asked for, pages of other sites may read, and the site itself needs no Worker', ONCE, async ({ start }) => {
  const there = 'https://there.example';
  const { url } = await start({
    files: { 'disk.vhd': pattern(0, 100) },
    token: 'open, sesame',
    origins: `https://elsewhere.example ${there}`,
  });
  const refused = await ask(url, 'images/disk.vhd', { send: [['Origin', there]] });
  expect(refused.status).toBe(401);
  expect(refused.fields).toMatchObject({ 'www-authenticate': 'Bearer', 'access-control-allow-origin': there });
  expect(problem(refused).code).toBe('unauthorized');

  const token = ['Authorization', 'bearer open, sesame'];
  const granted = await ask(url, 'images/disk.vhd', { send: [token, ['Origin', there], ['Range', 'bytes=-3']] });
  expect(granted.status).toBe(206);
  expect(granted.body.equals(pattern(97, 100))).toBe(true);
  expect(granted.fields).toMatchObject({
    'access-control-allow-origin': there,
    'access-control-expose-headers': expect.stringContaining('Content-Range'),
    'cache-control': 'private, no-cache, no-transform',
    vary: 'Origin',
  });
  const stranger = await ask(url, 'images', { send: [token, ['Origin', 'https://stranger.example']] });
  expect(stranger.status).toBe(200);
  expect(stranger.fields['access-control-allow-origin']).toBeUndefined();

  const preflight = await ask(url, 'images/disk.vhd', {
    method: 'OPTIONS',
    send: [['Origin', there], ['Access-Control-Request-Method', 'GET'], ['Access-Control-Request-Headers', 'authorization,if-match,range']],
  });
  expect(preflight.status).toBe(204);
  expect(preflight.fields['access-control-allow-headers']).toMatch(/Authorization, Range, If-Match/);

  // Without the token, so not from the Worker; with the headers of the static site.
  const page = await ask(url, '');
  expect(page.status).toBe(200);
  expect(page.fields['content-security-policy']).toContain("default-src 'none'");
  const [asset] = /assets\/main-\w+\.js/.exec(String(page.body));
  expect((await ask(url, asset)).fields['cache-control']).toContain('immutable');
  expect((await ask(url, '_headers')).status).toBe(401);
});

test('what fails is answered with an id that the log explains, and the next request is served', ONCE, async ({ start }) => {
  const { url, log } = await start({
    files: { 'disk.vhd': pattern(0, 100), 'torn.vhd': pattern(0, 100) },
    bucket: (real) => ({
      // No objects: the Worker panics when it reads their properties.
      list: async () => 'nonsense',
      head: (key) => real.head(key),
      get: async (key, options) => {
        if (key === 'torn.vhd') throw new Error('the bucket is gone');
        return real.get(key, options);
      },
    }),
  });
  for (const [path, reason] of [['images', 'syscall/js'], ['images/torn.vhd', 'the bucket is gone']]) {
    const failed = await ask(url, path);
    expect(failed.status).toBe(500);
    const { code, id, message } = problem(failed);
    expect(code).toBe('internal');
    expect(message).not.toContain(reason);
    await expect.poll(log, 'what workerd prints comes when it comes').toContain(id);
    expect(log().slice(log().indexOf(id))).toContain(reason);
    expect((await ask(url, 'images/disk.vhd')).status).toBe(200);
  }
});

test('an image that is replaced while it is asked for is never two in one', ONCE, async ({ start }) => {
  const first = pattern(0, 1000);
  const second = Buffer.alloc(500, 'second');
  const { url, put } = await start({
    files: { 'disk.vhd': first },
    bucket: (real) => ({
      head: (key) => real.head(key),
      get: async (key, options) => {
        const { size } = await real.head(key);
        if (size === 1000) await real.put(key, new TextEncoder().encode('second'.repeat(84).slice(0, 500)));
        return real.get(key, options);
      },
    }),
  });
  const replaced = await ask(url, 'images/disk.vhd', { send: [['Range', 'bytes=-600']] });
  expect(replaced.status).toBe(206);
  expect(replaced.fields['content-range']).toBe('bytes 0-499/500');
  expect(replaced.body.equals(second)).toBe(true);

  await put('disk.vhd', first);
  const { fields } = await ask(url, 'images/disk.vhd', { method: 'HEAD' });
  const pinned = await ask(url, 'images/disk.vhd', { send: [['Range', 'bytes=0-9'], ['If-Match', fields.etag]] });
  expect(pinned.status).toBe(412);
});
