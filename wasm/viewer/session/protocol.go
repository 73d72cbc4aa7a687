package session

import "vhdscope/wasm/worker"

// The messages between the page and the viewer's worker, beside those that
// every program has: see wasm/worker/protocol.go.
//
// web/src/engine/protocol.js declares both for the page, with the same names
// in the same order; TestProtocolMirrors compares them. Disks are known by the
// key of their leaf.

// The commands of requests, and the message types each takes and returns.
const (
	CommandOpen        = "open"        // OpenRequest → Forest; reports progress
	CommandClose       = "close"       // CloseRequest → Forest
	CommandPin         = "pin"         // PinRequest → Pinned
	CommandChoose      = "choose"      // ChooseRequest → Forest
	CommandIdentify    = "identify"    // OpenRequest → Forest: of files that stay closed no more than kind, type and UUID; reports the bytes read as progress
	CommandDetails     = "details"     // DetailsRequest → Details
	CommandView        = "view"        // ViewRequest → View
	CommandExplain     = "explain"     // ExplainRequest → Explanation
	CommandLocate      = "locate"      // LocateRequest → Location
	CommandRead        = "read"        // ReadRequest → Bytes; reports progress
	CommandExtents     = "extents"     // ExtentsRequest → ExtentList; reports progress
	CommandCheckBatmap = "checkBatmap" // CheckBatmapRequest → BatmapCheck; reports progress
)

// OpenRequest adds files to what is open.
type OpenRequest struct {
	Files []worker.OpenFile `js:"files"`
}

// CloseRequest drops files; none named means all.
type CloseRequest struct {
	Files []int `js:"files"`
}

// PinRequest asks which version of a file on a web server there is now, so
// that the file can be opened.
type PinRequest struct {
	Name string `js:"name"`
	File any    `js:"file"`
}

// Pinned is a version of a remote file. ETag is a strong one, "" where the
// server gives none; Modified is Unix time in milliseconds, 0 where it does
// not tell.
type Pinned struct {
	Size     int64  `js:"size"`
	ETag     string `js:"etag"`
	Modified int64  `js:"modified"`
}

// ChooseRequest makes one file the parent of another whatever their UUIDs
// say; Parent 0 takes the choice back.
type ChooseRequest struct {
	Child  int `js:"child"`
	Parent int `js:"parent"`
}

// Forest is everything that is open.
type Forest struct {
	Files []FileInfo `js:"files"`
	Disks []DiskInfo `js:"disks"`
}

// FileInfo is one opened file. Kind is "vhd"; "raw" for bytes of no known
// format, which can only serve as the base of a chain; or "refused", where
// Problem says why. The fields from BlockSize on are a VHD's only.
type FileInfo struct {
	Key          int             `js:"key"`
	Name         string          `js:"name"`
	Size         int64           `js:"size"`
	Kind         string          `js:"kind"`
	Problem      *worker.Problem `js:"problem"`
	Type         string          `js:"type"`
	VirtualSize  int64           `js:"virtualSize"`
	BlockSize    int64           `js:"blockSize"`
	Blocks       int64           `js:"blocks"`
	Allocated    int64           `js:"allocated"`
	UUID         string          `js:"uuid"`
	ParentUUID   string          `js:"parentUuid"`
	ParentNames  []ParentName    `js:"parentNames"`
	Creator      string          `js:"creator"`
	Created      string          `js:"created"`
	GeometrySize int64           `js:"geometrySize"`
	Findings     FindingCounts   `js:"findings"`
}

// ParentName is one name by which a child knows its parent. Origin is where
// the name stands ("W2ru locator, slot 2", "parent unicode name").
type ParentName struct {
	Origin string `js:"origin"`
	Text   string `js:"text"`
}

// FindingCounts counts findings by severity.
type FindingCounts struct {
	Errors   int `js:"errors"`
	Warnings int `js:"warnings"`
	Notes    int `js:"notes"`
}

// DiskInfo is the chain of one leaf, a VHD that is no other's parent.
// Complete means that the chain reaches its base. Name is that of the leaf;
// where edits lie on top, which are the leaf then, of the file below them.
type DiskInfo struct {
	ID       int         `js:"id"`
	Name     string      `js:"name"`
	Size     int64       `js:"size"`
	Complete bool        `js:"complete"`
	Layers   []LayerInfo `js:"layers"`
	Missing  *Missing    `js:"missing"`
}

// LayerInfo is one link of a chain, leaf first. State is "resolved",
// "missing" (no file; File is 0), "mismatch" (a file of the right name but
// of another identity: refused, File is 0, or chosen by the person) or
// "damaged" (open, but parts of it cannot be trusted). Evidence says, in a
// sentence each, why this file was taken for the parent of the layer above.
// Edit is true of the layer that edits go to, which is no file of the person's.
type LayerInfo struct {
	File     int      `js:"file"`
	Name     string   `js:"name"`
	State    string   `js:"state"`
	Chosen   bool     `js:"chosen"`
	Evidence []string `js:"evidence"`
	Edit     bool     `js:"edit"`
}

// Missing tells how the search for a parent ended. Reason is "not-found",
// "mismatch", "ambiguous", "cycle" or "depth"; Child is the file whose
// parent it is.
type Missing struct {
	Child   int          `js:"child"`
	Reason  string       `js:"reason"`
	Message string       `js:"message"`
	UUID    string       `js:"uuid"`
	Names   []ParentName `js:"names"`
	Refused []Refusal    `js:"refused"`
}

// Refusal is a file that was looked at and not taken. Usable tells whether
// the person may choose it all the same.
type Refusal struct {
	File   int    `js:"file"`
	Name   string `js:"name"`
	UUID   string `js:"uuid"`
	Reason string `js:"reason"`
	Usable bool   `js:"usable"`
}

// DetailsRequest asks for every field of one file's structures.
type DetailsRequest struct {
	File int `js:"file"`
}

// Details is a file's structures in file order, and its findings.
type Details struct {
	Structures []Structure `js:"structures"`
	Findings   []Finding   `js:"findings"`
	Batmap     BatmapCheck `js:"batmap"`
}

// Structure is one structure of a file. State is "good", "bad" or "" where
// there is no checksum to tell.
type Structure struct {
	Name   string  `js:"name"`
	Offset int64   `js:"offset"`
	Length int64   `js:"length"`
	State  string  `js:"state"`
	Fields []Field `js:"fields"`
}

// Field is one field: its value in words, its raw bytes in hex (long ones
// cut), where they lie in the file, and a note where the value is remarkable.
type Field struct {
	Name   string `js:"name"`
	Value  string `js:"value"`
	Raw    string `js:"raw"`
	Offset int64  `js:"offset"`
	Length int64  `js:"length"`
	Note   string `js:"note"`
}

// Finding is something wrong but survivable. Severity is "error", "warning"
// or "note"; Offset is -1 where no place in the file is meant.
type Finding struct {
	Rule     string `js:"rule"`
	Severity string `js:"severity"`
	Message  string `js:"message"`
	Offset   int64  `js:"offset"`
	Length   int64  `js:"length"`
	Got      string `js:"got"`
	Want     string `js:"want"`
}

// ViewRequest asks for bytes to show: of a resolved disk (Disk) or of one
// file as it is (File); the other is 0. Length is at most 1 MiB.
type ViewRequest struct {
	Disk   int   `js:"disk"`
	File   int   `js:"file"`
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
}

// ExplainRequest asks how the sector that holds a byte of a disk is resolved.
type ExplainRequest struct {
	Disk   int   `js:"disk"`
	Offset int64 `js:"offset"`
}

// Explanation is the way of one sector down the chain, leaf first; its last
// step is where the search ended.
type Explanation struct {
	Sector int64  `js:"sector"`
	Steps  []Step `js:"steps"`
}

// Step is what one layer says of a sector. Verdict is "here", "absent",
// "zeros", "past-end" or "unreadable". Offsets are bytes in the layer's file
// and -1, like Block and Bit, where the layer has no such thing: TableEntry
// of the block's BAT entry, BitmapByte and Bit (0 is the highest bit, mask
// 0x80) of the sector's bit, Source of the sector's data.
type Step struct {
	Layer      int             `js:"layer"`
	File       int             `js:"file"`
	Verdict    string          `js:"verdict"`
	Message    string          `js:"message"`
	Block      int64           `js:"block"`
	TableEntry int64           `js:"tableEntry"`
	BitmapByte int64           `js:"bitmapByte"`
	Bit        int             `js:"bit"`
	Source     int64           `js:"source"`
	Problem    *worker.Problem `js:"problem"`
}

// LocateRequest asks where something of a disk or file begins. Unit is
// "sector" or "block" (of the file, or of the disk's leaf).
type LocateRequest struct {
	Disk  int    `js:"disk"`
	File  int    `js:"file"`
	Unit  string `js:"unit"`
	Index int64  `js:"index"`
}

// Location is a byte offset in the disk or file that was asked about.
type Location struct {
	Offset int64 `js:"offset"`
}

// ReadRequest asks for bytes of a resolved disk, all of them or an error.
type ReadRequest struct {
	Disk   int   `js:"disk"`
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
}

// Bytes is what was read.
type Bytes struct {
	Bytes any `js:"bytes"`
}

// ExtentsRequest asks who supplies a range of a resolved disk. A range with
// more than 131,072 extents is an error: ask for less.
type ExtentsRequest struct {
	Disk   int   `js:"disk"`
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
}

// ExtentList covers the range that was asked for, in order, without gaps.
type ExtentList struct {
	Extents []worker.Extent `js:"extents"`
}

// CheckBatmapRequest asks to hold a file's batmap against its bitmaps.
type CheckBatmapRequest struct {
	File int `js:"file"`
}

// BatmapCheck is what is known of a batmap. State is "none", "invalid" (not
// used), "unchecked" (bitmaps are read all the same), "agrees" (used to skip
// bitmap reads) or "contradicts" (not used).
type BatmapCheck struct {
	State   string `js:"state"`
	Marked  int64  `js:"marked"`
	Message string `js:"message"`
}
