// Package output is how a program makes a new file: written where the person
// chose, put together of parts of the open files without a byte being read, or
// kept where the browser has room. It is portable; the browser comes in through
// [Host].
package output

import (
	"io"

	"vhdscope/wasm/worker"
)

// Host is what making files needs of the place a program runs in.
type Host interface {
	worker.Host
	// Stream makes the file that the person picked new and empty.
	Stream(handle any) (File, error)
	// Stage makes an empty file at a path that the page gave. There must be
	// room for size bytes, 0 where the size is not known yet. Errors call it
	// by name.
	Stage(path, name string, size int64) (File, error)
	// Memory makes a file in memory, of MemoryLimit bytes at most.
	Memory(name string) File
	// Compose makes a file of parts without reading them.
	Compose(parts []Part) (blob any, err error)
	// Buffers tells that the host reads a composed file whole when it is
	// saved, and does not stream it.
	Buffers() bool
}

// MemoryLimit is the largest file that is made in memory, in bytes.
const MemoryLimit = 512 << 20

// File is a new file under way. It may be written to at several places at
// once; what is not written is zeros. It ends with Close or Abort.
type File interface {
	io.WriterAt
	// Put writes a buffer that is complete at byte at.
	Put(b worker.Buffer, at int64) error
	// Resize makes the file so many bytes long.
	Resize(size int64) error
	// Close finishes the file. Blob is nil where the person has it.
	Close() (blob any, err error)
	// Abort leaves nothing of the file behind.
	Abort()
}

// BlobFile is a [File] that takes what [Host.Compose] makes. A failure ends the
// file.
type BlobFile interface {
	File
	PutBlob(blob any, at int64) error
}

// Part is a range of a source, or given bytes, or, with neither, zeros.
type Part struct {
	Source      worker.Source
	Off, Length int64
	Data        []byte // Length bytes
}
