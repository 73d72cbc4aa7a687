// Package outputtest is a place for new files in memory, for tests.
package outputtest

import (
	"errors"
	"io"
	"strconv"
	"sync"
	"testing"

	"vhdscope/vhd"
	"vhdscope/wasm/output"
	"vhdscope/wasm/worker"
)

// Host is a place with all that making files needs, in memory. What it composes
// are the parts.
type Host struct {
	Buffered bool   // composed files are buffered whole
	Blobs    bool   // files that were picked take Blobs
	Room     int64  // of staged files; 0: there is no such place
	Fail     error  // of every write beyond the first
	Slow     func() // is called before every write

	mu    sync.Mutex
	Taken int     // Blobs that were written to files
	Files []*File // that were made
}

// Sized is what a Host opens: something with a size.
type Sized interface {
	io.ReaderAt
	Size() int64
}

type source struct{ Sized }

func (source) Close() error { return nil }

func (h *Host) Open(_ string, f any) (worker.Source, error) {
	if f, ok := f.(worker.Remote); ok {
		return f, nil
	}
	if f, ok := f.(Sized); ok {
		return source{f}, nil
	}
	return nil, errors.New("it came without its bytes")
}

func (h *Host) NewBuffer(n int64) worker.Buffer { return &buffer{p: make([]byte, n)} }

func (h *Host) Stream(handle any) (output.File, error) {
	if h.Blobs {
		return &blobFile{h.file("stream")}, nil
	}
	return h.file("stream"), nil
}

// blobFile takes Blobs; one that cannot be read does not tell why.
type blobFile struct{ *File }

func (f *blobFile) PutBlob(blob any, at int64) error {
	for _, part := range blob.([]output.Part) {
		p := make([]byte, part.Length)
		copy(p, part.Data)
		if part.Source != nil {
			if _, err := part.Source.ReadAt(p, part.Off); err != nil && err != io.EOF {
				return errBlob
			}
		}
		if _, err := f.WriteAt(p, at); err != nil {
			return err
		}
		at += part.Length
	}
	f.host.mu.Lock()
	defer f.host.mu.Unlock()
	f.host.Taken++
	return nil
}

var errBlob = errors.New("the Blob cannot be read")

func (h *Host) Stage(path, _ string, size int64) (output.File, error) {
	if size > h.Room {
		return nil, errors.New("there is room for " + strconv.FormatInt(h.Room, 10) + " bytes")
	}
	return h.file("staged " + path), nil
}

func (h *Host) Memory(string) output.File { return h.file("memory") }

func (h *Host) Buffers() bool { return h.Buffered }

func (h *Host) file(where string) *File {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := &File{host: h, Where: where}
	h.Files = append(h.Files, f)
	return f
}

// Compose takes the parts for the Blob, to be read when a test asks for it.
func (h *Host) Compose(parts []output.Part) (any, error) {
	for _, p := range parts {
		mustBeNear(p.Source)
	}
	return parts, nil
}

// mustBeNear panics of what no Blob could refer to.
func mustBeNear(s worker.Source) {
	if _, remote := s.(worker.Remote); remote {
		panic("a Blob is made of a remote file")
	}
}

// File is a new file; how it ended is noted.
type File struct {
	host  *Host
	Where string // "stream", "memory", or "staged " and its path

	mu              sync.Mutex
	P               []byte
	Written         []int64 // lengths of writes
	Closed, Aborted bool
}

func (f *File) WriteAt(p []byte, off int64) (int, error) {
	if f.host.Slow != nil {
		f.host.Slow()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Closed || f.Aborted {
		panic("a file is written to that has ended")
	}
	if f.host.Fail != nil && len(f.Written) > 0 {
		return 0, f.host.Fail
	}
	f.Written = append(f.Written, int64(len(p)))
	f.grow(off + int64(len(p)))
	return copy(f.P[off:], p), nil
}

func (f *File) Put(b worker.Buffer, at int64) error {
	_, err := f.WriteAt(b.(*buffer).p, at)
	return err
}

func (f *File) grow(size int64) {
	if more := size - int64(len(f.P)); more > 0 {
		f.P = append(f.P, make([]byte, more)...)
	}
}

func (f *File) Resize(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grow(size)
	f.P = f.P[:size]
	return nil
}

func (f *File) Close() (any, error) {
	f.end(&f.Closed)
	if f.Where == "stream" {
		return nil, nil
	}
	return f.P, nil
}

func (f *File) Abort() { f.end(&f.Aborted) }

func (f *File) end(how *bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Closed || f.Aborted {
		panic("a file ends twice")
	}
	*how = true
}

// Bytes are those of a new file, of which one that was picked is the last.
func (h *Host) Bytes(t testing.TB, s *output.Saved) []byte {
	t.Helper()
	var got []byte
	switch blob := s.Blob.(type) {
	case nil:
		got = h.Files[len(h.Files)-1].P
	case []byte:
		got = blob
	case []output.Part:
		for _, p := range blob {
			part := make([]byte, p.Length)
			switch {
			case p.Source != nil:
				if n, err := p.Source.ReadAt(part, p.Off); int64(n) < p.Length {
					t.Fatal(err)
				}
			case p.Data != nil:
				copy(part, p.Data)
			}
			got = append(got, part...)
		}
	}
	if int64(len(got)) != s.Size {
		t.Errorf("a file of %d bytes is told to have %d", len(got), s.Size)
	}
	return got
}

// buffer is a result in memory, and its own sink.
type buffer struct {
	p      []byte
	layers []worker.Source
}

func (b *buffer) Sink(layers []worker.Source, at int64) (vhd.Sink, error) {
	b.layers = layers
	return b, nil
}

func (b *buffer) Compose([]worker.Source, []vhd.Extent, int64) error { panic("not for new files") }
func (b *buffer) Value() (any, error)                                { return b.p, nil }
func (b *buffer) Free()                                              { b.p = nil }
func (b *buffer) Zero(int64, int64)                                  {} // as in a browser
func (b *buffer) Put(p []byte, to int64)                             { copy(b.p[to:], p) }

func (b *buffer) Read(layer int, off, n, to int64) (int64, error) {
	done, err := b.layers[layer].ReadAt(b.p[to:to+n], off)
	if int64(done) == n {
		err = nil
	}
	return int64(done), err
}

func (b *buffer) Fetch(layer int, off, n int64) (vhd.Fetched, error) {
	f := &fetched{make([]byte, n), b}
	if done, err := b.layers[layer].ReadAt(f.p, off); int64(done) < n {
		return nil, err
	}
	return f, nil
}

type fetched struct {
	p  []byte
	to *buffer
}

func (f *fetched) Peek(p []byte, off int64) { copy(p, f.p[off:]) }
func (f *fetched) Release()                 {}

func (f *fetched) Copy(pieces []vhd.Piece) {
	for _, c := range pieces {
		copy(f.to.p[c.To:c.To+c.Length], f.p[c.From:])
	}
}
