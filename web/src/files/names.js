// Names as a person looks for them: by a part, by a pattern, or by how they
// begin. Letters are the same in both cases, and however they are composed.

/** @param {string} name */
export function folded(name) {
  return name.normalize('NFC').toLowerCase();
}

/**
 * What a filter lets through: names that contain it, or, where it has * or ?,
 * names that are as it says from end to end.
 *
 * @param {string} text as typed
 * @returns {((folded: string) => boolean) | null} null where it lets all through
 */
export function matcher(text) {
  const wanted = folded(text.trim());
  if (wanted === '') return null;
  if (!/[*?]/.test(wanted)) return (name) => name.includes(wanted);
  const parts = wanted.split('*');
  return (name) => fits(name, parts);
}

/**
 * Tries each part at the first place where it fits, which is as good as any;
 * so no name takes long.
 *
 * @param {string} name
 * @param {string[]} parts between the stars
 */
function fits(name, parts) {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  const letters = [...name];
  if (!fitsAt(letters, 0, [...first])) return false;
  let at = [...first].length;
  if (last === undefined) return at === letters.length;
  for (const part of rest) {
    const wanted = [...part];
    while (at + wanted.length <= letters.length && !fitsAt(letters, at, wanted)) at++;
    at += wanted.length;
  }
  const end = [...last];
  return at + end.length <= letters.length && fitsAt(letters, letters.length - end.length, end);
}

/**
 * @param {string[]} letters
 * @param {number} at
 * @param {string[]} wanted
 */
function fitsAt(letters, at, wanted) {
  return at + wanted.length <= letters.length && wanted.every((letter, i) => letter === '?' || letter === letters[at + i]);
}

/** After so many ms without a key, typing begins anew. */
const pause = 1000;

/** Letters that are typed to go to a name. */
export class Typed {
  #text = '';
  #last = -Infinity;

  /** Whether a further letter goes on with a name. @param {number} now ms */
  isUnderWay(now) {
    return this.#text !== '' && now - this.#last < pause;
  }

  /**
   * @param {string} letter
   * @param {number} now ms
   * @returns {{text: string, again: boolean}} how the name begins, folded; again: the next such name is meant, even where one is at such a name
   */
  add(letter, now) {
    if (!this.isUnderWay(now)) this.#text = '';
    this.#last = now;
    this.#text += folded(letter);
    // One letter again and again goes from name to name.
    const letters = [...this.#text];
    const same = letters.every((one) => one === letters[0]);
    return {text: same ? letters[0] ?? '' : this.#text, again: same};
  }
}
