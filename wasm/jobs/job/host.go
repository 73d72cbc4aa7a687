package job

import (
	"io"

	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// Host is what jobs need of the place they run in.
type Host interface {
	output.Host
	// Keep opens a file that stays at a path that the page gave, or makes it
	// there, empty. Errors call it by name.
	Keep(path, name string) (Kept, error)
}

// Kept is a file that can be read and written, and that is closed with what
// is in it. Where it has a method Sync, that waits until all of it will last.
type Kept interface {
	worker.Source
	io.WriterAt
}
