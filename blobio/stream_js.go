//go:build js && wasm

package blobio

import "syscall/js"

// Stream writes to a file that the person picked. The browser writes to a
// file beside it, which takes its place when the stream is closed.
type Stream struct {
	writable js.Value // a FileSystemWritableFileStream
	name     string
}

// NewStream writes to a FileSystemFileHandle anew. Where that is no longer
// allowed, the error says so.
func NewStream(handle js.Value) (*Stream, error) {
	name := text(handle, "name")
	writable, err := settled(handle, "createWritable")
	if err != nil {
		return nil, writeError(name, err)
	}
	return &Stream{writable, name}, nil
}

// Write implements Writer; it takes a Blob, too.
func (s *Stream) Write(array js.Value, at int64) error {
	o := options("type", "write")
	o.Set("position", float64(at))
	o.Set("data", array)
	_, err := settled(s.writable, "write", o)
	return writeError(s.name, err)
}

// Resize implements Writer.
func (s *Stream) Resize(size int64) error {
	_, err := settled(s.writable, "truncate", float64(size))
	return writeError(s.name, err)
}

// Close implements Writer: the file is the person's.
func (s *Stream) Close() (js.Value, error) {
	_, err := settled(s.writable, "close")
	return js.Null(), writeError(s.name, err)
}

// Abort implements Writer: the file that was picked stays as it was.
func (s *Stream) Abort() {
	_, _ = settled(s.writable, "abort") // what failed before is dropped, too
}
