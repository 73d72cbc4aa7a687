//go:build js && wasm

package blobio

import "syscall/js"

// Bytes are bytes of a File that stay in the browser's memory: they can be
// moved within it without passing through Go's.
type Bytes struct{ array js.Value } // a Uint8Array

// Bytes reads length bytes at off, which must lie in the file, with one read
// of the Blob. Errors are a *ReadError. The caller frees the result.
func (f *File) Bytes(off, length int64) (*Bytes, error) {
	buffer, err := f.bytes(off, off+length)
	if err == nil {
		var b *Bytes
		if b, err = newBytes(buffer); err == nil {
			if int64(b.array.Length()) == length {
				return b, nil
			}
			b.Free()
			err = errShort
		}
	}
	return nil, readError(f.name, off, int(length), err)
}

// NewBytes copies bytes out of Go's memory.
func NewBytes(p []byte) *Bytes {
	array := js.Global().Get("Uint8Array").New(len(p))
	js.CopyBytesToJS(array, p)
	return &Bytes{array}
}

func newBytes(buffer js.Value) (b *Bytes, err error) {
	if !buffer.InstanceOf(js.Global().Get("ArrayBuffer")) {
		return nil, errNoBytes
	}
	defer recoverException(&err)
	return &Bytes{js.Global().Get("Uint8Array").New(buffer)}, nil
}

// Peek copies bytes from byte off on to p.
func (b *Bytes) Peek(p []byte, off int64) {
	js.CopyBytesToGo(p, b.part(off, int64(len(p))))
}

// CopyTo copies length bytes from byte off on to byte at of a Uint8Array.
func (b *Bytes) CopyTo(array js.Value, at, off, length int64) {
	array.Call("set", b.part(off, length), float64(at))
}

func (b *Bytes) part(off, length int64) js.Value {
	if off == 0 && length == int64(b.array.Length()) {
		return b.array
	}
	return b.array.Call("subarray", float64(off), float64(off+length))
}

// Array is the Uint8Array that holds the bytes.
func (b *Bytes) Array() js.Value { return b.array }

// Free gives the memory back: see free.
func (b *Bytes) Free() { Free(b.array) }

// Free gives the memory of a typed array back: see free.
func Free(array js.Value) { free(array.Get("buffer")) }
