// What scripts give to the console API is checked by hand: no types stand
// between. What is wrong is a TypeError that names it.

/** @import {ParentPaths, ScriptOptions} from './console.js' */

/** @param {Record<string, unknown>} given arguments, by name */
export function checkIntegers(given) {
  for (const [name, value] of Object.entries(given)) {
    if (Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0) continue;
    throw new TypeError(`The argument ${name} must be an integer from 0 to ${Number.MAX_SAFE_INTEGER}, but it is ${describe(value)}.`);
  }
}

/** @param {unknown} path of a file in a volume */
export function checkPath(path) {
  if (typeof path === 'string' && path.startsWith('/')) return;
  throw new TypeError(`The argument path must be a string that begins with '/', but it is ${quote(path)}.`);
}

/**
 * @param {string} name of an option
 * @param {unknown} value
 * @param {string[]} allowed
 * @returns {string}
 */
export function checkOneOf(name, value, allowed) {
  if (typeof value === 'string' && allowed.includes(value)) return value;
  const list = allowed.map((one) => `'${one}'`).join(' or ');
  throw new TypeError(`The option ${name} must be ${list}, but it is ${quote(value)}.`);
}

/**
 * @param {ParentPaths} [names]
 * @returns {Required<ParentPaths>}
 */
export function checkPaths(names) {
  if (typeof names !== 'object' || names === null) throw new TypeError(`The option names must be an object, but it is ${describe(names)}.`);
  const {relative = '', absolute = ''} = names;
  for (const [name, value] of Object.entries({relative, absolute})) {
    if (typeof value !== 'string') throw new TypeError(`The name ${name} must be a string, but it is ${describe(value)}.`);
  }
  return {relative, absolute};
}

/**
 * @param {ScriptOptions} [options]
 * @returns {AbortSignal | undefined}
 */
export function signalOf(options) {
  const signal = options?.signal;
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new TypeError(`The option signal must be an AbortSignal, but it is ${describe(signal)}.`);
}

/** @param {unknown} value */
function describe(value) {
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  return `of the type ${typeof value}`;
}

/** @param {unknown} value in place of which another text is wanted */
function quote(value) {
  return typeof value === 'string' ? `'${value}'` : describe(value);
}
