// Package worker is what the engine's programs have in common: how the page
// asks and is answered, what an error is to it, and what a program needs of
// the browser. It is portable; the browser comes in through [Host].
package worker

// The messages that every program has.
//
// web/src/engine/protocol.js declares the same messages for the page, with
// the same names in the same order, before those of the viewer;
// TestProtocolMirrors of wasm/viewer/session compares the two.
//
// The page asks, the worker answers: every Request gets any number of
// progress replies and then exactly one of result, error or cancelled.
// Nobody blocks on anybody: requests run concurrently and may be answered
// out of order. Offsets and sizes are bytes and travel as JS numbers, so
// none is ever 2^53 or more. Files are known by the key that the page gave
// them.

// The command that every program has.
const (
	CommandCancel = "cancel" // CancelRequest → nothing; the cancelled request answers for itself
)

// The kinds of replies.
const (
	ReplyReady     = "ready"     // once, when the worker can take requests
	ReplyResult    = "result"    // value: what the command returns
	ReplyError     = "error"     // problem: why not
	ReplyCancelled = "cancelled" // the request was cancelled; nothing was changed
	ReplyProgress  = "progress"  // done, total
	ReplyCrash     = "crash"     // problem: the worker is lost; every request under way is too
)

// Request is what the page posts to the worker.
type Request struct {
	ID      int    `js:"id"`
	Command string `js:"command"`
	Value   any    `js:"value"`
}

// Reply is what the worker posts to the page.
type Reply struct {
	ID      int      `js:"id"`
	Kind    string   `js:"kind"`
	Value   any      `js:"value"`
	Problem *Problem `js:"problem"`
	Done    int64    `js:"done"`
	Total   int64    `js:"total"`
}

// Problem says what is wrong, in words for a person and in codes for a
// program. Layer is the index into the chain, -1 where no chain is meant;
// Offset is a byte offset in that layer's file, -1 where none is meant.
type Problem struct {
	Code    string `js:"code"`
	Message string `js:"message"`
	Layer   int    `js:"layer"`
	Offset  int64  `js:"offset"`
	File    string `js:"file"`
}

// CancelRequest ends another request early.
type CancelRequest struct {
	Target int `js:"target"`
}

// OpenFile is one file as the person gave it. Name is its path with '/',
// as deep as the browser tells; Modified is Unix time in milliseconds.
type OpenFile struct {
	Key      int    `js:"key"`
	Name     string `js:"name"`
	Modified int64  `js:"modified"`
	File     any    `js:"file"`
}

// View is a range of bytes with where each part came from. Extents cover
// the range without gaps; bytes of an unreadable extent are zero and mean
// nothing. The range is cut at the end of the disk or file. Changed are the
// runs of bytes that edits made differ from what lies below them.
type View struct {
	Offset  int64    `js:"offset"`
	Bytes   []byte   `js:"bytes"`
	Extents []Extent `js:"extents"`
	Changed []Span   `js:"changed"`
}

// Span is a run of bytes.
type Span struct {
	Offset int64 `js:"offset"`
	Length int64 `js:"length"`
}

// Extent is a run of bytes from one place. State is "data", "zeros" (no
// layer has it: Layer is -1) or "unreadable" (Problem says why; Layer is the
// layer that should have it, Source -1). Source is the byte offset in that
// layer's file.
type Extent struct {
	Offset  int64    `js:"offset"`
	Length  int64    `js:"length"`
	Layer   int      `js:"layer"`
	Source  int64    `js:"source"`
	State   string   `js:"state"`
	Problem *Problem `js:"problem"`
}
