import assert from 'node:assert/strict';
import {test} from 'node:test';
import {checkLibrary, connectOrigins, headersFile, sitePolicy} from './policy.mjs';

test('the page reads from its own host and the origins that the build is given', () => {
  assert.match(sitePolicy([]), /; connect-src 'self';/);
  const policy = sitePolicy(connectOrigins(' https://a.example  http://127.0.0.1:8080\nhttp://localhost http://[::1]:1 '));
  assert.match(policy, /; connect-src 'self' https:\/\/a\.example http:\/\/127\.0\.0\.1:8080 http:\/\/localhost http:\/\/\[::1\]:1;/);
  assert.ok(headersFile(policy).includes(`Content-Security-Policy: ${policy}; frame-ancestors 'none'\n`));
});

test('what is no origin, or would be read in the open, is refused by name', () => {
  const wrong = ["'self'", '*', 'https:', 'a.example', 'https://a.example/', 'https://a.example/x', 'https://A.example', 'https://a.example:443',
    'https://a.example;', 'https://*.a.example', 'https://u:p@a.example', 'http://a.example', 'http://127.0.0.1.a.example', 'ftp://a.example', 'data:x'];
  for (const word of wrong) assert.throws(() => connectOrigins(`https://b.example ${word}`), (/** @type {Error} */ {message}) => message.includes(word), word);
});

test('a library lies beside the page', () => {
  for (const library of ['', 'images', 'a/b', '../images', '/images']) assert.equal(checkLibrary(library), library);
  for (const library of ['https://a.example/images', '//a.example/images', 'images?x', 'images#x', 'data:,x']) {
    assert.throws(() => checkLibrary(library), /relative to the page/);
  }
});
