// The line to one worker, from its start to its end. Every request on it is
// answered: by the worker, by its own signal, or by the loss of the worker.

import {Command, ReplyKind} from './protocol.js';
import {Watchdog} from './watchdog.js';

/** @import {Problem, Reply, Request} from './protocol.js' */

/**
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal] ends the request early, with the signal's reason
 * @property {boolean} [thorough] it makes a file: aborted, it ends when the worker has ended it
 * @property {(done: number, total: number) => void} [onProgress]
 */

/**
 * @typedef {object} Waiter
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {RequestOptions['onProgress']} onProgress
 * @property {boolean} [thorough]
 * @property {boolean} [written] all of the file is: the browser now checks and keeps it, for as long as that takes
 */

/** A request that ended with a problem: in the engine, or of the engine. */
export class EngineError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.name = 'EngineError';
    this.problem = problem;
    /** The problem's code, for programs. */
    this.code = problem.code;
  }

  /**
   * @param {string} code
   * @param {string} message
   */
  static of(code, message) {
    return new EngineError({code, message, layer: -1, offset: -1, file: ''});
  }
}

/** Codes of problems of a file as a whole, of which its bytes are not the cause. */
export const goneCodes = Object.freeze(['changed', 'network', 'no-ranges', 'unauthorized', 'not-found']);

/** The part of Worker that a channel needs. @typedef {Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>} WorkerLike */

/**
 * What a worker may do before it is ended.
 *
 * @typedef {object} Limits
 * @property {number} [silence] how long it may say nothing while it is asked something, in ms
 * @property {number} [memory] how much memory its program may have, in bytes
 */

/** One worker and the requests under way in it. */
export class Channel {
  #worker;
  /** @type {Watchdog | undefined} */
  #watchdog;
  #lastId = 0;
  /** @type {Map<number, Waiter>} */
  #waiting = new Map();
  /** @type {EngineError | null} */
  #error = null;
  #retired = false;
  /** @type {(error: EngineError) => void} */
  #tellLost = () => {};

  /**
   * @param {WorkerLike} worker a worker that was just made
   * @param {WebAssembly.Module} module what it is to run
   * @param {Limits} [limits]
   */
  constructor(worker, module, {silence, memory} = {}) {
    this.#worker = worker;
    if (silence !== undefined) {
      this.#watchdog = new Watchdog(silence, () => {
        if ([...this.#waiting.values()].some(({written}) => written)) this.#watchdog?.watch();
        else this.#lose(`It said nothing for ${silence / 1000} seconds and was ended.`, 'hang');
      });
    }
    /** Resolves, with the reason, when the worker is lost; not when it is closed. @type {Promise<EngineError>} */
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve;
    });
    /** Resolves when the worker takes requests; rejects when it is lost before. @type {Promise<void>} */
    this.ready = new Promise((resolve, reject) => {
      this.#waiting.set(0, {resolve, reject, onProgress: undefined});
    });
    worker.addEventListener('message', ({data}) => this.#receive(data));
    worker.addEventListener('messageerror', () => this.#lose('The engine sent a message that cannot be read.'));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#lose(event.message ? `The engine failed: ${event.message}` : 'The engine could not be started.');
    });
    worker.postMessage({module, memory});
    this.#watchdog?.watch();
  }

  /**
   * Ends the worker, and with an error whatever waits for it.
   *
   * @param {EngineError} [error]
   */
  close(error = EngineError.of('closed', 'The engine was closed.')) {
    this.#end(error);
  }

  /** Ends the worker when all that was asked of it is answered. */
  retire() {
    this.#retired = true;
    if (this.#waiting.size === 0) this.close();
  }

  /**
   * @param {string} command
   * @param {unknown} value
   * @param {RequestOptions} [options]
   * @returns {Promise<any>}
   */
  request(command, value, {signal, thorough = false, onProgress} = {}) {
    return new Promise((resolve, reject) => {
      if (this.#error) throw this.#error;
      signal?.throwIfAborted();
      const id = ++this.#lastId;
      const abort = () => {
        this.#post(++this.#lastId, Command.Cancel, {target: id});
        waiter.written = false;
        if (thorough) return;
        // The cancelled request's own reply is still to come and finds nobody.
        this.#forget(id);
        reject(signal?.reason);
      };
      /** @type {Waiter} */
      const waiter = {
        resolve: (answer) => {
          signal?.removeEventListener('abort', abort);
          resolve(answer);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(signal?.aborted ? signal.reason : error);
        },
        onProgress,
        thorough,
      };
      this.#waiting.set(id, waiter);
      signal?.addEventListener('abort', abort, {once: true});
      this.#watchdog?.watch();
      try {
        this.#post(id, command, value);
      } catch (error) {
        this.#waiting.get(id)?.reject(error);
        this.#forget(id);
      }
    });
  }

  /** @param {number} id of a request that is over */
  #forget(id) {
    this.#waiting.delete(id);
    if (this.#waiting.size > 0) return;
    this.#watchdog?.rest();
    if (this.#retired) this.close();
  }

  /**
   * @param {number} id
   * @param {string} command
   * @param {unknown} value
   */
  #post(id, command, value) {
    /** @type {Request} */
    const request = {id, command, value};
    this.#worker.postMessage(request);
  }

  /** @param {Reply} reply */
  #receive(reply) {
    this.#watchdog?.hear();
    if (reply.kind === ReplyKind.Crash) {
      this.#lose(reply.problem?.message ?? 'The engine ended.', reply.problem?.code);
      return;
    }
    const waiter = this.#waiting.get(reply.id);
    if (!waiter) return;
    if (reply.kind === ReplyKind.Progress) {
      waiter.written = waiter.thorough && reply.total > 0 && reply.done === reply.total;
      waiter.onProgress?.(reply.done, reply.total);
      return;
    }
    this.#forget(reply.id);
    if (reply.kind === ReplyKind.Result || reply.kind === ReplyKind.Ready) {
      waiter.resolve(reply.value);
    } else if (reply.kind === ReplyKind.Cancelled) {
      waiter.reject(new DOMException('The request was cancelled.', 'AbortError'));
    } else {
      waiter.reject(reply.problem
        ? new EngineError(reply.problem)
        : EngineError.of('unknown', 'The engine reported an error without a reason.'));
    }
  }

  /**
   * @param {string} message
   * @param {string} [code]
   */
  #lose(message, code = 'crash') {
    const error = EngineError.of(code, message);
    if (this.#end(error)) this.#tellLost(error);
  }

  /**
   * @param {EngineError} error what ends every request, under way or to come
   * @returns {boolean} false where the channel had ended before
   */
  #end(error) {
    if (this.#error) return false;
    this.#error = error;
    this.#watchdog?.rest();
    this.#worker.terminate();
    for (const waiter of this.#waiting.values()) waiter.reject(error);
    this.#waiting.clear();
    return true;
  }
}

/**
 * @param {() => WorkerLike} createWorker
 * @param {WebAssembly.Module} module
 * @param {Limits} [limits]
 * @returns {Promise<Channel>} a new worker's, when it takes requests
 */
export async function connect(createWorker, module, limits) {
  const channel = new Channel(createWorker(), module, limits);
  try {
    await channel.ready;
  } catch (error) {
    channel.close();
    throw error;
  }
  return channel;
}

/**
 * Takes as many turns with a signal as without, so that requests are sent in
 * the order in which they were made.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, {once: true});
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}
