package job

// The messages of the jobs' worker, beside those of the viewer's, which it
// answers too, and those of wasm/output/protocol.go.
//
// web/src/engine/jobs-protocol.js declares the same messages for the page,
// with the same names in the same order; TestProtocolMirrors compares the two.
//
// For a job the page starts a worker of its own, opens in it what the job
// needs under the keys that it has in the page, sends the one command, and
// ends the worker. No file that is open is ever written to.

import (
	"vhdscope/wasm/output"
	"vhdscope/wasm/viewer/session"
)

// The commands of requests, and the message types each takes and returns.
const (
	CommandCheck   = "check"   // CheckRequest → CheckReport; reports progress
	CommandSave    = "save"    // SaveRequest → Saved; reports progress in bytes
	CommandRelink  = "relink"  // RelinkRequest → Saved; reports progress in bytes
	CommandPreview = "preview" // RelinkRequest → RelinkPreview; nothing is written
	CommandCreate  = "create"  // CreateRequest → Saved; reports progress in bytes
	CommandRepair  = "repair"  // RepairRequest → Repaired; reports progress in bytes
	CommandEdit    = "edit"    // EditRequest → Edits
	CommandWrite   = "write"   // WriteRequest → EditState
	CommandRevert  = "revert"  // RevertRequest → EditState
	CommandUndo    = "undo"    // UndoRequest → EditState
)

// CheckRequest names what to check: a chain (Disk, the key of its leaf) or one
// file by itself (File); the other is 0. Data asks to read all of the blocks'
// data, too.
type CheckRequest struct {
	Disk int  `js:"disk"`
	File int  `js:"file"`
	Data bool `js:"data"`
}

// CheckReport is what was found, the worst first. Name is that of the leaf or
// the file, Data what was asked for. Layers are the checked files, leaf first.
type CheckReport struct {
	Name     string         `js:"name"`
	Data     bool           `js:"data"`
	Layers   []CheckedLayer `js:"layers"`
	Findings []CheckFinding `js:"findings"`
}

// CheckedLayer is one file of a report. Size is that of the file, in bytes;
// Edit is true of edits, which are no file of the person's.
type CheckedLayer struct {
	File int    `js:"file"`
	Name string `js:"name"`
	Size int64  `js:"size"`
	Edit bool   `js:"edit"`
}

// CheckFinding is a Finding of one file, or between one and its parent. Layer
// is the index into the report's layers, File the key of that layer's file.
type CheckFinding struct {
	Layer    int    `js:"layer"`
	File     int    `js:"file"`
	Rule     string `js:"rule"`
	Severity string `js:"severity"`
	Message  string `js:"message"`
	Offset   int64  `js:"offset"`
	Length   int64  `js:"length"`
	Got      string `js:"got"`
	Want     string `js:"want"`
}

// SaveRequest saves layers First to Last of a disk's chain, both included and
// counted from the leaf, 0, as one new file. As is "raw", "fixed", "dynamic"
// or "differencing". BlockSize 0 is 2 MiB, of the two kinds that have blocks.
// A differencing image keeps only what differs from its parent: from the disk
// Parent (the key of its leaf) or, where that is 0, from the layer below Last,
// so that it takes the place of the layers that were merged. Where layers stand
// above First, the new file has its UUID, by which they find it. What cannot be
// read ends the job, or, with Salvage, becomes zeros and is listed.
type SaveRequest struct {
	Disk      int           `js:"disk"`
	First     int           `js:"first"`
	Last      int           `js:"last"`
	As        string        `js:"as"`
	BlockSize int64         `js:"blockSize"`
	Parent    int           `js:"parent"`
	Salvage   bool          `js:"salvage"`
	To        output.Target `js:"to"`
}

// RelinkRequest asks for a copy of a differencing image that names its parent
// anew. Parent is the open file that is to be it; with 0, only the names are
// written anew. Relative is the parent's path from the child's folder, "" for
// the name of its file; Absolute its full path, "" for none. KeepIdentity
// leaves the parent's UUID and timestamp as they are.
type RelinkRequest struct {
	File         int           `js:"file"`
	Parent       int           `js:"parent"`
	Relative     string        `js:"relative"`
	Absolute     string        `js:"absolute"`
	KeepIdentity bool          `js:"keepIdentity"`
	To           output.Target `js:"to"`
}

// RelinkPreview is what a relink would change.
type RelinkPreview struct {
	Before  ParentFields     `js:"before"`
	After   ParentFields     `js:"after"`
	Changes []output.Changed `js:"changes"`
}

// ParentFields is all by which a child knows its parent. Timestamp is the
// parent's, as a text; "" where the child has none.
type ParentFields struct {
	UUID      string               `js:"uuid"`
	Timestamp string               `js:"timestamp"`
	Names     []session.ParentName `js:"names"`
}

// CreateRequest asks for a new, empty image. Type is "fixed", "dynamic" or
// "differencing". The child of an open file (Parent) has that file's size and
// names it by Relative and Absolute, as in a RelinkRequest; other images have
// Size bytes and no parent. BlockSize 0 is 2 MiB.
type CreateRequest struct {
	Type      string        `js:"type"`
	Size      int64         `js:"size"`
	BlockSize int64         `js:"blockSize"`
	Parent    int           `js:"parent"`
	Relative  string        `js:"relative"`
	Absolute  string        `js:"absolute"`
	To        output.Target `js:"to"`
}

// RepairRequest asks for a copy of a file in which what can be told from the
// rest of it is put right. Data reads the blocks' data too, and leaves out what
// the file does not give; without it, that is noticed when the copy is made.
type RepairRequest struct {
	File int           `js:"file"`
	Data bool          `js:"data"`
	To   output.Target `js:"to"`
}

// Repaired is the new file, and what a check still finds in it.
type Repaired struct {
	Saved output.Saved   `js:"saved"`
	Left  []CheckFinding `js:"left"`
}

// EditRequest lays edits on top of a disk, as one more file of the session
// with the given key and name. Store is where they are kept: a path in the
// browser's private file system, or "" for the worker's memory. What is there
// already is gone on with. From then on the disk is known by the key.
type EditRequest struct {
	Disk  int    `js:"disk"`
	Key   int    `js:"key"`
	Name  string `js:"name"`
	Store string `js:"store"`
}

// Edits are what lies on top of a disk.
type Edits struct {
	Key    int            `js:"key"`
	Forest session.Forest `js:"forest"`
	State  EditState      `js:"state"`
}

// WriteRequest writes bytes to a disk with edits (Disk is their key): over and
// over for Length bytes, at most 16 MiB. It is one step, done or not at all.
type WriteRequest struct {
	Disk   int    `js:"disk"`
	Offset int64  `js:"offset"`
	Length int64  `js:"length"`
	Bytes  []byte `js:"bytes"`
}

// RevertRequest lets the sectors that hold any byte of a range read again as
// they do below the edits.
type RevertRequest struct {
	Disk   int   `js:"disk"`
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
}

// UndoRequest takes the last step back, or with Redo makes it again.
type UndoRequest struct {
	Disk int  `js:"disk"`
	Redo bool `js:"redo"`
}

// EditState is what there is to tell after a step: the bytes that it was about
// (none where there was nothing to undo), the steps that can be undone and
// redone, those that have been forgotten, the sectors that the edits hold, and
// their file.
type EditState struct {
	Offset    int64            `js:"offset"`
	Length    int64            `js:"length"`
	Undo      int              `js:"undo"`
	Redo      int              `js:"redo"`
	Forgotten int              `js:"forgotten"`
	Sectors   int64            `js:"sectors"`
	File      session.FileInfo `js:"file"`
}
