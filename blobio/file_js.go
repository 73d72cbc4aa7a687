//go:build js && wasm

package blobio

import (
	"errors"
	"io"
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// File is the Source over a browser's File (or Blob). The browser keeps the
// bytes; a File holds no more than a handle.
//
// Reads below DirectThreshold go through a FileReaderSync where there is one,
// that is, in a worker: they return at once. Larger reads, and all reads where
// there is none, park the goroutine until the browser answers, so that several
// can be under way, which is what its full speed takes.
type File struct {
	blob     js.Value
	reader   js.Value // a FileReaderSync, or undefined
	name     string
	size     int64
	modified time.Time
}

// NewFile returns a Source over f, under the File's own name.
func NewFile(f *dom.File) *File {
	name := ""
	if v := f.Get("name"); v.Type() == js.TypeString {
		name = v.String()
	}
	return NewFileAs(f, name)
}

// NewFileAs is NewFile under another name, such as a path in a folder, which
// a File loses on its way to a worker.
func NewFileAs(f *dom.File, name string) *File {
	file := &File{
		blob: f.Value,
		name: name,
		size: int64(f.Get("size").Float()),
	}
	if v := f.Get("lastModified"); v.Type() == js.TypeNumber {
		file.modified = time.UnixMilli(int64(v.Float())).UTC()
	}
	if v := js.Global().Get("FileReaderSync"); v.Type() == js.TypeFunction {
		file.reader = v.New()
	}
	return file
}

// Size returns the size in bytes that the file had when it was chosen.
func (f *File) Size() int64 { return f.size }

// Name returns the file's name.
func (f *File) Name() string { return f.name }

// Modified returns when the file was last changed, as of when it was chosen,
// in UTC and to the millisecond; the zero time where the browser does not say.
func (f *File) Modified() time.Time { return f.modified }

// ReadAt implements io.ReaderAt with one read of the Blob. Errors other than
// io.EOF are a *ReadError.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, readError(f.name, off, len(p), errNegativeOffset)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= f.size {
		return 0, io.EOF
	}
	want := p[:min(int64(len(p)), f.size-off)]
	data, err := f.bytes(off, off+int64(len(want)))
	if err != nil {
		return 0, readError(f.name, off, len(p), err)
	}
	n, err := copyBytes(want, data)
	if err == nil && n < len(want) {
		err = errShort
	}
	if err != nil {
		return n, readError(f.name, off, len(p), err)
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// bytes returns the ArrayBuffer of the bytes [off, end). Offsets cross as
// float64, which is exact below 2^53; a number of 32 bits would not do.
func (f *File) bytes(off, end int64) (js.Value, error) {
	part, err := call(f.blob, "slice", float64(off), float64(end))
	if err != nil {
		return js.Value{}, err
	}
	if f.reader.Truthy() && end-off < DirectThreshold {
		return call(f.reader, "readAsArrayBuffer", part)
	}
	promise, err := call(part, "arrayBuffer")
	if err != nil {
		return js.Value{}, err
	}
	return await(promise)
}

var errNoBytes = errors.New("the browser answered without bytes")

// copyBytes copies what an ArrayBuffer holds to p, returns how much, and frees
// the ArrayBuffer.
func copyBytes(p []byte, buffer js.Value) (n int, err error) {
	if !buffer.InstanceOf(js.Global().Get("ArrayBuffer")) {
		return 0, errNoBytes
	}
	defer recoverException(&err)
	n = js.CopyBytesToGo(p, js.Global().Get("Uint8Array").New(buffer))
	free(buffer)
	return n, nil
}

// free gives the memory of an ArrayBuffer back by sending it to where nobody
// is. Go lets go of a js.Value only when it collects garbage, for which it sees
// no reason: the memory is not its own. Moving the bytes by transfer would be
// worse than nothing in Chromium: its own half of the ArrayBuffer keeps them,
// and no longer counts them among its reasons to collect garbage.
func free(buffer js.Value) {
	if nowhere.IsUndefined() {
		channel := js.Global().Get("MessageChannel").New()
		channel.Get("port2").Call("close")
		nowhere = channel.Get("port1")
	}
	nowhere.Call("postMessage", nil, []any{buffer})
}

var nowhere js.Value // a MessagePort whose other end is closed
