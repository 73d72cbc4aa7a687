// The shapes that the parts of the hex view hand to each other.

/** @typedef {import('../engine/protocol.js').View} View */
/** @typedef {import('../engine/protocol.js').Extent} Extent */
/** @typedef {import('../engine/protocol.js').Explanation} Explanation */
/** @typedef {import('../engine/protocol.js').Location} Location */
/** @typedef {import('../engine/protocol.js').Problem} Problem */

/**
 * What is asked of the engine client. A request that is aborted through its
 * signal rejects with an AbortError; any other rejection has a message that a
 * person can read.
 *
 * @typedef {object} Engine
 * @property {(command: any, value: any, options?: {signal?: AbortSignal}) => Promise<any>} request
 */

/** @typedef {{name: string}} NamedLayer */

/**
 * What is shown: a resolved disk (disk is its id, file is 0) or one layer's
 * own file (disk is 0, file its key, layerIndex its place in the chain).
 * Layers are leaf first; size is in bytes.
 *
 * @typedef {object} Source
 * @property {number} disk
 * @property {number} file
 * @property {number} size
 * @property {string} name
 * @property {NamedLayer[]} layers
 * @property {number} [layerIndex]
 */

/**
 * The bytes of one aligned piece of the source, and where they came from.
 * Extents are in order and cover the bytes without gaps.
 *
 * @typedef {object} Chunk
 * @property {number} offset byte offset in the source
 * @property {Uint8Array} bytes
 * @property {Extent[]} extents
 */

/**
 * What is known of one byte: nothing while it is on its way.
 *
 * @typedef {object} Known
 * @property {number} [byte]
 * @property {Extent} [extent]
 * @property {boolean} [failed] it could not be loaded
 */

/**
 * Caret and selection, as byte offsets. The selection runs from the anchor to
 * the caret, both included; anchor null means that nothing is selected.
 *
 * @typedef {object} Selection
 * @property {number} caret
 * @property {number | null} anchor
 */

export {};
