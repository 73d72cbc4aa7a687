import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Library} from './library.js';
import {Tokens} from './tokens.js';

const url = 'https://vhd.example/images';

/**
 * A library whose server gives these answers in a row.
 *
 * @param {...(Response | Error)} answers
 */
function serving(...answers) {
  /** @type {{url: URL, init: RequestInit}[]} */
  const asked = [];
  const tokens = new Tokens();
  const library = new Library(url, tokens, async (address, init) => {
    asked.push({url: new URL(String(address)), init: init ?? {}});
    const answer = answers.shift();
    if (!(answer instanceof Response)) throw answer ?? new Error('asked too often');
    return answer;
  });
  return {library, tokens, asked};
}

/** @param {unknown} value */
const json = (value, status = 200) => new Response(JSON.stringify(value), {status});

const image = {key: 'vm/base.vhd', size: 1536, etag: '"e"', uploaded: '2026-11-23T10:00:00Z'};

test('a page of the list is asked for with its prefix, cursor and token', async () => {
  const {library, tokens, asked} = serving(json({images: [image], cursor: 'next'}));
  tokens.set(url, 'secret');
  const page = await library.page('vm/a&b', 'c d');
  assert.deepEqual(page, {cursor: 'next', images: [{key: 'vm/base.vhd', size: 1536, etag: '"e"', uploaded: Date.UTC(2026, 10, 23, 10), url: 'https://vhd.example/images/vm/base.vhd'}]});
  const [request] = asked;
  assert.deepEqual([...request?.url.searchParams ?? []], [['prefix', 'vm/a&b'], ['cursor', 'c d'], ['limit', '1000']]);
  assert.equal(new Headers(request?.init.headers).get('Authorization'), 'Bearer secret');
  assert.equal(request?.url.href.includes('secret'), false);
});

test('any key becomes an address of its own, or is known to have none', async () => {
  const keys = ['a b/ü?#%.vhd', '//x', 'a/../b.vhd', './c.vhd', 'half \ud800.vhd', 'https://evil.example/x'];
  const {library} = serving(json({images: keys.map((key) => ({...image, key}))}));
  const {images} = await library.page('', '');
  assert.deepEqual(images.map((one) => one.url), [
    `${url}/a%20b/%C3%BC%3F%23%25.vhd`, `${url}///x`, '', '', '', `${url}/https%3A//evil.example/x`,
  ]);
  for (const {url: address} of images.filter((one) => one.url)) assert.ok(new URL(address).href.startsWith(`${url}/`), address);
});

test('entries that make no sense are left out, and weak or odd ETags are none', async () => {
  const {library} = serving(json({images: [null, 7, {}, {...image, key: ''}, {...image, key: 'folder/'}, {...image, size: -1}, {...image, size: '9'},
    {...image, size: 2 ** 60}, {...image, etag: 'W/"e"', uploaded: 'yesterday'}]}));
  const {images} = await library.page('', '');
  assert.deepEqual(images.map(({etag, uploaded}) => [etag, uploaded]), [['', 0]]);
});

test('the list is gone through to its end, or until there are too many', async () => {
  const pages = () => [json({images: [image, image], cursor: '1'}), json({images: [image, image], cursor: '2'}), json({images: [image]})];
  assert.deepEqual((({images, all}) => [images.length, all])(await serving(...pages()).library.list('', 100)), [5, true]);
  assert.deepEqual((({images, all}) => [images.length, all])(await serving(...pages()).library.list('', 3)), [3, false]);
});

test('a list that leads back to a page of before ends', async () => {
  const {library} = serving(...['1', '2', '1', ''].map((cursor) => json({images: [image], cursor})));
  await assert.rejects(library.list('', 100), /not come to an end/);
});

test('a list of ever more pages without images ends', async () => {
  const {library, asked} = serving(...Array.from({length: 2000}, (_, i) => json({images: [], cursor: `${i}`})));
  await assert.rejects(library.list('', 100), /not come to an end/);
  assert.equal(asked.length, 1000);
});

test('a server that does not answer, or not to the end, is not waited for without end', async (t) => {
  t.mock.timers.enable({apis: ['setTimeout']});
  for (const answers of [false, true]) {
    const library = new Library(url, new Tokens(), (_, init) => {
      /** @type {Promise<never>} */
      const silence = new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
      return answers ? Promise.resolve(new Response(new ReadableStream({pull: () => silence}))) : silence;
    });
    const asking = library.page('', '');
    await new Promise(setImmediate); // the answer's body is being read
    t.mock.timers.tick(30_000);
    await assert.rejects(asking, {code: 'network', message: /did not answer within 30 seconds/});
  }
});

test('times are those of Last-Modified: in whole seconds', async () => {
  const {library} = serving(json({images: ['2026-11-23T10:00:00.987Z', 5, null, undefined].map((uploaded) => ({...image, uploaded}))}));
  const {images} = await library.page('', '');
  assert.deepEqual(images.map(({uploaded}) => uploaded), [Date.UTC(2026, 10, 23, 10), 0, 0, 0]);
});

test('failures say what is wrong, by a code and in words', async () => {
  for (const [answer, code, words] of /** @type {[Response | Error, string, RegExp][]} */ ([
    [json({error: {code: 'unauthorized', message: 'no'}}, 401), 'unauthorized', /asks for an access token/],
    [new Response('', {status: 404}), 'not-found', /404/],
    [json({error: {code: 'internal', message: 'It broke.', id: 'a1'}}, 500), 'answer', /It broke\. \(a1\)/],
    [new Response('<html>'), 'answer', /no list/],
    [json({files: []}), 'answer', /no list/],
    [json(null), 'answer', /no list/],
    [new TypeError('Failed to fetch'), 'network', /cannot be reached/],
    [json({images: [], cursor: 'same'}), 'answer', /not come to an end/],
    [json({images: Array.from({length: 20_000}, () => image)}), 'answer', /20,000 images at once/],
  ])) {
    await assert.rejects(serving(answer).library.page('', 'same'), (/** @type {any} */ error) => error.code === code && words.test(error.message), String(words));
  }
});

test('a token that is not taken is told from none', async () => {
  const {library, tokens} = serving(json({}, 401));
  tokens.set(url, 'old');
  await assert.rejects(library.page('', ''), /does not accept/);
});

test('a list that is no longer wanted ends with the reason', async () => {
  const {library} = serving(new TypeError('aborted'));
  const wanted = new AbortController();
  wanted.abort(new Error('enough'));
  await assert.rejects(library.page('', '', wanted.signal), /enough/);
});
