import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Pace, formatLeft} from './pace.js';

test('a steady job has its speed and its time to go', () => {
  const pace = new Pace(0);
  for (let at = 100; at <= 5000; at += 100) pace.note(at * 50, at);
  assert.equal(Math.round(pace.speed), 50_000);
  assert.equal(Math.round(pace.left(500_000)), 5);
});

test('nothing is said within the first second, nor of a job that stands still', () => {
  const pace = new Pace(0);
  pace.note(1 << 20, 500);
  assert.equal(pace.speed, 0);
  assert.equal(pace.left(1 << 30), -1);
  const still = new Pace(0);
  still.note(0, 5000);
  assert.equal(still.left(100), -1);
});

test('a short halt does not shake the figure; a long one shows', () => {
  const pace = new Pace(0);
  for (let at = 100; at <= 10_000; at += 100) pace.note(at * 100, at);
  pace.note(1_000_000, 10_400);
  assert.ok(pace.speed > 88_000, `${pace.speed}`);
  pace.note(1_000_000, 40_000);
  assert.ok(pace.speed < 1000, `${pace.speed}`);
});

test('the figure is the same however often it is measured', () => {
  const fine = new Pace(0);
  const coarse = new Pace(0);
  fine.note(10_000, 100);
  coarse.note(10_000, 100);
  for (let at = 110; at <= 8100; at += 10) fine.note(10_000 + (at - 100) * 20, at);
  for (let at = 2100; at <= 8100; at += 2000) coarse.note(10_000 + (at - 100) * 20, at);
  assert.ok(Math.abs(fine.speed - coarse.speed) < 1, `${fine.speed} ${coarse.speed}`);
});

test('times to go are told in steps', () => {
  assert.deepEqual([0, 4.9, 5, 31, 59.9, 60, 61, 3541, 3600, 3601, 7800].map(formatLeft),
    ['a few seconds', 'a few seconds', '5 s', '35 s', '60 s', '1 min', '2 min', '1 h', '1 h', '1 h 1 min', '2 h 10 min']);
});
