//go:build js && wasm

package shell

import (
	"errors"
	"strconv"
	"syscall/js"

	"vhdscope/blobio"
	"vhdscope/vhd"
	"vhdscope/wasm/worker"
)

// NewBuffer implements worker.Host: it makes room for a result outside Go's
// memory, so that it does not pass through that.
func (h Host) NewBuffer(n int64) worker.Buffer { return &buffer{n: n} }

// buffer is a result as a typed array, which is made when its first part
// comes, or is that part where it is all.
type buffer struct {
	n     int64
	array js.Value // a Uint8Array, undefined before
}

func (b *buffer) Value() (any, error) {
	err := b.make()
	return b.array, err
}

// Free implements worker.Buffer.
func (b *buffer) Free() {
	if !b.array.IsUndefined() {
		blobio.Free(b.array)
		b.array = js.Undefined()
	}
}

// make makes the array, all zeros. The browser may have no room for it.
func (b *buffer) make() (err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case js.Error:
			err = &worker.Error{Code: worker.CodeMemory, Msg: strconv.FormatInt(b.n, 10) + " bytes are more than this browser can hold at once: " + e.Value.Get("message").String()}
		default:
			panic(e)
		}
	}()
	if b.array.IsUndefined() {
		b.array = js.Global().Get("Uint8Array").New(float64(b.n))
	}
	return nil
}

// Sink implements worker.Buffer.
func (b *buffer) Sink(layers []worker.Source, at int64) (vhd.Sink, error) {
	if err := b.make(); err != nil {
		return nil, err
	}
	s := &sink{array: b.array, at: at}
	for _, l := range layers {
		s.files = append(s.files, byteSourceOf(l))
	}
	return s, nil
}

var errNoBlob = errors.New("a part is of no file that a Blob can be made of")

// Compose implements worker.Buffer.
func (b *buffer) Compose(layers []worker.Source, extents []vhd.Extent, at int64) error {
	parts := make([]blobio.Part, len(extents))
	total := int64(0)
	for i, e := range extents {
		parts[i].Length = e.Length
		total += e.Length
		if e.Layer >= 0 {
			layer, ok := layers[e.Layer].(*source)
			if !ok {
				return errNoBlob
			}
			parts[i].File, parts[i].Off = layer.file, e.Source
		}
	}
	bytes, err := blobio.Compose(parts)
	if err != nil {
		return err
	}
	if total == b.n && b.array.IsUndefined() {
		b.array = bytes.Array()
		return nil
	}
	defer bytes.Free()
	if err := b.make(); err != nil {
		return err
	}
	bytes.CopyTo(b.array, at, 0, total)
	return nil
}
