// The messages of the jobs' worker, beside those of the viewer's, which it
// answers too. Those about new files, which come first, are of other workers
// too.
//
// wasm/output/protocol.go and wasm/jobs/job/protocol.go declare the same
// messages for the worker, with the same names in the same order; the latter's
// test TestProtocolMirrors compares them, so this file keeps to one form: a
// typedef a message, one property a line.
//
// Requests and replies are the viewer's: see protocol.js. For a job the page
// starts a worker of its own, opens in it what the job needs under the keys
// that it has in the page, sends the one command, and ends the worker. No file
// that is open is ever written to.

/** @import {FileInfo, Forest, ParentName} from './protocol.js' */

/** The commands of requests, and the message types each takes and returns. */
export const Command = /** @type {const} */ ({
  Check: 'check',     // CheckRequest → CheckReport; reports progress
  Save: 'save',       // SaveRequest → Saved; reports progress in bytes
  Relink: 'relink',   // RelinkRequest → Saved; reports progress in bytes
  Preview: 'preview', // RelinkRequest → RelinkPreview; nothing is written
  Create: 'create',   // CreateRequest → Saved; reports progress in bytes
  Repair: 'repair',   // RepairRequest → Repaired; reports progress in bytes
  Edit: 'edit',       // EditRequest → Edits
  Write: 'write',     // WriteRequest → EditState
  Revert: 'revert',   // RevertRequest → EditState
  Undo: 'undo',       // UndoRequest → EditState
});

/**
 * Target is where a new file goes. Name is what it is to be called. Handle is
 * what showSaveFilePicker gave, or null. Stage is the folder of the browser's
 * private file system in which this page may put files; none where it is "".
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {FileSystemFileHandle | null} handle
 * @property {string} stage
 */

/**
 * Saved is a new file. Blob is null where it was written to the handle. Way
 * tells how it was made: "stream" (to the handle), "composite" (of parts of
 * the open files), "staged" (in the browser's private file system) or
 * "memory". Lost is what could not be read, by its place on the new disk, and
 * Changes is what was written anew, by its place in the new file.
 *
 * @typedef {object} Saved
 * @property {Blob | null} blob
 * @property {string} name
 * @property {number} size
 * @property {string} way
 * @property {Lost[]} lost
 * @property {Changed[]} changes
 */

/**
 * Lost is a range whose bytes could not be had.
 *
 * @typedef {object} Lost
 * @property {number} offset
 * @property {number} length
 * @property {string} message
 */

/**
 * Changed is a range of a new file that is not as it was in the old.
 *
 * @typedef {object} Changed
 * @property {string} rule
 * @property {number} offset
 * @property {number} length
 * @property {string} message
 */

/**
 * CheckRequest names what to check: a chain (Disk, the key of its leaf) or one
 * file by itself (File); the other is 0. Data asks to read all of the blocks'
 * data, too.
 *
 * @typedef {object} CheckRequest
 * @property {number} disk
 * @property {number} file
 * @property {boolean} data
 */

/**
 * CheckReport is what was found, the worst first. Name is that of the leaf or
 * the file, Data what was asked for. Layers are the checked files, leaf first.
 *
 * @typedef {object} CheckReport
 * @property {string} name
 * @property {boolean} data
 * @property {CheckedLayer[]} layers
 * @property {CheckFinding[]} findings
 */

/**
 * CheckedLayer is one file of a report. Size is that of the file, in bytes;
 * Edit is true of edits, which are no file of the person's.
 *
 * @typedef {object} CheckedLayer
 * @property {number} file
 * @property {string} name
 * @property {number} size
 * @property {boolean} edit
 */

/**
 * CheckFinding is a Finding of one file, or between one and its parent. Layer
 * is the index into the report's layers, File the key of that layer's file.
 *
 * @typedef {object} CheckFinding
 * @property {number} layer
 * @property {number} file
 * @property {string} rule
 * @property {string} severity
 * @property {string} message
 * @property {number} offset
 * @property {number} length
 * @property {string} got
 * @property {string} want
 */

/**
 * SaveRequest saves layers First to Last of a disk's chain, both included and
 * counted from the leaf, 0, as one new file. As is "raw", "fixed", "dynamic"
 * or "differencing". BlockSize 0 is 2 MiB, of the two kinds that have blocks.
 * A differencing image keeps only what differs from its parent: from the disk
 * Parent (the key of its leaf) or, where that is 0, from the layer below Last,
 * so that it takes the place of the layers that were merged. Where layers stand
 * above First, the new file has its UUID, by which they find it. What cannot be
 * read ends the job, or, with Salvage, becomes zeros and is listed.
 *
 * @typedef {object} SaveRequest
 * @property {number} disk
 * @property {number} first
 * @property {number} last
 * @property {string} as
 * @property {number} blockSize
 * @property {number} parent
 * @property {boolean} salvage
 * @property {Target} to
 */

/**
 * RelinkRequest asks for a copy of a differencing image that names its parent
 * anew. Parent is the open file that is to be it; with 0, only the names are
 * written anew. Relative is the parent's path from the child's folder, "" for
 * the name of its file; Absolute its full path, "" for none. KeepIdentity
 * leaves the parent's UUID and timestamp as they are.
 *
 * @typedef {object} RelinkRequest
 * @property {number} file
 * @property {number} parent
 * @property {string} relative
 * @property {string} absolute
 * @property {boolean} keepIdentity
 * @property {Target} to
 */

/**
 * RelinkPreview is what a relink would change.
 *
 * @typedef {object} RelinkPreview
 * @property {ParentFields} before
 * @property {ParentFields} after
 * @property {Changed[]} changes
 */

/**
 * ParentFields is all by which a child knows its parent. Timestamp is the
 * parent's, as a text; "" where the child has none.
 *
 * @typedef {object} ParentFields
 * @property {string} uuid
 * @property {string} timestamp
 * @property {ParentName[]} names
 */

/**
 * CreateRequest asks for a new, empty image. Type is "fixed", "dynamic" or
 * "differencing". The child of an open file (Parent) has that file's size and
 * names it by Relative and Absolute, as in a RelinkRequest; other images have
 * Size bytes and no parent. BlockSize 0 is 2 MiB.
 *
 * @typedef {object} CreateRequest
 * @property {string} type
 * @property {number} size
 * @property {number} blockSize
 * @property {number} parent
 * @property {string} relative
 * @property {string} absolute
 * @property {Target} to
 */

/**
 * RepairRequest asks for a copy of a file in which what can be told from the
 * rest of it is put right. Data reads the blocks' data too, and leaves out what
 * the file does not give; without it, that is noticed when the copy is made.
 *
 * @typedef {object} RepairRequest
 * @property {number} file
 * @property {boolean} data
 * @property {Target} to
 */

/**
 * Repaired is the new file, and what a check still finds in it.
 *
 * @typedef {object} Repaired
 * @property {Saved} saved
 * @property {CheckFinding[]} left
 */

/**
 * EditRequest lays edits on top of a disk, as one more file of the session
 * with the given key and name. Store is where they are kept: a path in the
 * browser's private file system, or "" for the worker's memory. What is there
 * already is gone on with. From then on the disk is known by the key.
 *
 * @typedef {object} EditRequest
 * @property {number} disk
 * @property {number} key
 * @property {string} name
 * @property {string} store
 */

/**
 * Edits are what lies on top of a disk.
 *
 * @typedef {object} Edits
 * @property {number} key
 * @property {Forest} forest
 * @property {EditState} state
 */

/**
 * WriteRequest writes bytes to a disk with edits (Disk is their key): over and
 * over for Length bytes, at most 16 MiB. It is one step, done or not at all.
 *
 * @typedef {object} WriteRequest
 * @property {number} disk
 * @property {number} offset
 * @property {number} length
 * @property {Uint8Array<ArrayBuffer>} bytes
 */

/**
 * RevertRequest lets the sectors that hold any byte of a range read again as
 * they do below the edits.
 *
 * @typedef {object} RevertRequest
 * @property {number} disk
 * @property {number} offset
 * @property {number} length
 */

/**
 * UndoRequest takes the last step back, or with Redo makes it again.
 *
 * @typedef {object} UndoRequest
 * @property {number} disk
 * @property {boolean} redo
 */

/**
 * EditState is what there is to tell after a step: the bytes that it was about
 * (none where there was nothing to undo), the steps that can be undone and
 * redone, those that have been forgotten, the sectors that the edits hold, and
 * their file.
 *
 * @typedef {object} EditState
 * @property {number} offset
 * @property {number} length
 * @property {number} undo
 * @property {number} redo
 * @property {number} forgotten
 * @property {number} sectors
 * @property {FileInfo} file
 */
