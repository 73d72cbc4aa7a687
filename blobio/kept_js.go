//go:build js && wasm

package blobio

import (
	"errors"
	"io"
	"syscall/js"
	"time"
)

// Kept is a file in the browser's private file system that stays there when it
// is closed. It can be read and written, by one worker at a time.
type Kept struct {
	access js.Value // a FileSystemSyncAccessHandle
	name   string
}

// OpenKept opens the file at a path, or makes it, with its folders. Errors
// call it by name.
func OpenKept(path, name string) (*Kept, error) {
	_, handle, err := privateFile(path)
	if err != nil {
		return nil, writeError(name, err)
	}
	access, err := settled(handle, "createSyncAccessHandle")
	// A worker that was just ended lets go of its files a moment later.
	for range 40 {
		e, ok := errors.AsType[*exceptionError](err)
		if !ok || e.name != "NoModificationAllowedError" {
			break
		}
		time.Sleep(50 * time.Millisecond)
		access, err = settled(handle, "createSyncAccessHandle")
	}
	if err != nil {
		return nil, writeError(name, err)
	}
	return &Kept{access, name}, nil
}

// Size is the length of the file in bytes, 0 once it is closed.
func (k *Kept) Size() int64 {
	n, err := call(k.access, "getSize")
	if err != nil {
		return 0
	}
	return int64(n.Float())
}

// ReadAt implements io.ReaderAt. Errors other than io.EOF are a *ReadError.
func (k *Kept) ReadAt(p []byte, off int64) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	array := js.Global().Get("Uint8Array").New(len(p))
	defer Free(array)
	read, err := call(k.access, "read", array, options("at", float64(off)))
	if err != nil {
		return 0, readError(k.name, off, len(p), err)
	}
	n := read.Int()
	js.CopyBytesToGo(p[:n], array)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt implements io.WriterAt. Errors are a *WriteError.
func (k *Kept) WriteAt(p []byte, off int64) (int, error) {
	array := NewBytes(p)
	defer array.Free()
	n, err := call(k.access, "write", array.Array(), options("at", float64(off)))
	if err == nil && n.Int() < len(p) {
		err = ErrNoRoom
	}
	if err != nil {
		return 0, writeError(k.name, err)
	}
	return len(p), nil
}

// Sync waits until all that was written will last.
func (k *Kept) Sync() error {
	_, err := call(k.access, "flush")
	return writeError(k.name, err)
}

// Close lets go of the file, which stays.
func (k *Kept) Close() error {
	_, err := call(k.access, "close")
	return err
}
