// The messages between the page and the viewer's worker, of which the first are
// every worker's.
//
// wasm/worker/protocol.go and wasm/viewer/session/protocol.go declare the same
// messages for the worker, with the same names in the same order; the latter's
// test TestProtocolMirrors compares them, so this file keeps to one form: a
// typedef a message, one property a line.
//
// The page asks, the worker answers: every Request gets any number of
// progress replies and then exactly one of result, error or cancelled.
// Nobody blocks on anybody: requests run concurrently and may be answered
// out of order. Offsets and sizes are bytes, below 2^53. Files are known by
// the key that the page gave them, disks by the key of their leaf.

/** @import {RemoteFile} from '../remote/remote-file.js' */

/** The commands of requests, and the message types each takes and returns. */
export const Command = /** @type {const} */ ({
  Cancel: 'cancel',           // CancelRequest → nothing; the cancelled request answers for itself
  Open: 'open',               // OpenRequest → Forest; reports progress
  Close: 'close',             // CloseRequest → Forest
  Pin: 'pin',                 // PinRequest → Pinned
  Choose: 'choose',           // ChooseRequest → Forest
  Identify: 'identify',       // OpenRequest → Forest: of files that stay closed no more than kind, type and UUID; reports the bytes read as progress
  Details: 'details',         // DetailsRequest → Details
  View: 'view',               // ViewRequest → View
  Explain: 'explain',         // ExplainRequest → Explanation
  Locate: 'locate',           // LocateRequest → Location
  Read: 'read',               // ReadRequest → Bytes; reports progress
  Extents: 'extents',         // ExtentsRequest → ExtentList; reports progress
  CheckBatmap: 'checkBatmap', // CheckBatmapRequest → BatmapCheck; reports progress
});

/** The kinds of replies. */
export const ReplyKind = /** @type {const} */ ({
  Ready: 'ready',         // once, when the worker can take requests
  Result: 'result',       // value: what the command returns
  Error: 'error',         // problem: why not
  Cancelled: 'cancelled', // the request was cancelled; nothing was changed
  Progress: 'progress',   // done, total
  Crash: 'crash',         // problem: the worker is lost; every request under way is too
});

/**
 * Request is what the page posts to the worker.
 *
 * @typedef {object} Request
 * @property {number} id
 * @property {string} command
 * @property {any} value
 */

/**
 * Reply is what the worker posts to the page.
 *
 * @typedef {object} Reply
 * @property {number} id
 * @property {string} kind
 * @property {any} value
 * @property {Problem | null} problem
 * @property {number} done
 * @property {number} total
 */

/**
 * Problem says what is wrong, in words for a person and in codes for a
 * program. Layer is the index into the chain, -1 where no chain is meant;
 * Offset is a byte offset in that layer's file, -1 where none is meant.
 *
 * @typedef {object} Problem
 * @property {string} code
 * @property {string} message
 * @property {number} layer
 * @property {number} offset
 * @property {string} file
 */

/**
 * CancelRequest ends another request early.
 *
 * @typedef {object} CancelRequest
 * @property {number} target
 */

/**
 * OpenFile is one file as the person gave it. Name is its path with '/',
 * as deep as the browser tells; Modified is Unix time in milliseconds.
 *
 * @typedef {object} OpenFile
 * @property {number} key
 * @property {string} name
 * @property {number} modified
 * @property {File | RemoteFile} file
 */

/**
 * View is a range of bytes with where each part came from. Extents cover
 * the range without gaps; bytes of an unreadable extent are zero and mean
 * nothing. The range is cut at the end of the disk or file. Changed are the
 * runs of bytes that edits made differ from what lies below them.
 *
 * @typedef {object} View
 * @property {number} offset
 * @property {Uint8Array<ArrayBuffer>} bytes
 * @property {Extent[]} extents
 * @property {Span[]} changed
 */

/**
 * Span is a run of bytes.
 *
 * @typedef {object} Span
 * @property {number} offset
 * @property {number} length
 */

/**
 * Extent is a run of bytes from one place. State is "data", "zeros" (no
 * layer has it: Layer is -1) or "unreadable" (Problem says why; Layer is the
 * layer that should have it, Source -1). Source is the byte offset in that
 * layer's file.
 *
 * @typedef {object} Extent
 * @property {number} offset
 * @property {number} length
 * @property {number} layer
 * @property {number} source
 * @property {string} state
 * @property {Problem | null} problem
 */

/**
 * OpenRequest adds files to what is open.
 *
 * @typedef {object} OpenRequest
 * @property {OpenFile[]} files
 */

/**
 * CloseRequest drops files; none named means all.
 *
 * @typedef {object} CloseRequest
 * @property {number[]} files
 */

/**
 * PinRequest asks which version of a file on a web server there is now, so
 * that the file can be opened.
 *
 * @typedef {object} PinRequest
 * @property {string} name
 * @property {RemoteFile} file
 */

/**
 * Pinned is a version of a remote file. ETag is a strong one, "" where the
 * server gives none; Modified is Unix time in milliseconds, 0 where it does
 * not tell.
 *
 * @typedef {object} Pinned
 * @property {number} size
 * @property {string} etag
 * @property {number} modified
 */

/**
 * ChooseRequest makes one file the parent of another whatever their UUIDs
 * say; Parent 0 takes the choice back.
 *
 * @typedef {object} ChooseRequest
 * @property {number} child
 * @property {number} parent
 */

/**
 * Forest is everything that is open.
 *
 * @typedef {object} Forest
 * @property {FileInfo[]} files
 * @property {DiskInfo[]} disks
 */

/**
 * FileInfo is one opened file. Kind is "vhd"; "raw" for bytes of no known
 * format, which can only serve as the base of a chain; or "refused", where
 * Problem says why. The fields from BlockSize on are a VHD's only.
 *
 * @typedef {object} FileInfo
 * @property {number} key
 * @property {string} name
 * @property {number} size
 * @property {string} kind
 * @property {Problem | null} problem
 * @property {string} type
 * @property {number} virtualSize
 * @property {number} blockSize
 * @property {number} blocks
 * @property {number} allocated
 * @property {string} uuid
 * @property {string} parentUuid
 * @property {ParentName[]} parentNames
 * @property {string} creator
 * @property {string} created
 * @property {number} geometrySize
 * @property {FindingCounts} findings
 */

/**
 * ParentName is one name by which a child knows its parent. Origin is where
 * the name stands ("W2ru locator, slot 2", "parent unicode name").
 *
 * @typedef {object} ParentName
 * @property {string} origin
 * @property {string} text
 */

/**
 * FindingCounts counts findings by severity.
 *
 * @typedef {object} FindingCounts
 * @property {number} errors
 * @property {number} warnings
 * @property {number} notes
 */

/**
 * DiskInfo is the chain of one leaf, a VHD that is no other's parent.
 * Complete means that the chain reaches its base. Name is that of the leaf;
 * where edits lie on top, which are the leaf then, of the file below them.
 *
 * @typedef {object} DiskInfo
 * @property {number} id
 * @property {string} name
 * @property {number} size
 * @property {boolean} complete
 * @property {LayerInfo[]} layers
 * @property {Missing | null} missing
 */

/**
 * LayerInfo is one link of a chain, leaf first. State is "resolved",
 * "missing" (no file; File is 0), "mismatch" (a file of the right name but
 * of another identity: refused, File is 0, or chosen by the person) or
 * "damaged" (open, but parts of it cannot be trusted). Evidence says, in a
 * sentence each, why this file was taken for the parent of the layer above.
 * Edit is true of the layer that edits go to, which is no file of the person's.
 *
 * @typedef {object} LayerInfo
 * @property {number} file
 * @property {string} name
 * @property {string} state
 * @property {boolean} chosen
 * @property {string[]} evidence
 * @property {boolean} edit
 */

/**
 * Missing tells how the search for a parent ended. Reason is "not-found",
 * "mismatch", "ambiguous", "cycle" or "depth"; Child is the file whose
 * parent it is.
 *
 * @typedef {object} Missing
 * @property {number} child
 * @property {string} reason
 * @property {string} message
 * @property {string} uuid
 * @property {ParentName[]} names
 * @property {Refusal[]} refused
 */

/**
 * Refusal is a file that was looked at and not taken. Usable tells whether
 * the person may choose it all the same.
 *
 * @typedef {object} Refusal
 * @property {number} file
 * @property {string} name
 * @property {string} uuid
 * @property {string} reason
 * @property {boolean} usable
 */

/**
 * DetailsRequest asks for every field of one file's structures.
 *
 * @typedef {object} DetailsRequest
 * @property {number} file
 */

/**
 * Details is a file's structures in file order, and its findings.
 *
 * @typedef {object} Details
 * @property {Structure[]} structures
 * @property {Finding[]} findings
 * @property {BatmapCheck} batmap
 */

/**
 * Structure is one structure of a file. State is "good", "bad" or "" where
 * there is no checksum to tell.
 *
 * @typedef {object} Structure
 * @property {string} name
 * @property {number} offset
 * @property {number} length
 * @property {string} state
 * @property {Field[]} fields
 */

/**
 * Field is one field: its value in words, its raw bytes in hex (long ones
 * cut), where they lie in the file, and a note where the value is remarkable.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {string} value
 * @property {string} raw
 * @property {number} offset
 * @property {number} length
 * @property {string} note
 */

/**
 * Finding is something wrong but survivable. Severity is "error", "warning"
 * or "note"; Offset is -1 where no place in the file is meant.
 *
 * @typedef {object} Finding
 * @property {string} rule
 * @property {string} severity
 * @property {string} message
 * @property {number} offset
 * @property {number} length
 * @property {string} got
 * @property {string} want
 */

/**
 * ViewRequest asks for bytes to show: of a resolved disk (Disk) or of one
 * file as it is (File); the other is 0. Length is at most 1 MiB.
 *
 * @typedef {object} ViewRequest
 * @property {number} disk
 * @property {number} file
 * @property {number} offset
 * @property {number} length
 */

/**
 * ExplainRequest asks how the sector that holds a byte of a disk is resolved.
 *
 * @typedef {object} ExplainRequest
 * @property {number} disk
 * @property {number} offset
 */

/**
 * Explanation is the way of one sector down the chain, leaf first; its last
 * step is where the search ended.
 *
 * @typedef {object} Explanation
 * @property {number} sector
 * @property {Step[]} steps
 */

/**
 * Step is what one layer says of a sector. Verdict is "here", "absent",
 * "zeros", "past-end" or "unreadable". Offsets are bytes in the layer's file
 * and -1, like Block and Bit, where the layer has no such thing: TableEntry
 * of the block's BAT entry, BitmapByte and Bit (0 is the highest bit, mask
 * 0x80) of the sector's bit, Source of the sector's data.
 *
 * @typedef {object} Step
 * @property {number} layer
 * @property {number} file
 * @property {string} verdict
 * @property {string} message
 * @property {number} block
 * @property {number} tableEntry
 * @property {number} bitmapByte
 * @property {number} bit
 * @property {number} source
 * @property {Problem | null} problem
 */

/**
 * LocateRequest asks where something of a disk or file begins. Unit is
 * "sector" or "block" (of the file, or of the disk's leaf).
 *
 * @typedef {object} LocateRequest
 * @property {number} disk
 * @property {number} file
 * @property {string} unit
 * @property {number} index
 */

/**
 * Location is a byte offset in the disk or file that was asked about.
 *
 * @typedef {object} Location
 * @property {number} offset
 */

/**
 * ReadRequest asks for bytes of a resolved disk, all of them or an error.
 *
 * @typedef {object} ReadRequest
 * @property {number} disk
 * @property {number} offset
 * @property {number} length
 */

/**
 * Bytes is what was read.
 *
 * @typedef {object} Bytes
 * @property {Uint8Array<ArrayBuffer>} bytes
 */

/**
 * ExtentsRequest asks who supplies a range of a resolved disk. A range with
 * more than 131,072 extents is an error: ask for less.
 *
 * @typedef {object} ExtentsRequest
 * @property {number} disk
 * @property {number} offset
 * @property {number} length
 */

/**
 * ExtentList covers the range that was asked for, in order, without gaps.
 *
 * @typedef {object} ExtentList
 * @property {Extent[]} extents
 */

/**
 * CheckBatmapRequest asks to hold a file's batmap against its bitmaps.
 *
 * @typedef {object} CheckBatmapRequest
 * @property {number} file
 */

/**
 * BatmapCheck is what is known of a batmap. State is "none", "invalid" (not
 * used), "unchecked" (bitmaps are read all the same), "agrees" (used to skip
 * bitmap reads) or "contradicts" (not used).
 *
 * @typedef {object} BatmapCheck
 * @property {string} state
 * @property {number} marked
 * @property {string} message
 */
