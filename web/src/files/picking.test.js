import assert from 'node:assert/strict';
import test from 'node:test';
import {Picking} from './picking.js';

const order = Uint32Array.of(3, 1, 4, 0, 2);

test('a range goes from where it began to the row, in the order that is shown', () => {
  const picking = new Picking();
  picking.only(1);
  picking.extend(0, order);
  assert.deepEqual([...picking.rows()], [1, 4, 0]);
  picking.extend(3, order);
  assert.deepEqual([...picking.rows()], [3, 1]);
  assert.equal(picking.active, 3);
});

test('a range begins at the active row where nothing was picked', () => {
  const picking = new Picking();
  picking.visit(4);
  picking.extend(2, order);
  assert.deepEqual([...picking.rows()], [4, 0, 2]);
});

test('single rows are added and taken away, and a range goes on from the last', () => {
  const picking = new Picking();
  picking.only(3);
  picking.toggle(0);
  assert.deepEqual([...picking.rows()], [3, 0]);
  picking.toggle(3);
  assert.deepEqual([...picking.rows()], [0]);
  picking.extend(1, order);
  assert.deepEqual([...picking.rows()], [3, 1]);
});

test('what is filtered away is picked no more, and the first row that is left is active', () => {
  const picking = new Picking();
  picking.all(order);
  picking.visit(3);
  picking.keepTo(Uint32Array.of(4, 2));
  assert.deepEqual([...picking.rows()].sort(), [2, 4]);
  assert.equal(picking.active, 4);
  picking.keepTo(new Uint32Array(0));
  assert.equal(picking.active, -1);
});

test('visiting a row picks nothing', () => {
  const picking = new Picking();
  picking.only(1);
  picking.visit(2);
  assert.equal(picking.has(2), false);
  assert.equal(picking.has(1), true);
  picking.none();
  assert.equal(picking.size, 0);
});
