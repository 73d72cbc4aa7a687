// Tells when nothing was heard for too long. Silence is counted in beats, so
// that a page that slept, or was kept from running, has not waited meanwhile.

/** Beats until the bark. */
const beats = 10;

export class Watchdog {
  #pause;
  #bark;
  #silent = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {number} patience ms of silence that are too long
   * @param {() => void} bark
   */
  constructor(patience, bark) {
    this.#pause = patience / beats;
    this.#bark = bark;
  }

  /** Something is expected from now on, if it was not before. */
  watch() {
    if (this.#timer !== undefined) return;
    this.#silent = 0;
    this.#timer = setInterval(() => {
      if (++this.#silent < beats) return;
      this.rest();
      this.#bark();
    }, this.#pause);
  }

  /** Something was heard. */
  hear() {
    this.#silent = 0;
  }

  /** Nothing is expected any more. */
  rest() {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
