// The messages of a volume's worker.
//
// wasm/volumes/browse/protocol.go declares the same messages for the worker,
// with the same names in the same order; its test TestProtocolMirrors compares
// the two, so this file keeps to one form: a typedef a message, one property a
// line.

/** @import {OpenFile, Span} from './protocol.js' */
/** @import {Target} from './jobs-protocol.js' */

/** The commands of requests, and the message types each takes and returns. */
export const Command = /** @type {const} */ ({
  Chain: 'chain', // ChainRequest → Chain
  Scan: 'scan', // ScanRequest → Layout
  Mount: 'mount', // MountRequest → Mounted
  List: 'list', // ListRequest → Listing; reports progress
  Stat: 'stat', // StatRequest → FileDetails
  Layers: 'layers', // LayersRequest → LayersList
  Map: 'map', // MapRequest → FileMap
  Look: 'look', // LookRequest → View
  Save: 'save', // SaveRequest → Saved; reports progress
  Hash: 'hash', // HashRequest → Hashes; reports progress
  Search: 'search', // SearchRequest → Found
  Owner: 'owner', // OwnerRequest → Owner; reports progress
  Changes: 'changes', // ChangesRequest → Changes; reports progress
  Touched: 'touched', // TouchedRequest → TouchedRuns
});

/**
 * ChainRequest.
 *
 * @typedef {object} ChainRequest
 * @property {OpenFile[]} files
 */

/**
 * Chain.
 *
 * @typedef {object} Chain
 * @property {number} size
 */

/**
 * ScanRequest.
 *
 * @typedef {object} ScanRequest
 * @property {number} first
 */

/**
 * Layout.
 *
 * @typedef {object} Layout
 * @property {string} scheme
 * @property {number} sectorSize
 * @property {string} uuid
 * @property {Part[]} parts
 * @property {LayoutFinding[]} findings
 */

/**
 * Part.
 *
 * @typedef {object} Part
 * @property {number} index
 * @property {boolean} gap
 * @property {string} type
 * @property {string} typeId
 * @property {string} label
 * @property {string} uuid
 * @property {number} start
 * @property {number} size
 * @property {string[]} attributes
 * @property {boolean} logical
 * @property {number} depth
 * @property {string} problem
 * @property {string} content
 * @property {string} contentLabel
 * @property {string} contentUuid
 * @property {boolean} browsable
 * @property {string} contentProblem
 */

/**
 * LayoutFinding.
 *
 * @typedef {object} LayoutFinding
 * @property {string} severity
 * @property {string} message
 * @property {number} offset
 */

/**
 * MountRequest.
 *
 * @typedef {object} MountRequest
 * @property {number} start
 * @property {number} size
 * @property {string} codePage
 */

/**
 * Mounted.
 *
 * @typedef {object} Mounted
 * @property {string} type
 * @property {string} label
 * @property {string} uuid
 * @property {number} cluster
 * @property {string[]} notes
 * @property {boolean} remembers
 */

/**
 * ListRequest.
 *
 * @typedef {object} ListRequest
 * @property {string} path
 * @property {boolean} deleted
 */

/**
 * Listing.
 *
 * @typedef {object} Listing
 * @property {number} count
 * @property {Uint8Array<ArrayBuffer>} names
 * @property {Uint8Array<ArrayBuffer>} kinds
 * @property {Uint8Array<ArrayBuffer>} sizes
 * @property {Uint8Array<ArrayBuffer>} modified
 * @property {Uint8Array<ArrayBuffer>} created
 * @property {Uint8Array<ArrayBuffer>} attribute
 * @property {string[]} attributes
 * @property {boolean} local
 * @property {string[]} notes
 */

/**
 * StatRequest.
 *
 * @typedef {object} StatRequest
 * @property {string} path
 */

/**
 * FileDetails.
 *
 * @typedef {object} FileDetails
 * @property {string} path
 * @property {string} name
 * @property {string} kind
 * @property {boolean} deleted
 * @property {number} size
 * @property {number} allocated
 * @property {number} links
 * @property {string} modified
 * @property {string} created
 * @property {string} changed
 * @property {string} accessed
 * @property {boolean} local
 * @property {string} attributes
 * @property {string} short
 * @property {string} target
 * @property {string} id
 * @property {Stream[]} streams
 * @property {string} problem
 */

/**
 * Stream.
 *
 * @typedef {object} Stream
 * @property {string} name
 * @property {number} size
 */

/**
 * LayersRequest.
 *
 * @typedef {object} LayersRequest
 * @property {string[]} paths
 */

/**
 * LayersList.
 *
 * @typedef {object} LayersList
 * @property {LayersOf[]} files
 */

/**
 * LayersOf.
 *
 * @typedef {object} LayersOf
 * @property {string} path
 * @property {number[]} bytes
 * @property {number} zeros
 * @property {string} problem
 */

/**
 * MapRequest.
 *
 * @typedef {object} MapRequest
 * @property {string} path
 */

/**
 * FileMap.
 *
 * @typedef {object} FileMap
 * @property {number} size
 * @property {FileExtent[]} extents
 * @property {boolean} more
 */

/**
 * FileExtent.
 *
 * @typedef {object} FileExtent
 * @property {number} offset
 * @property {number} length
 * @property {number} start
 * @property {number} stored
 */

/**
 * LookRequest.
 *
 * @typedef {object} LookRequest
 * @property {string} path
 * @property {number} offset
 * @property {number} length
 */

/**
 * SaveRequest.
 *
 * @typedef {object} SaveRequest
 * @property {string[]} paths
 * @property {boolean} zip
 * @property {string} base
 * @property {Target} to
 */

/**
 * HashRequest.
 *
 * @typedef {object} HashRequest
 * @property {string[]} paths
 */

/**
 * Hashes.
 *
 * @typedef {object} Hashes
 * @property {FileHash[]} files
 */

/**
 * FileHash.
 *
 * @typedef {object} FileHash
 * @property {string} path
 * @property {number} size
 * @property {string} sha256
 * @property {string} problem
 */

/**
 * SearchRequest.
 *
 * @typedef {object} SearchRequest
 * @property {string} pattern
 * @property {boolean} case
 * @property {string} path
 * @property {number} cursor
 */

/**
 * Found.
 *
 * @typedef {object} Found
 * @property {number} cursor
 * @property {boolean} done
 * @property {FoundEntry[]} entries
 * @property {number} looked
 * @property {number} problems
 */

/**
 * FoundEntry.
 *
 * @typedef {object} FoundEntry
 * @property {string} path
 * @property {string} kind
 * @property {boolean} deleted
 * @property {number} size
 * @property {number} modified
 */

/**
 * OwnerRequest.
 *
 * @typedef {object} OwnerRequest
 * @property {number} offset
 */

/**
 * Owner.
 *
 * @typedef {object} Owner
 * @property {OwnerFile[]} files
 * @property {string} structure
 * @property {boolean} known
 */

/**
 * OwnerFile.
 *
 * @typedef {object} OwnerFile
 * @property {string} path
 * @property {number} offset
 */

/**
 * ChangesRequest.
 *
 * @typedef {object} ChangesRequest
 * @property {number} layer
 */

/**
 * Changes.
 *
 * @typedef {object} Changes
 * @property {Change[]} files
 * @property {ChangedRegion[]} elsewhere
 * @property {string[]} notes
 */

/**
 * Change.
 *
 * @typedef {object} Change
 * @property {string} change
 * @property {string} path
 * @property {string} from
 * @property {string} kind
 * @property {boolean} content
 * @property {Side | null} before
 * @property {Side | null} after
 * @property {Span[]} ranges
 * @property {number} rangesBytes
 * @property {string[]} fields
 * @property {string} problem
 */

/**
 * Side.
 *
 * @typedef {object} Side
 * @property {number} size
 * @property {number} modified
 * @property {string} attributes
 */

/**
 * ChangedRegion.
 *
 * @typedef {object} ChangedRegion
 * @property {string} name
 * @property {number} start
 * @property {number} length
 * @property {number} bytes
 */

/**
 * TouchedRequest.
 *
 * @typedef {object} TouchedRequest
 * @property {number} layer
 * @property {number} start
 * @property {number} length
 */

/**
 * TouchedRuns.
 *
 * @typedef {object} TouchedRuns
 * @property {number} bytes
 * @property {Span[]} runs
 * @property {boolean} more
 */
