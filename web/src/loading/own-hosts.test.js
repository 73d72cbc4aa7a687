import assert from 'node:assert/strict';
import {test} from 'node:test';

test('an answer from where a redirect led counts only where the page may read from', async () => {
  const answer = (/** @type {string} */ url) => Object.defineProperty(new Response('bytes'), 'url', {value: url});
  Object.assign(globalThis, {location: new URL('https://site.example/assets/worker.js'), CONNECT: ['https://images.example'], fetch: async (/** @type {string} */ url) => answer(url)});
  await import('./own-hosts.js');
  for (const url of ['https://site.example/a.vhd', 'https://images.example/a.vhd']) assert.equal(await (await fetch(url)).text(), 'bytes');
  for (const url of ['https://elsewhere.example/a.vhd', 'http://site.example/a.vhd', 'https://site.example:444/']) await assert.rejects(fetch(url), /redirected to/);
});
