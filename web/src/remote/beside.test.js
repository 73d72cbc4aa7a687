import assert from 'node:assert/strict';
import {test} from 'node:test';
import {placesBeside} from './beside.js';
import {Reach} from './reach.js';

const reach = new Reach({base: 'https://vhd.example/', library: '', connect: ['https://images.example'], single: false});
const child = 'https://images.example/vm/snapshots/child.avhd?key=1';

/** @param {...string} texts */
const names = (...texts) => texts.map((text) => ({origin: '', text}));

test('what a relative name leads to comes before the child’s own folder', () => {
  assert.deepEqual(placesBeside(child, names('D:\\vm\\base.vhd', '..\\base.vhd', 'base.vhd'), reach),
    ['https://images.example/vm/base.vhd', 'https://images.example/vm/snapshots/base.vhd']);
});

test('names are names: nothing in them leads to another server or is taken for a query', () => {
  assert.deepEqual(placesBeside(child, names('.\\a?b#c %41.vhd'), reach), ['https://images.example/vm/snapshots/a%3Fb%23c%20%2541.vhd']);
  assert.deepEqual(placesBeside(child, names('//evil.example/x.vhd', 'https://evil.example/y.vhd'), reach),
    ['https://images.example/vm/snapshots/x.vhd', 'https://images.example/vm/snapshots/y.vhd']);
  assert.deepEqual(placesBeside(child, names('../../../../../top.vhd'), reach)[0], 'https://images.example/top.vhd');
});

test('the child is not its own parent, broken and empty names lead nowhere, and few are asked for', () => {
  assert.deepEqual(placesBeside('https://images.example/child.avhd', names('child.avhd', '', '\ud800.vhd'), reach), []);
  assert.equal(placesBeside(child, names(...Array.from({length: 20}, (_, i) => `${i}.vhd`)), reach).length, 4);
});

test('places that may not be read from are none', () => {
  const other = new Reach({base: 'https://vhd.example/', library: '', connect: [], single: false});
  assert.deepEqual(placesBeside(child, names('base.vhd'), other), []);
});
