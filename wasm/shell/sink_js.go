//go:build js && wasm

package shell

import (
	"encoding/binary"
	"io"
	"math"
	"syscall/js"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// sink puts a part of a disk into a typed array without the bytes passing
// through Go's memory: a browser's files can be read straight into its own.
type sink struct {
	files []byteSource // of the layers
	array js.Value     // the Uint8Array of the result
	at    int64        // where in it the part begins
}

// byteSource is a file that gives its bytes without their passing through Go's
// memory, if it can.
type byteSource interface {
	Bytes(off, length int64) (*blobio.Bytes, error)
}

// byteSourceOf is the file that a source is.
func byteSourceOf(s worker.Source) byteSource {
	if s, ok := s.(*source); ok {
		return s.file
	}
	return copied{s}
}

// copied is a source that is no file of the person's.
type copied struct{ worker.Source }

func (c copied) Bytes(off, length int64) (*blobio.Bytes, error) {
	p := make([]byte, length)
	if n, err := c.ReadAt(p, off); int64(n) < length {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return blobio.NewBytes(p), nil
}

// Zero has nothing to do: a new typed array is all zeros, and each part of
// the result is written once.
func (s *sink) Zero(int64, int64) {}

func (s *sink) Put(p []byte, to int64) {
	at := float64(s.at + to)
	js.CopyBytesToJS(s.array.Call("subarray", at, at+float64(len(p))), p)
}

func (s *sink) Read(layer int, off, n, to int64) (int64, error) {
	b, err := s.files[layer].Bytes(off, n)
	if err != nil {
		return 0, err
	}
	defer b.Free()
	b.CopyTo(s.array, s.at+to, 0, n)
	return n, nil
}

func (s *sink) Fetch(layer int, off, n int64) (vhd.Fetched, error) {
	b, err := s.files[layer].Bytes(off, n)
	if err != nil {
		return nil, err
	}
	return &fetched{b, s}, nil
}

type fetched struct {
	*blobio.Bytes
	sink *sink
}

func (f *fetched) Release() { f.Free() }

// fewPieces are copied one call each; more go to JavaScript as a list, since
// a call from Go costs as much as copying some kilobytes.
const fewPieces = 4

func (f *fetched) Copy(pieces []vhd.Piece) {
	scatter := js.Global().Get("scatter")
	if len(pieces) <= fewPieces || scatter.Type() != js.TypeFunction {
		for _, c := range pieces {
			f.CopyTo(f.sink.array, f.sink.at+c.To, c.From, c.Length)
		}
		return
	}
	// Three float64 a piece: exact for every offset, whatever its size.
	list := make([]byte, 0, len(pieces)*24)
	for _, c := range pieces {
		for _, n := range [...]int64{c.From, f.sink.at + c.To, c.Length} {
			list = binary.LittleEndian.AppendUint64(list, math.Float64bits(float64(n)))
		}
	}
	array := js.Global().Get("Uint8Array").New(len(list))
	js.CopyBytesToJS(array, list)
	scatter.Invoke(f.sink.array, f.Array(), js.Global().Get("Float64Array").New(array.Get("buffer")))
}
