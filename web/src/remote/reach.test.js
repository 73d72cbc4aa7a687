import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Reach, singleReason} from './reach.js';

const site = {base: 'https://vhd.example/tools/index.html', library: 'images', connect: ['https://images.example'], single: false};
const reach = new Reach(site);

test('addresses of the page’s own server and of allowed ones can be tried, relative ones are of the page', () => {
  for (const [text, url] of [
    ['base.vhd', 'https://vhd.example/tools/base.vhd'],
    ['/a b.vhd', 'https://vhd.example/a%20b.vhd'],
    ['../x.vhd?key=1#top', 'https://vhd.example/x.vhd?key=1'],
    ['https://images.example/x.vhd', 'https://images.example/x.vhd'],
    ['HTTPS://IMAGES.example:443/x.vhd', 'https://images.example/x.vhd'],
  ]) assert.deepEqual(reach.address(/** @type {string} */ (text)), {text, url, why: ''});
});

test('what cannot be tried says why', () => {
  for (const [text, why] of /** @type {[string, RegExp][]} */ ([
    ['https://other.example/x.vhd', /has not allowed it to read from https:\/\/other\.example.*VHDSCOPE_CONNECT="https:\/\/other\.example"/],
    ['http://images.example/x.vhd', /VHDSCOPE_CONNECT/],
    ['https://images.example:8443/x.vhd', /VHDSCOPE_CONNECT/],
    ['https://images.example.evil.example/x.vhd', /VHDSCOPE_CONNECT/],
    ['file:///x.vhd', /begin with https/],
    ['javascript:alert(1)', /begin with https/],
    ['data:,x', /begin with https/],
    ['https://me:secret@images.example/x.vhd', /user name and password/],
    ['https://', /not an address/],
  ])) {
    const address = reach.address(text);
    assert.equal(address.url, '', text);
    assert.match(address.why, why, text);
  }
});

test('a list has one address a line, and each once', () => {
  assert.deepEqual(reach.addresses('\n  a.vhd \r\nb.vhd\n./a.vhd\n\nnot://x\nnot://x').map(({text}) => text), ['a.vhd', 'b.vhd', 'not://x']);
});

test('the library is beside the page', () => {
  assert.equal(reach.library, 'https://vhd.example/tools/images');
  assert.equal(new Reach({...site, library: ''}).library, '');
});

test('one file by itself reads from nowhere and says so', () => {
  const single = new Reach({...site, base: 'file:///home/vhdscope.html', connect: [], single: true});
  assert.equal(single.library, '');
  assert.deepEqual(single.address('https://images.example/x.vhd'), {text: 'https://images.example/x.vhd', url: '', why: singleReason});
});
