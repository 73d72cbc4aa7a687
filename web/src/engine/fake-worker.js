// For tests: a worker that a script plays.

/** @import {Request} from './protocol.js' */

/**
 * A worker in this thread: it answers as a script says, and never by itself.
 */
export class FakeWorker extends EventTarget {
  /** @type {Request[]} */
  requests = [];
  terminated = false;
  #answer;

  /** @param {(request: Request, worker: FakeWorker) => void} answer */
  constructor(answer) {
    super();
    this.#answer = answer;
  }

  /** @param {any} message */
  postMessage(message) {
    if (this.terminated) return;
    if ('module' in message) {
      this.reply(0, 'ready');
    } else {
      this.requests.push(message);
      this.#answer(message, this);
    }
  }

  /**
   * @param {number} id
   * @param {string} kind
   * @param {object} [rest]
   */
  reply(id, kind, rest = {}) {
    const data = {id, kind, value: null, problem: null, done: 0, total: 0, ...rest};
    queueMicrotask(() => {
      if (!this.terminated) this.dispatchEvent(new MessageEvent('message', {data}));
    });
  }

  crash() {
    this.reply(0, 'crash', {problem: {code: 'crash', message: 'It is gone.', layer: -1, offset: -1, file: ''}});
  }

  terminate() {
    this.terminated = true;
  }
}
