// The messages of a volume's worker.
//
// wasm/volumes/browse/protocol.go declares the same messages for the worker,
// with the same names in the same order; its test TestProtocolMirrors compares
// the two, so this file keeps to one form: a typedef a message, one property a
// line.
//
// Requests and replies are every worker's: see protocol.js. A worker first gets
// the files of one chain, once; then it looks for the volumes on the disk that
// they are, or mounts one of them, and answers for its files. Offsets and sizes
// are bytes. Paths begin with "/", which is the root, and their parts are
// divided by "/"; a part is a name as the worker wrote it, also of a deleted
// file, and of a stream "name:stream". Times are ISO 8601, in UTC with a "Z", or
// without a zone where they are of a clock whose zone is not known; "" where
// there is none. Whatever takes long reports progress at least every second.

/** @import {OpenFile, Problem, Span} from './protocol.js' */
/** @import {Saved, Target} from './jobs-protocol.js' */

/** The commands of requests, and the message types each takes and returns. */
export const Command = /** @type {const} */ ({
  Chain: 'chain',     // ChainRequest → Chain
  Scan: 'scan',       // ScanRequest → Layout; reports progress
  Mount: 'mount',     // MountRequest → Mounted; reports progress
  List: 'list',       // ListRequest → Listing; reports progress
  Stat: 'stat',       // StatRequest → FileDetails
  Layers: 'layers',   // LayersRequest → LayersList; reports progress in files
  Map: 'map',         // MapRequest → FileMap; reports progress
  Look: 'look',       // LookRequest → View
  Save: 'save',       // SaveRequest → SavedFiles; reports progress in bytes
  Hash: 'hash',       // HashRequest → Hashes; reports progress in bytes
  Search: 'search',   // SearchRequest → Found; reports progress
  Owner: 'owner',     // OwnerRequest → Owner; reports progress
  Changes: 'changes', // ChangesRequest → Changes; reports progress
  Touched: 'touched', // TouchedRequest → TouchedRuns; reports progress
});

/**
 * ChainRequest opens the files of one chain, leaf first and base last.
 *
 * @typedef {object} ChainRequest
 * @property {OpenFile[]} files
 */

/**
 * Chain is the disk that the files are.
 *
 * @typedef {object} Chain
 * @property {number} size
 */

/**
 * ScanRequest asks for the volumes of the disk as layers First and below it
 * have it; 0 for the whole chain.
 *
 * @typedef {object} ScanRequest
 * @property {number} first
 */

/**
 * Layout is what is on a disk. Scheme is "gpt", "mbr", "none" (one volume
 * without a table) or "empty" (nothing that is known). UUID is the disk's GUID,
 * or the signature of an MBR.
 *
 * @typedef {object} Layout
 * @property {string} scheme
 * @property {number} sectorSize
 * @property {string} uuid
 * @property {Part[]} parts
 * @property {LayoutFinding[]} findings
 */

/**
 * Part is a partition, or a gap between two, in the order of the disk. Index is
 * its number, 0 of a gap. A Container holds others, which follow it. Depth is 1
 * of one that lies in another's own table.
 * Content is the file system or container in it, "" where nothing is known;
 * ContentProblem says why one that is not Browsable is not.
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
 * @property {boolean} container
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
 * LayoutFinding is something wrong with a partition table. Severity is "error",
 * "warning" or "note"; Offset is -1 where no place on the disk is meant.
 *
 * @typedef {object} LayoutFinding
 * @property {string} severity
 * @property {string} message
 * @property {number} offset
 */

/**
 * MountRequest mounts a volume of the disk, in whose words the requests that
 * follow are. CodePage is that of short names of FAT, "" for the usual one.
 *
 * @typedef {object} MountRequest
 * @property {number} start
 * @property {number} size
 * @property {string} codePage
 */

/**
 * Mounted is what a volume says of itself. Cluster is its unit of allocation, 0
 * where it has none; Notes is what a person should know of it. Remembers tells
 * that it still knows files that were deleted.
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
 * ListRequest asks what is in a folder; Deleted, also what was deleted from it.
 *
 * @typedef {object} ListRequest
 * @property {string} path
 * @property {boolean} deleted
 */

/**
 * Listing is a folder as columns, in the order of the volume: the i-th entry
 * has the i-th of each. Names is UTF-8, each ended by a NUL. Kinds are bytes:
 * "f" file, "d" directory, "l" link, "o" other, and in upper case deleted ones.
 * Sizes, Modified and Created are float64 of 8 bytes, little-endian; times are
 * Unix milliseconds, NaN where there is none, and as if of UTC where Local says
 * that their zone is not known. Attribute is the index into Attributes, uint32
 * of 4 bytes, little-endian. Notes say what could not be listed, and why.
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
 * StatRequest asks for all that is known of a file or folder.
 *
 * @typedef {object} StatRequest
 * @property {string} path
 */

/**
 * FileDetails is what is known of a file or folder. Kind is "file",
 * "directory", "link" or "other". Allocated is -1 where it is not known, Links,
 * the number of the file's names, 0. Local tells that the zone of its times is
 * not known. Owner is user and group as numbers, Short another name of the same
 * entry, Target where a link leads, ID what the file is to its volume. Problem says why its content cannot be
 * read, "" where nothing is known to be wrong.
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
 * @property {string} owner
 * @property {string} short
 * @property {string} target
 * @property {string} id
 * @property {Stream[]} streams
 * @property {string} problem
 */

/**
 * Stream is a named stream of a file, beside its content.
 *
 * @typedef {object} Stream
 * @property {string} name
 * @property {number} size
 */

/**
 * LayersRequest asks which layers supply the bytes of files.
 *
 * @typedef {object} LayersRequest
 * @property {string[]} paths
 */

/**
 * LayersList answers for the paths, in their order.
 *
 * @typedef {object} LayersList
 * @property {LayersOf[]} files
 */

/**
 * LayersOf is how many bytes of the disk each layer supplies of a file, the
 * leaf first, and how many that hold it no layer has. Those are the bytes that
 * hold the file, also where they are compressed, or shared with others. Problem
 * says why it cannot be told, "" where it can.
 *
 * @typedef {object} LayersOf
 * @property {string} path
 * @property {number[]} bytes
 * @property {number} zeros
 * @property {string} problem
 */

/**
 * MapRequest asks where a file's bytes lie.
 *
 * @typedef {object} MapRequest
 * @property {string} path
 */

/**
 * FileMap is where a file's bytes lie, in order and without gaps up to its
 * size. More tells that there are further extents than the 65,536 listed.
 *
 * @typedef {object} FileMap
 * @property {number} size
 * @property {FileExtent[]} extents
 * @property {boolean} more
 */

/**
 * FileExtent is a run of a file's bytes on the disk. Start is -1 where it has
 * no place: zeros. Stored is how many bytes of the disk hold the run where they
 * are not the file's own one by one, as of a compressed one; 0 elsewhere.
 *
 * @typedef {object} FileExtent
 * @property {number} offset
 * @property {number} length
 * @property {number} start
 * @property {number} stored
 */

/**
 * LookRequest asks for at most 1 MiB of a file to show. Offsets, also those of
 * the View's extents, are of the file. An extent whose bytes are not stored one
 * by one has the Source -1, and is of the uppermost layer that supplies any of
 * what holds it.
 *
 * @typedef {object} LookRequest
 * @property {string} path
 * @property {number} offset
 * @property {number} length
 */

/**
 * SaveRequest saves one file as it is, or, with Zip, any number of files and
 * folders, with all that is in them, as a zip archive. Names in the archive are
 * relative to the folder Base, and made such that every system takes them.
 *
 * @typedef {object} SaveRequest
 * @property {string[]} paths
 * @property {boolean} zip
 * @property {string} base
 * @property {Target} to
 */

/**
 * SavedFiles is a new file and what became of those in it. Count is how many
 * files are in it whole. Unread are those that are not, and Renamed those that
 * have another name in the archive than on the volume; of each the first 1000
 * are listed, and counted are all.
 *
 * @typedef {object} SavedFiles
 * @property {Saved} saved
 * @property {number} count
 * @property {UnreadFile[]} unread
 * @property {number} unreadCount
 * @property {RenamedFile[]} renamed
 * @property {number} renamedCount
 */

/**
 * UnreadFile is a file or folder that could not be read to its end. The archive
 * has a text that says so in its place.
 *
 * @typedef {object} UnreadFile
 * @property {string} path
 * @property {string} message
 */

/**
 * RenamedFile is a file that has another name in the archive.
 *
 * @typedef {object} RenamedFile
 * @property {string} path
 * @property {string} name
 */

/**
 * HashRequest asks for the SHA-256 of files, and of all files in folders.
 *
 * @typedef {object} HashRequest
 * @property {string[]} paths
 */

/**
 * Hashes are those of all files that were asked for.
 *
 * @typedef {object} Hashes
 * @property {FileHash[]} files
 */

/**
 * FileHash is the SHA-256 of a file's content, in hex; "" where Problem says
 * why it cannot be told.
 *
 * @typedef {object} FileHash
 * @property {string} path
 * @property {number} size
 * @property {string} sha256
 * @property {string} problem
 */

/**
 * SearchRequest looks for files by name, in a folder and below; with Deleted,
 * also for deleted ones. A pattern with "*", "?" or "[" is of the whole name,
 * another of a part of it, and one with "/" of the path; with Case, upper and
 * lower case differ. Cursor is 0 to begin, and then what the last reply gave.
 *
 * @typedef {object} SearchRequest
 * @property {string} pattern
 * @property {boolean} case
 * @property {string} path
 * @property {boolean} deleted
 * @property {number} cursor
 */

/**
 * Found is what a search found next. Looked is how many files and folders it
 * has looked at, Problems how many folders it could not list, since it began;
 * Problem is that of the first.
 *
 * @typedef {object} Found
 * @property {number} cursor
 * @property {boolean} done
 * @property {FoundEntry[]} entries
 * @property {number} looked
 * @property {number} problems
 * @property {string} problem
 */

/**
 * FoundEntry is a file or folder that a search found. Kind is as in
 * FileDetails.
 *
 * @typedef {object} FoundEntry
 * @property {string} path
 * @property {string} kind
 * @property {boolean} deleted
 * @property {number} size
 * @property {string} modified
 */

/**
 * OwnerRequest asks what a byte of the disk belongs to. The first one builds an
 * index of the volume.
 *
 * @typedef {object} OwnerRequest
 * @property {number} offset
 */

/**
 * Owner is what a byte belongs to: files, More than are listed, or else a
 * structure of the file system, which may be "free space". Known is false where
 * nothing can be told. Notes say what of the volume is not in the index.
 *
 * @typedef {object} Owner
 * @property {OwnerFile[]} files
 * @property {number} more
 * @property {string} structure
 * @property {boolean} known
 * @property {string[]} notes
 */

/**
 * OwnerFile is a file that has a byte, or a stream of one, and where in the file
 * it is. Where the file's bytes are not stored one by one, Packed bytes from
 * Offset on are what is stored there; 0 elsewhere. Links is how many names the
 * file has, 0 where that is not known.
 *
 * @typedef {object} OwnerFile
 * @property {string} path
 * @property {number} offset
 * @property {number} packed
 * @property {number} links
 */

/**
 * ChangesRequest asks what a layer changed on the volume: the disk as it is
 * with this layer and those below against the disk without it.
 *
 * @typedef {object} ChangesRequest
 * @property {number} layer
 */

/**
 * Changes is what a layer changed. Elsewhere are runs of the volume that it
 * supplies and that belong to no file; Notes is what a person should know.
 *
 * @typedef {object} Changes
 * @property {Change[]} files
 * @property {ChangedRegion[]} elsewhere
 * @property {string[]} notes
 */

/**
 * Change is a file that a layer changed. Change is "added", "removed",
 * "renamed", "content" or "metadata"; From is the path before of a renamed one,
 * whose Content may have changed too. Kind is as in FileDetails. Ranges are the
 * bytes of the file that differ, the first 1000 runs; RangesBytes counts all.
 * Fields names what else differs: "modified", "attributes". Problem says why it
 * cannot be told, or not wholly, what became of the content.
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
 * Side is a file before or after a change.
 *
 * @typedef {object} Side
 * @property {number} size
 * @property {string} modified
 * @property {string} attributes
 */

/**
 * ChangedRegion is what a layer supplies of a structure of the file system, or
 * of free space: Bytes of the disk, the first 1000 runs of which are listed,
 * between the first and the last of them.
 *
 * @typedef {object} ChangedRegion
 * @property {string} name
 * @property {number} start
 * @property {number} length
 * @property {number} bytes
 * @property {Span[]} runs
 */

/**
 * TouchedRequest asks which bytes of a range of the disk a layer supplies.
 *
 * @typedef {object} TouchedRequest
 * @property {number} layer
 * @property {number} start
 * @property {number} length
 */

/**
 * TouchedRuns are the runs that a layer supplies, of the disk. Bytes counts all
 * of them; More tells that there are further ones than the 65,536 listed.
 *
 * @typedef {object} TouchedRuns
 * @property {number} bytes
 * @property {Span[]} runs
 * @property {boolean} more
 */
