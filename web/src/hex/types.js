// The shapes that the parts of the hex view hand to each other.

/** @typedef {import('../engine/protocol.js').Span} Span */
/** @typedef {Omit<import('../engine/protocol.js').View, 'changed'> & {changed?: Span[]}} View */
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

/** @typedef {{name: string, edit?: boolean}} NamedLayer */

/**
 * What is kept of edits: steps that can be undone and redone, and the bytes
 * that the last change changed.
 *
 * @typedef {{undo: number, redo: number} & Span} Edited
 */

/**
 * What edits a disk. Each method is one step for undo, and resolves when the
 * disk reads as it then does; a rejection has a message that a person can
 * read, and then nothing was changed.
 *
 * @typedef {object} Edits
 * @property {(offset: number, bytes: Uint8Array, length?: number) => Promise<Edited>} write
 *   the bytes, over and over up to a length where one is given
 * @property {(span: Span) => Promise<Edited>} revert the sectors of a range read again as below the edits
 * @property {() => Promise<Edited>} undo
 * @property {() => Promise<Edited>} redo
 */

/**
 * What is shown: a resolved disk (disk is its id, file is 0), a file inside of
 * one, whose offsets are its own (inside), or one layer's own file (disk is 0,
 * file its key, layerIndex its place in the chain). Layers are leaf first;
 * size is in bytes.
 *
 * @typedef {object} Source
 * @property {number} disk
 * @property {number} file
 * @property {number} size
 * @property {string} name
 * @property {NamedLayer[]} layers
 * @property {number} [layerIndex]
 * @property {boolean} [inside]
 * @property {string} [place] names what stays the same when edits are laid on
 *   top or taken off: one is then where one was
 */

/**
 * The bytes of one aligned piece of the source, and where they came from.
 * Extents are in order and cover the bytes without gaps; changed are the
 * bytes that edits made differ.
 *
 * @typedef {object} Chunk
 * @property {number} offset byte offset in the source
 * @property {Uint8Array} bytes
 * @property {Extent[]} extents
 * @property {Span[]} [changed]
 */

/**
 * What is known of one byte: nothing while it is on its way.
 *
 * @typedef {object} Known
 * @property {number} [byte]
 * @property {Extent} [extent]
 * @property {boolean} [failed] it could not be loaded
 * @property {boolean} [changed] edits made it differ
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
