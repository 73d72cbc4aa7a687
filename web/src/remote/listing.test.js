import assert from 'node:assert/strict';
import {test} from 'node:test';
import {LibraryError} from './library.js';
import {Listing} from './listing.js';

/** @import {Library, ListingPage} from './library.js' */

/** A listing of a library whose pages come when the test says so. */
function make() {
  /** @type {{asked: string[], signal: AbortSignal, resolve: (page: ListingPage) => void, reject: (error: Error) => void}[]} */
  const pages = [];
  const library = /** @type {Library} */ (/** @type {unknown} */ ({
    page(/** @type {string} */ prefix, /** @type {string} */ cursor, /** @type {AbortSignal} */ signal) {
      return new Promise((resolve, reject) => {
        pages.push({asked: [prefix, cursor], signal, resolve, reject});
      });
    },
  }));
  const listing = new Listing(library, () => {});
  const keys = () => listing.images.map(({key}) => key);
  return {listing, pages, keys};
}

/** @param {string} cursor @param {...string} keys @returns {ListingPage} */
const page = (cursor, ...keys) => ({cursor, images: keys.map((key) => ({key, size: 0, etag: '', uploaded: 0, url: ''}))});

test('pages follow one another, and none is asked for twice', async () => {
  const {listing, pages, keys} = make();
  const begun = listing.begin('a');
  void listing.more();
  pages[0]?.resolve(page('1', 'a1', 'a2'));
  await begun;
  const more = listing.more();
  void listing.more();
  pages[1]?.resolve(page('', 'a3'));
  await more;
  await listing.more();
  assert.deepEqual(pages.map(({asked}) => asked), [['a', ''], ['a', '1']]);
  assert.deepEqual(keys(), ['a1', 'a2', 'a3']);
  assert.equal(listing.loading, false);
});

test('what comes after another prefix was asked for is left out', async () => {
  const {listing, pages, keys} = make();
  const first = listing.begin('a');
  const second = listing.begin('b');
  assert.equal(pages[0]?.signal.aborted, true);
  pages[0]?.resolve(page('1', 'a1'));
  await first;
  assert.deepEqual([keys(), listing.loading], [[], true]);
  pages[1]?.resolve(page('', 'b1'));
  await second;
  assert.deepEqual([keys(), listing.loading], [['b1'], false]);
});

test('a page that does not come is told, and can be asked for again', async () => {
  const {listing, pages, keys} = make();
  const begun = listing.begin('');
  pages[0]?.resolve(page('1', 'a'));
  await begun;
  const more = listing.more();
  pages[1]?.reject(new LibraryError('network', 'It cannot be reached.'));
  await more;
  assert.deepEqual([keys(), listing.failed?.code, listing.loading], [['a'], 'network', false]);
  const again = listing.more();
  assert.equal(listing.failed, null);
  pages[2]?.resolve(page('', 'b'));
  await again;
  assert.deepEqual([keys(), listing.failed], [['a', 'b'], null]);
});
