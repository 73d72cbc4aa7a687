// Orders that differ from run to run and can be had again: VHDSCOPE_SEED,
// which the run prints, decides them.

import process from 'node:process';

export const seed = Number(process.env.VHDSCOPE_SEED);

/**
 * A new array in an order that depends on the seed and the array's length.
 * @template T
 * @param {readonly T[]} list
 * @returns {T[]}
 */
export function shuffled(list) {
  const random = generator(seed + list.length);
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Numbers in [0, 1): the Lehmer generator with Park and Miller's modulus. */
export function generator(seed) {
  const modulus = 2 ** 31 - 1;
  let state = (seed % (modulus - 1)) + 1;
  return () => {
    state = (state * 48271) % modulus;
    return (state - 1) / (modulus - 1);
  };
}
