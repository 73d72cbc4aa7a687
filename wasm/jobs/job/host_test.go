package job

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"

	"vhdscope/vhd"
	"vhdscope/wasm/jobs/edit"
	"vhdscope/wasm/viewer/session"
	"vhdscope/wasm/worker"
)

// testHost is a place with all that jobs need, in memory.
type testHost struct {
	buffers bool  // composed files are buffered whole
	blobs   bool  // files that were picked take Blobs
	taken   int   // Blobs that were written to files
	room    int64 // of staged files; 0: there is no such place
	fail    error // of every write beyond the first
	slow    func()
	kept    map[string]*keptFile // by path

	mu    sync.Mutex
	files []*testFile
}

// testSource is what tests open: something with a size.
type testSource interface {
	io.ReaderAt
	Size() int64
}

type source struct{ testSource }

func (source) Close() {}

func (h *testHost) Open(_ string, f any) (worker.Source, error) {
	if f, ok := f.(testSource); ok {
		return source{f}, nil
	}
	return nil, errors.New("it came without its bytes")
}

func (h *testHost) NewBuffer(n int64) worker.Buffer { return &testBuffer{p: make([]byte, n)} }

func (h *testHost) Stream(handle any) (File, error) {
	if h.blobs {
		return &blobFile{h.file("stream")}, nil
	}
	return h.file("stream"), nil
}

// blobFile takes Blobs; one that cannot be read does not tell why.
type blobFile struct{ *testFile }

func (f *blobFile) PutBlob(blob any, at int64) error {
	for _, part := range blob.([]Part) {
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
	f.host.taken++
	return nil
}

var errBlob = errors.New("the Blob cannot be read")

func (h *testHost) Stage(path, _ string, size int64) (File, error) {
	if size > h.room {
		return nil, errors.New("there is room for " + dec(h.room) + " bytes")
	}
	return h.file("staged " + path), nil
}

func (h *testHost) Memory(string) File { return h.file("memory") }

func (h *testHost) Buffers() bool { return h.buffers }

func (h *testHost) Keep(path, name string) (Kept, error) {
	if h.kept[path] == nil {
		if h.kept == nil {
			h.kept = map[string]*keptFile{}
		}
		h.kept[path] = &keptFile{Memory: edit.NewMemory()}
	}
	f := h.kept[path]
	if f.open {
		return nil, errors.New(name + " is open elsewhere")
	}
	f.open = true
	return f, nil
}

// keptFile stays when it is closed, and is open once at a time.
type keptFile struct {
	*edit.Memory
	open bool
}

func (f *keptFile) Close() { f.open = false }

func (h *testHost) file(where string) *testFile {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := &testFile{host: h, where: where}
	h.files = append(h.files, f)
	return f
}

// Compose takes the parts for the Blob, to be read when a test asks for it.
func (h *testHost) Compose(parts []Part) (any, error) { return parts, nil }

// testFile is a new file; how it ended is noted.
type testFile struct {
	host  *testHost
	where string

	mu              sync.Mutex
	p               []byte
	written         []int64 // lengths of writes
	closed, aborted bool
}

func (f *testFile) WriteAt(p []byte, off int64) (int, error) {
	if f.host.slow != nil {
		f.host.slow()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.aborted {
		panic("a file is written to that has ended")
	}
	if f.host.fail != nil && len(f.written) > 0 {
		return 0, f.host.fail
	}
	f.written = append(f.written, int64(len(p)))
	f.grow(off + int64(len(p)))
	return copy(f.p[off:], p), nil
}

func (f *testFile) Put(b worker.Buffer, at int64) error {
	_, err := f.WriteAt(b.(*testBuffer).p, at)
	return err
}

func (f *testFile) grow(size int64) {
	if more := size - int64(len(f.p)); more > 0 {
		f.p = append(f.p, make([]byte, more)...)
	}
}

func (f *testFile) Resize(size int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grow(size)
	f.p = f.p[:size]
	return nil
}

func (f *testFile) Close() (any, error) {
	f.end(&f.closed)
	if f.where == "stream" {
		return nil, nil
	}
	return f.p, nil
}

func (f *testFile) Abort() { f.end(&f.aborted) }

func (f *testFile) end(how *bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || f.aborted {
		panic("a file ends twice")
	}
	*how = true
}

// bytesOf are the bytes of a new file.
func bytesOf(t testing.TB, h *testHost, s *Saved) []byte {
	t.Helper()
	var got []byte
	switch blob := s.Blob.(type) {
	case nil:
		got = h.files[len(h.files)-1].p
	case []byte:
		got = blob
	case []Part:
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

// testBuffer is a result in memory, and its own sink.
type testBuffer struct {
	p      []byte
	layers []worker.Source
}

func (b *testBuffer) Sink(layers []worker.Source, at int64) (vhd.Sink, error) {
	b.layers = layers
	return b, nil
}

func (b *testBuffer) Compose([]worker.Source, []vhd.Extent, int64) error { panic("not for jobs") }
func (b *testBuffer) Value() (any, error)                                { return b.p, nil }
func (b *testBuffer) Free()                                              { b.p = nil }
func (b *testBuffer) Zero(int64, int64)                                  {} // as in a browser
func (b *testBuffer) Put(p []byte, to int64)                             { copy(b.p[to:], p) }

func (b *testBuffer) Read(layer int, off, n, to int64) (int64, error) {
	done, err := b.layers[layer].ReadAt(b.p[to:to+n], off)
	if int64(done) == n {
		err = nil
	}
	return int64(done), err
}

func (b *testBuffer) Fetch(layer int, off, n int64) (vhd.Fetched, error) {
	f := &fetched{make([]byte, n), b}
	if done, err := b.layers[layer].ReadAt(f.p, off); int64(done) < n {
		return nil, err
	}
	return f, nil
}

type fetched struct {
	p  []byte
	to *testBuffer
}

func (f *fetched) Peek(p []byte, off int64) { copy(p, f.p[off:]) }
func (f *fetched) Release()                 {}

func (f *fetched) Copy(pieces []vhd.Piece) {
	for _, c := range pieces {
		copy(f.to.p[c.To:c.To+c.Length], f.p[c.From:])
	}
}

// do runs a request, whose message is decoded from the same message.
func do(ctx context.Context, j *Jobs, command string, req any, progress worker.Progress) (kind string, value any, problem *worker.Problem) {
	return j.Do(ctx, command, func(m any) error {
		switch m := m.(type) {
		case *session.OpenRequest:
			*m = req.(session.OpenRequest)
		case *session.ChooseRequest:
			*m = req.(session.ChooseRequest)
		case *CheckRequest:
			*m = req.(CheckRequest)
		case *SaveRequest:
			*m = req.(SaveRequest)
		case *RelinkRequest:
			*m = req.(RelinkRequest)
		case *CreateRequest:
			*m = req.(CreateRequest)
		case *RepairRequest:
			*m = req.(RepairRequest)
		case *session.ViewRequest:
			*m = req.(session.ViewRequest)
		case *session.ExplainRequest:
			*m = req.(session.ExplainRequest)
		case *session.DetailsRequest:
			*m = req.(session.DetailsRequest)
		case *session.CloseRequest:
			*m = req.(session.CloseRequest)
		case *EditRequest:
			*m = req.(EditRequest)
		case *WriteRequest:
			*m = req.(WriteRequest)
		case *RevertRequest:
			*m = req.(RevertRequest)
		case *UndoRequest:
			*m = req.(UndoRequest)
		}
		return nil
	}, progress)
}

// ask is the result of a request that must succeed.
func ask[Res any](t testing.TB, j *Jobs, command string, req any) *Res {
	t.Helper()
	kind, value, problem := do(t.Context(), j, command, req, nil)
	if kind != worker.ReplyResult || problem != nil {
		t.Fatalf("%s %+v: %s %+v", command, req, kind, problem)
	}
	return value.(*Res)
}

// refused is the problem of a request that must fail.
func refused(t testing.TB, j *Jobs, command string, req any, code string) *worker.Problem {
	t.Helper()
	kind, value, problem := do(t.Context(), j, command, req, nil)
	if kind != worker.ReplyError || value != nil || problem == nil {
		t.Fatalf("%s %+v: %s %+v, %+v; want an error", command, req, kind, value, problem)
	}
	if problem.Code != code || problem.Message == "" {
		t.Errorf("%s %+v: %+v; want the code %q", command, req, problem, code)
	}
	return problem
}

// named is a file to open.
type named struct {
	name string
	file testSource
}

// opened has files open under keys from 1 on.
func opened(t testing.TB, h *testHost, files ...named) *Jobs {
	t.Helper()
	j := New(h)
	var list []worker.OpenFile
	for i, f := range files {
		list = append(list, worker.OpenFile{Key: i + 1, Name: f.name, Modified: 1700000000000, File: f.file})
	}
	ask[session.Forest](t, j, session.CommandOpen, session.OpenRequest{Files: list})
	return j
}

// reopened is a new file as an image, and as a disk with images below it.
func reopened(t testing.TB, p []byte, below ...*vhd.Image) (*vhd.Image, *vhd.Disk) {
	t.Helper()
	im, err := vhd.Open(bytes.NewReader(p), int64(len(p)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := vhd.NewDisk(slices.Concat([]*vhd.Image{im}, below)...)
	if err != nil {
		t.Fatal(err)
	}
	return im, d
}

// contents are all bytes of a disk.
func contents(t testing.TB, d *vhd.Disk) []byte {
	t.Helper()
	p := make([]byte, d.Size())
	if _, err := d.ReadAt(p, 0); err != nil && err != io.EOF {
		t.Fatal(err)
	}
	return p
}
