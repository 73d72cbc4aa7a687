//go:build js && wasm

package blobio

import (
	"errors"
	"strings"
	"syscall/js"
)

// Staged is a file in the browser's private file system, which only a worker
// can write to well.
type Staged struct {
	folder, handle js.Value
	access         js.Value // a FileSystemSyncAccessHandle
	name           string
}

// NewStaged makes the file at a path, with its folders. Errors call it by name.
func NewStaged(path, name string) (*Staged, error) {
	s, err := newStaged(path)
	if err != nil {
		return nil, writeError(name, err)
	}
	s.name = name
	return s, nil
}

func newStaged(path string) (*Staged, error) {
	folder, handle, err := privateFile(path)
	if err != nil {
		return nil, err
	}
	s := &Staged{folder: folder, handle: handle}
	if s.access, err = settled(handle, "createSyncAccessHandle"); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// privateFile finds or makes the file at a path in the browser's private file
// system, with its folders.
func privateFile(path string) (folder, handle js.Value, err error) {
	create := options("create", true)
	folder, err = settled(js.Global().Get("navigator").Get("storage"), "getDirectory")
	names := strings.Split(path, "/")
	last := len(names) - 1
	for i := 0; i < last && err == nil; i++ {
		folder, err = settled(folder, "getDirectoryHandle", names[i], create)
	}
	if err != nil {
		return folder, handle, err
	}
	handle, err = settled(folder, "getFileHandle", names[last], create)
	return folder, handle, err
}

// Write implements Writer.
func (s *Staged) Write(array js.Value, at int64) error {
	n, err := call(s.access, "write", array, options("at", float64(at)))
	if err == nil && n.Int() < array.Length() {
		err = ErrNoRoom
	}
	return writeError(s.name, err)
}

// Resize implements Writer.
func (s *Staged) Resize(size int64) error {
	_, err := call(s.access, "truncate", float64(size))
	return writeError(s.name, err)
}

// Close implements Writer: the Blob is a File that lives as long as the
// staged file does.
func (s *Staged) Close() (js.Value, error) {
	_, err := call(s.access, "flush")
	if _, e := call(s.access, "close"); err == nil {
		err = e
	}
	var file js.Value
	if err == nil {
		file, err = settled(s.handle, "getFile")
	}
	if err != nil {
		s.remove()
		return js.Null(), writeError(s.name, err)
	}
	return file, nil
}

// Abort implements Writer.
func (s *Staged) Abort() {
	_, _ = call(s.access, "close")
	s.remove()
}

// remove removes the file. Where that fails, the page does it when it sweeps.
func (s *Staged) remove() { _, _ = settled(s.folder, "removeEntry", s.handle.Get("name")) }

var errNoEstimate = errors.New("the browser does not tell how much room there is")

// Room is how many bytes the browser grants the page beyond what it uses.
func Room() (int64, error) {
	storage := js.Global().Get("navigator").Get("storage")
	if storage.IsUndefined() {
		return 0, errNoEstimate
	}
	e, err := settled(storage, "estimate")
	if err != nil {
		return 0, err
	}
	quota, usage := e.Get("quota"), e.Get("usage")
	if quota.Type() != js.TypeNumber || usage.Type() != js.TypeNumber {
		return 0, errNoEstimate
	}
	return int64(quota.Float() - usage.Float()), nil
}
