// How fast a job goes and how long it will still take, smoothed so that the
// figures can be read.

/** The speed follows what was measured within about this many ms. */
const memory = 4000;
/** Nothing is said of a job before this many ms: first figures mislead. */
const settling = 1000;

export class Pace {
  #began;
  #at;
  #done = 0;
  /** Bytes a ms; 0 until something was measured. */
  #speed = 0;

  /** @param {number} now ms, of any clock that only goes forward */
  constructor(now) {
    this.#began = now;
    this.#at = now;
  }

  /**
   * @param {number} done bytes, in all
   * @param {number} now ms
   */
  note(done, now) {
    const passed = now - this.#at;
    if (passed <= 0) return;
    const speed = Math.max(done - this.#done, 0) / passed;
    // The weight of what is new grows with the time it took, so that the
    // figure is the same however often it is asked for.
    const weight = 1 - Math.exp(-passed / memory);
    this.#speed = this.#speed === 0 ? speed : this.#speed + weight * (speed - this.#speed);
    this.#done = done;
    this.#at = now;
  }

  /** @returns {number} bytes a second, 0 while that cannot be told */
  get speed() {
    return this.#at - this.#began < settling ? 0 : this.#speed * 1000;
  }

  /**
   * @param {number} total bytes
   * @returns {number} seconds to go, -1 while that cannot be told
   */
  left(total) {
    const {speed} = this;
    return speed <= 0 || total < this.#done ? -1 : (total - this.#done) / speed;
  }
}

/**
 * A time to go, in words that do not change every moment: 'a few seconds',
 * '40 s', '3 min', '2 h 10 min'.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function formatLeft(seconds) {
  if (seconds < 5) return 'a few seconds';
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}
