// Access tokens, for as long as the page is open: each is sent to one origin
// only, in a header and never in an address, and is kept nowhere.

/** What a header's value may be made of, without spaces. */
const sendable = /^[\x21-\x7e]+$/;

export class Tokens {
  /** Values of the Authorization header, by origin. @type {Map<string, string>} */
  #values = new Map();

  /** @param {string} url @returns {string} the header's value for requests to it, '' for none */
  for(url) {
    return this.#values.get(new URL(url).origin) ?? '';
  }

  /**
   * @param {string} url whose origin is to get the token
   * @param {string} text as the person wrote it, with or without the word Bearer; none takes the token back
   * @returns {string} why it cannot be sent, '' where it can
   */
  set(url, text) {
    const {origin} = new URL(url);
    const token = text.trim().replace(/^bearer\s+/i, '');
    if (token === '') {
      this.#values.delete(origin);
      return '';
    }
    if (!sendable.test(token)) return 'A token has no spaces, and no characters beyond ASCII.';
    this.#values.set(origin, `Bearer ${token}`);
    return '';
  }
}
