// Package browse answers for the volumes of a disk and the files in them: what
// the program of wasm/volumes does. It is portable; the browser comes in through
// [output.Host].
package browse

// The messages of a volume's worker.
//
// web/src/engine/volumes-protocol.js declares the same messages for the page,
// with the same names in the same order; TestProtocolMirrors compares the two.
//
// Requests and replies are every worker's: see wasm/worker/protocol.go. A
// worker first gets the files of one chain, once; then it looks for the volumes
// on the disk that they are, or mounts one of them, and answers for its files.
// Offsets and sizes are bytes. Paths begin with "/", which is the root, and
// their parts are divided by "/"; a part is a name as the worker wrote it, also
// of a deleted file, and of a stream "name:stream". Times are ISO 8601, in UTC
// with a "Z", or without a zone where they are of a clock whose zone is not
// known; "" where there is none. Whatever takes long reports progress at least
// every second.

import (
	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// The commands of requests, and the message types each takes and returns.
const (
	CommandChain   = "chain"   // ChainRequest → Chain
	CommandScan    = "scan"    // ScanRequest → Layout; reports progress
	CommandMount   = "mount"   // MountRequest → Mounted; reports progress
	CommandList    = "list"    // ListRequest → Listing; reports progress
	CommandStat    = "stat"    // StatRequest → FileDetails
	CommandLayers  = "layers"  // LayersRequest → LayersList; reports progress in files
	CommandMap     = "map"     // MapRequest → FileMap; reports progress
	CommandLook    = "look"    // LookRequest → View
	CommandSave    = "save"    // SaveRequest → SavedFiles; reports progress in bytes
	CommandHash    = "hash"    // HashRequest → Hashes; reports progress in bytes
	CommandSearch  = "search"  // SearchRequest → Found; reports progress
	CommandOwner   = "owner"   // OwnerRequest → Owner; reports progress
	CommandChanges = "changes" // ChangesRequest → Changes; reports progress
	CommandTouched = "touched" // TouchedRequest → TouchedRuns; reports progress
)

// ChainRequest opens the files of one chain, leaf first and base last.
type ChainRequest struct {
	Files []worker.OpenFile `js:"files"`
}

// Chain is the disk that the files are.
type Chain struct {
	Size int64 `js:"size"`
}

// ScanRequest asks for the volumes of the disk as layers First and below it
// have it; 0 for the whole chain.
type ScanRequest struct {
	First int `js:"first"`
}

// Layout is what is on a disk. Scheme is "gpt", "mbr", "none" (one volume
// without a table) or "empty" (nothing that is known). UUID is the disk's GUID,
// or the signature of an MBR.
type Layout struct {
	Scheme     string          `js:"scheme"`
	SectorSize int64           `js:"sectorSize"`
	UUID       string          `js:"uuid"`
	Parts      []Part          `js:"parts"`
	Findings   []LayoutFinding `js:"findings"`
}

// Part is a partition, or a gap between two, in the order of the disk. Index is
// its number, 0 of a gap. A Container holds others, which follow it. Depth is 1
// of one that lies in another's own table.
// Content is the file system or container in it, "" where nothing is known;
// ContentProblem says why one that is not Browsable is not.
type Part struct {
	Index          int      `js:"index"`
	Gap            bool     `js:"gap"`
	Type           string   `js:"type"`
	TypeID         string   `js:"typeId"`
	Label          string   `js:"label"`
	UUID           string   `js:"uuid"`
	Start          int64    `js:"start"`
	Size           int64    `js:"size"`
	Attributes     []string `js:"attributes"`
	Container      bool     `js:"container"`
	Logical        bool     `js:"logical"`
	Depth          int      `js:"depth"`
	Problem        string   `js:"problem"`
	Content        string   `js:"content"`
	ContentLabel   string   `js:"contentLabel"`
	ContentUUID    string   `js:"contentUuid"`
	Browsable      bool     `js:"browsable"`
	ContentProblem string   `js:"contentProblem"`
}

// LayoutFinding is something wrong with a partition table. Severity is "error",
// "warning" or "note"; Offset is -1 where no place on the disk is meant.
type LayoutFinding struct {
	Severity string `js:"severity"`
	Message  string `js:"message"`
	Offset   int64  `js:"offset"`
}

// MountRequest mounts a volume of the disk, in whose words the requests that
// follow are. CodePage is that of short names of FAT, "" for the usual one.
type MountRequest struct {
	Start    int64  `js:"start"`
	Size     int64  `js:"size"`
	CodePage string `js:"codePage"`
}

// Mounted is what a volume says of itself. Cluster is its unit of allocation, 0
// where it has none; Notes is what a person should know of it. Remembers tells
// that it still knows files that were deleted.
type Mounted struct {
	Type      string   `js:"type"`
	Label     string   `js:"label"`
	UUID      string   `js:"uuid"`
	Cluster   int64    `js:"cluster"`
	Notes     []string `js:"notes"`
	Remembers bool     `js:"remembers"`
}

// ListRequest asks what is in a folder; Deleted, also what was deleted from it.
type ListRequest struct {
	Path    string `js:"path"`
	Deleted bool   `js:"deleted"`
}

// Listing is a folder as columns, in the order of the volume: the i-th entry
// has the i-th of each. Names is UTF-8, each ended by a NUL. Kinds are bytes:
// "f" file, "d" directory, "l" link, "o" other, and in upper case deleted ones.
// Sizes, Modified and Created are float64 of 8 bytes, little-endian; times are
// Unix milliseconds, NaN where there is none, and as if of UTC where Local says
// that their zone is not known. Attribute is the index into Attributes, uint32
// of 4 bytes, little-endian. Notes say what could not be listed, and why.
type Listing struct {
	Count      int      `js:"count"`
	Names      []byte   `js:"names"`
	Kinds      []byte   `js:"kinds"`
	Sizes      []byte   `js:"sizes"`
	Modified   []byte   `js:"modified"`
	Created    []byte   `js:"created"`
	Attribute  []byte   `js:"attribute"`
	Attributes []string `js:"attributes"`
	Local      bool     `js:"local"`
	Notes      []string `js:"notes"`
}

// StatRequest asks for all that is known of a file or folder.
type StatRequest struct {
	Path string `js:"path"`
}

// FileDetails is what is known of a file or folder. Kind is "file",
// "directory", "link" or "other". Allocated is -1 where it is not known, Links,
// the number of the file's names, 0. Local tells that the zone of its times is
// not known. Owner is user and group as numbers, Short another name of the same
// entry, Target where a link leads, ID what the file is to its volume. Problem says why its content cannot be
// read, "" where nothing is known to be wrong.
type FileDetails struct {
	Path       string   `js:"path"`
	Name       string   `js:"name"`
	Kind       string   `js:"kind"`
	Deleted    bool     `js:"deleted"`
	Size       int64    `js:"size"`
	Allocated  int64    `js:"allocated"`
	Links      int      `js:"links"`
	Modified   string   `js:"modified"`
	Created    string   `js:"created"`
	Changed    string   `js:"changed"`
	Accessed   string   `js:"accessed"`
	Local      bool     `js:"local"`
	Attributes string   `js:"attributes"`
	Owner      string   `js:"owner"`
	Short      string   `js:"short"`
	Target     string   `js:"target"`
	ID         string   `js:"id"`
	Streams    []Stream `js:"streams"`
	Problem    string   `js:"problem"`
}

// Stream is a named stream of a file, beside its content.
type Stream struct {
	Name string `js:"name"`
	Size int64  `js:"size"`
}

// LayersRequest asks which layers supply the bytes of files.
type LayersRequest struct {
	Paths []string `js:"paths"`
}

// LayersList answers for the paths, in their order.
type LayersList struct {
	Files []LayersOf `js:"files"`
}

// LayersOf is how many bytes of the disk each layer supplies of a file, the
// leaf first, and how many that hold it no layer has. Those are the bytes that
// hold the file, also where they are compressed, or shared with others. Problem
// says why it cannot be told, "" where it can.
type LayersOf struct {
	Path    string `js:"path"`
	Bytes   []int  `js:"bytes"`
	Zeros   int64  `js:"zeros"`
	Problem string `js:"problem"`
}

// MapRequest asks where a file's bytes lie.
type MapRequest struct {
	Path string `js:"path"`
}

// FileMap is where a file's bytes lie, in order and without gaps up to its
// size. More tells that there are further extents than the 65,536 listed.
type FileMap struct {
	Size    int64        `js:"size"`
	Extents []FileExtent `js:"extents"`
	More    bool         `js:"more"`
}

// FileExtent is a run of a file's bytes on the disk. Start is -1 where it has
// no place: zeros. Stored is how many bytes of the disk hold the run where they
// are not the file's own one by one, as of a compressed one; 0 elsewhere.
type FileExtent struct {
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
	Start  int64 `js:"start"`
	Stored int64 `js:"stored"`
}

// LookRequest asks for at most 1 MiB of a file to show. Offsets, also those of
// the View's extents, are of the file. An extent whose bytes are not stored one
// by one has the Source -1, and is of the uppermost layer that supplies any of
// what holds it.
type LookRequest struct {
	Path   string `js:"path"`
	Offset int64  `js:"offset"`
	Length int64  `js:"length"`
}

// SaveRequest saves one file as it is, or, with Zip, any number of files and
// folders, with all that is in them, as a zip archive. Names in the archive are
// relative to the folder Base, and made such that every system takes them.
type SaveRequest struct {
	Paths []string      `js:"paths"`
	Zip   bool          `js:"zip"`
	Base  string        `js:"base"`
	To    output.Target `js:"to"`
}

// SavedFiles is a new file and what became of those in it. Count is how many
// files are in it whole. Unread are those that are not, and Renamed those that
// have another name in the archive than on the volume; of each the first 1000
// are listed, and counted are all.
type SavedFiles struct {
	Saved        output.Saved  `js:"saved"`
	Count        int           `js:"count"`
	Unread       []UnreadFile  `js:"unread"`
	UnreadCount  int           `js:"unreadCount"`
	Renamed      []RenamedFile `js:"renamed"`
	RenamedCount int           `js:"renamedCount"`
}

// UnreadFile is a file or folder that could not be read to its end. The archive
// has a text that says so in its place.
type UnreadFile struct {
	Path    string `js:"path"`
	Message string `js:"message"`
}

// RenamedFile is a file that has another name in the archive.
type RenamedFile struct {
	Path string `js:"path"`
	Name string `js:"name"`
}

// HashRequest asks for the SHA-256 of files, and of all files in folders.
type HashRequest struct {
	Paths []string `js:"paths"`
}

// Hashes are those of all files that were asked for.
type Hashes struct {
	Files []FileHash `js:"files"`
}

// FileHash is the SHA-256 of a file's content, in hex; "" where Problem says
// why it cannot be told.
type FileHash struct {
	Path    string `js:"path"`
	Size    int64  `js:"size"`
	SHA256  string `js:"sha256"`
	Problem string `js:"problem"`
}

// SearchRequest looks for files by name, in a folder and below; with Deleted,
// also for deleted ones. A pattern with "*", "?" or "[" is of the whole name,
// another of a part of it, and one with "/" of the path; with Case, upper and
// lower case differ. Cursor is 0 to begin, and then what the last reply gave.
type SearchRequest struct {
	Pattern string `js:"pattern"`
	Case    bool   `js:"case"`
	Path    string `js:"path"`
	Deleted bool   `js:"deleted"`
	Cursor  int    `js:"cursor"`
}

// Found is what a search found next. Looked is how many files and folders it
// has looked at, Problems how many folders it could not list, since it began;
// Problem is that of the first.
type Found struct {
	Cursor   int          `js:"cursor"`
	Done     bool         `js:"done"`
	Entries  []FoundEntry `js:"entries"`
	Looked   int64        `js:"looked"`
	Problems int64        `js:"problems"`
	Problem  string       `js:"problem"`
}

// FoundEntry is a file or folder that a search found. Kind is as in
// FileDetails.
type FoundEntry struct {
	Path     string `js:"path"`
	Kind     string `js:"kind"`
	Deleted  bool   `js:"deleted"`
	Size     int64  `js:"size"`
	Modified string `js:"modified"`
}

// OwnerRequest asks what a byte of the disk belongs to. The first one builds an
// index of the volume.
type OwnerRequest struct {
	Offset int64 `js:"offset"`
}

// Owner is what a byte belongs to: files, More than are listed, or else a
// structure of the file system, which may be "free space". Known is false where
// nothing can be told. Notes say what of the volume is not in the index.
type Owner struct {
	Files     []OwnerFile `js:"files"`
	More      int         `js:"more"`
	Structure string      `js:"structure"`
	Known     bool        `js:"known"`
	Notes     []string    `js:"notes"`
}

// OwnerFile is a file that has a byte, or a stream of one, and where in the file
// it is. Where the file's bytes are not stored one by one, Packed bytes from
// Offset on are what is stored there; 0 elsewhere. Links is how many names the
// file has, 0 where that is not known.
type OwnerFile struct {
	Path   string `js:"path"`
	Offset int64  `js:"offset"`
	Packed int64  `js:"packed"`
	Links  int    `js:"links"`
}

// ChangesRequest asks what a layer changed on the volume: the disk as it is
// with this layer and those below against the disk without it.
type ChangesRequest struct {
	Layer int `js:"layer"`
}

// Changes is what a layer changed. Elsewhere are runs of the volume that it
// supplies and that belong to no file; Notes is what a person should know.
type Changes struct {
	Files     []Change        `js:"files"`
	Elsewhere []ChangedRegion `js:"elsewhere"`
	Notes     []string        `js:"notes"`
}

// Change is a file that a layer changed. Change is "added", "removed",
// "renamed", "content" or "metadata"; From is the path before of a renamed one,
// whose Content may have changed too. Kind is as in FileDetails. Ranges are the
// bytes of the file that differ, the first 1000 runs; RangesBytes counts all.
// Fields names what else differs: "modified", "attributes". Problem says why it
// cannot be told, or not wholly, what became of the content.
type Change struct {
	Change      string        `js:"change"`
	Path        string        `js:"path"`
	From        string        `js:"from"`
	Kind        string        `js:"kind"`
	Content     bool          `js:"content"`
	Before      *Side         `js:"before"`
	After       *Side         `js:"after"`
	Ranges      []worker.Span `js:"ranges"`
	RangesBytes int64         `js:"rangesBytes"`
	Fields      []string      `js:"fields"`
	Problem     string        `js:"problem"`
}

// Side is a file before or after a change.
type Side struct {
	Size       int64  `js:"size"`
	Modified   string `js:"modified"`
	Attributes string `js:"attributes"`
}

// ChangedRegion is what a layer supplies of a structure of the file system, or
// of free space: Bytes of the disk, the first 1000 runs of which are listed,
// between the first and the last of them.
type ChangedRegion struct {
	Name   string        `js:"name"`
	Start  int64         `js:"start"`
	Length int64         `js:"length"`
	Bytes  int64         `js:"bytes"`
	Runs   []worker.Span `js:"runs"`
}

// TouchedRequest asks which bytes of a range of the disk a layer supplies.
type TouchedRequest struct {
	Layer  int   `js:"layer"`
	Start  int64 `js:"start"`
	Length int64 `js:"length"`
}

// TouchedRuns are the runs that a layer supplies, of the disk. Bytes counts all
// of them; More tells that there are further ones than the 65,536 listed.
type TouchedRuns struct {
	Bytes int64         `js:"bytes"`
	Runs  []worker.Span `js:"runs"`
	More  bool          `js:"more"`
}
