// The one piece of the engine that is JavaScript: it moves bytes between
// arrays of the browser, which Go could only do one call at a time.

/**
 * Copies runs of bytes from one array to their places in another.
 *
 * @param {Uint8Array} to
 * @param {Uint8Array} from
 * @param {Float64Array} runs three numbers each: where in from, where in to, how many bytes
 */
export function scatter(to, from, runs) {
  for (let i = 0; i < runs.length; i += 3) {
    const start = /** @type {number} */ (runs[i]);
    to.set(from.subarray(start, start + /** @type {number} */ (runs[i + 2])), runs[i + 1]);
  }
}
