// What is known of bytes: as they were read, with what was typed over them.

import {chunkSize, extentAt} from './chunks.js';

/** @typedef {import('./byte-row.js').Content} Content */
/** @typedef {import('./loader.js').Loader} Loader */
/** @typedef {import('./overlay.js').Overlay} Overlay */
/** @typedef {import('./types.js').Known} Known */

export class KnownBytes {
  #loader;
  #overlay;

  /**
   * @param {Loader} loader
   * @param {Overlay} overlay
   */
  constructor(loader, overlay) {
    this.#loader = loader;
    this.#overlay = overlay;
  }

  /**
   * The chunk that holds a byte.
   * @param {number} offset
   * @returns {Content}
   */
  look(offset) {
    const number = Math.floor(offset / chunkSize);
    const {cache} = this.#loader;
    const chunk = cache.get(number);
    if (chunk) return this.#overlay.over(chunk, cache.isStale(number));
    return this.#loader.failure(number) ?? null;
  }

  /** @param {number} offset @returns {Known} */
  at(offset) {
    const content = this.look(offset);
    if (!content) return {};
    if (content instanceof Error) return {failed: true};
    return {
      byte: content.bytes[offset - content.offset],
      extent: extentAt(content, offset),
      changed: content.changed?.some((span) => offset >= span.offset && offset < span.offset + span.length),
    };
  }
}
