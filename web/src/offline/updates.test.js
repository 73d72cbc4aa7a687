import assert from 'node:assert/strict';
import {test} from 'node:test';
import {follow, lookNowAndThen} from './updates.js';

/** A worker that does as the page says. */
class Worker extends EventTarget {
  state = 'installing';
  /** @type {string[]} */
  heard = [];

  /** @param {string} message */
  postMessage(message) {
    this.heard.push(message);
  }

  /** @param {string} state */
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** @typedef {EventTarget & {active: Worker | null, waiting: Worker | null, installing: Worker | null}} Registration */

/** @param {Partial<Registration>} [workers] */
function site(workers) {
  /** @type {Registration} */
  const registration = Object.assign(new EventTarget(), {active: null, waiting: null, installing: null, ...workers});
  /** @type {(() => void)[]} */
  const offers = [];
  const reloads = {count: 0};
  follow(/** @type {any} */ (registration), (take) => offers.push(take), () => reloads.count++);
  return {registration, offers, reloads};
}

/** @param {Registration} registration */
function arrive(registration) {
  const worker = new Worker();
  registration.installing = worker;
  registration.dispatchEvent(new Event('updatefound'));
  registration.installing = null;
  registration.waiting = worker;
  worker.become('installed');
  return worker;
}

test('the first version is not offered, the next is, once', () => {
  const {registration, offers} = site();
  const first = arrive(registration);
  assert.equal(offers.length, 0);
  registration.waiting = null;
  registration.active = first;
  first.become('activated');
  arrive(registration).become('installed');
  assert.equal(offers.length, 1);
});

test('a version that was ready before the page was is offered', () => {
  assert.equal(site({active: new Worker(), waiting: new Worker()}).offers.length, 1);
});

test('a version that was on its way before the page was is offered when it is ready', () => {
  const installing = new Worker();
  const {registration, offers} = site({active: new Worker(), installing});
  assert.equal(offers.length, 0);
  registration.waiting = installing;
  installing.become('installed');
  assert.equal(offers.length, 1);
});

test('the page is reloaded when the version that was taken is in place, and not before', () => {
  const {registration, offers, reloads} = site({active: new Worker()});
  const worker = arrive(registration);
  assert.deepEqual(worker.heard, []);
  offers[0]?.();
  assert.deepEqual(worker.heard, ['take over']);
  worker.become('activating');
  assert.equal(reloads.count, 0);
  worker.become('activated');
  assert.equal(reloads.count, 1);
});

test('a version that another tab has taken comes with a reload', () => {
  const {registration, offers, reloads} = site({active: new Worker()});
  registration.active = arrive(registration);
  registration.waiting = null;
  assert.equal(reloads.count, 0);
  offers[0]?.();
  assert.equal(reloads.count, 1);
});

test('of two versions that come one after the other, the later is taken by either offer', () => {
  const {registration, offers} = site({active: new Worker()});
  const [earlier, later] = [arrive(registration), arrive(registration)];
  assert.equal(offers.length, 2);
  offers[0]?.();
  assert.deepEqual([earlier.heard, later.heard], [[], ['take over']]);
});

test('versions are looked for when the person comes back after hours, and not more often', () => {
  let time = 0;
  let looks = 0;
  const page = Object.assign(new EventTarget(), {visibilityState: /** @type {DocumentVisibilityState} */ ('visible')});
  const update = async () => {
    looks++;
    throw new TypeError('no network');
  };
  lookNowAndThen(/** @type {any} */ ({update}), page, () => time);
  /** @param {number} hours @param {DocumentVisibilityState} state */
  const turn = (hours, state) => {
    time = hours * 3_600_000;
    page.visibilityState = state;
    page.dispatchEvent(new Event('visibilitychange'));
    return looks;
  };
  assert.deepEqual([turn(1, 'hidden'), turn(3, 'visible'), turn(9, 'hidden'), turn(9, 'visible'), turn(10, 'visible'), turn(14, 'visible')],
    [0, 0, 0, 1, 1, 2]);
});
