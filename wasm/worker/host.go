package worker

import (
	"io"

	"vhdscope/blobio"
	"vhdscope/vhd"
)

// Host is what every program needs of the place it runs in.
type Host interface {
	// Open makes a file that came with a request readable.
	Open(name string, file any) (Source, error)
	// NewBuffer makes room for a result of n bytes.
	NewBuffer(n int64) Buffer
}

// Source is a file's bytes.
type Source interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Remote is a source whose bytes come over a network: no Blob can refer to
// them, and a read that fails may succeed at another time.
type Remote interface {
	Source
	// Pin asks which version of the file its server has now.
	Pin() (blobio.Version, error)
	// OnFailure has f called with the error of every read that fails, until
	// stop is.
	OnFailure(f func(error)) (stop func())
}

// Buffer receives a result part by part, in any order and each part once; it
// begins as zeros. Layers are the sources of a chain's files, leaf first, and
// at is where in the result a part begins. Several parts may come at once.
type Buffer interface {
	// Sink takes a part piece by piece.
	Sink(layers []Source, at int64) (vhd.Sink, error)
	// Compose takes a part as the extents that make it. The error need not
	// tell which of them could not be read.
	Compose(layers []Source, extents []vhd.Extent, at int64) error
	// Value is what the reply carries.
	Value() (any, error)
	// Free gives the memory of a result back that nobody gets.
	Free()
}
