package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"vhdscope/vhd"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// sized is what tests give a session as a file.
type sized interface {
	io.ReaderAt
	Size() int64
}

// raw is a file that is its bytes.
func raw(b []byte) sized { return bytes.NewReader(b) }

// testHost opens what is sized; anything else, and an error, is refused.
type testHost struct {
	opened, closed     atomic.Int32
	composed, gathered atomic.Int32 // parts of results
	cannotCompose      bool
}

func (h *testHost) Open(name string, f any) (worker.Source, error) {
	switch f := f.(type) {
	case error:
		return nil, f
	case sized:
		h.opened.Add(1)
		return &testSource{sized: f, host: h}, nil
	}
	return nil, fmt.Errorf("%s is a %T", name, f)
}

func (h *testHost) NewBuffer(n int64) worker.Buffer { return &testBuffer{host: h, n: n} }

type testSource struct {
	sized
	host *testHost
	gone atomic.Bool
}

func (s *testSource) ReadAt(p []byte, off int64) (int, error) {
	if s.gone.Load() {
		return 0, fs.ErrClosed
	}
	return s.sized.ReadAt(p, off)
}

func (s *testSource) Close() error {
	if s.gone.Swap(true) {
		panic("a source is closed twice")
	}
	s.host.closed.Add(1)
	return nil
}

// testBuffer is a result in memory.
type testBuffer struct {
	host *testHost
	n    int64
	once sync.Once
	p    []byte
	// A result that was freed must not be handed out.
	freed atomic.Bool
}

func (b *testBuffer) bytes() []byte {
	b.once.Do(func() { b.p = make([]byte, b.n) })
	return b.p
}

func (b *testBuffer) Value() (any, error) {
	if b.freed.Load() {
		panic("a result is handed out after it was freed")
	}
	return b.bytes(), nil
}

func (b *testBuffer) Free() { b.freed.Store(true) }

func (b *testBuffer) Sink(layers []worker.Source, at int64) (vhd.Sink, error) {
	if b.n > 1<<30 {
		return nil, errors.New("there is no room for the result")
	}
	b.host.gathered.Add(1)
	return &testSink{layers, b.bytes()[at:]}, nil
}

func (b *testBuffer) Compose(layers []worker.Source, extents []vhd.Extent, at int64) error {
	if b.host.cannotCompose {
		return errors.New("this host cannot compose")
	}
	b.host.composed.Add(1)
	for _, e := range extents {
		if e.Layer >= 0 {
			if n, err := layers[e.Layer].ReadAt(b.bytes()[at:at+e.Length], e.Source); int64(n) < e.Length {
				return err
			}
		}
		at += e.Length
	}
	return nil
}

type testSink struct {
	layers []worker.Source
	p      []byte
}

func (s *testSink) Zero(to, n int64) { clear(s.p[to : to+n]) }

func (s *testSink) Put(p []byte, to int64) { copy(s.p[to:], p) }

func (s *testSink) Read(layer int, off, n, to int64) (int64, error) {
	done, err := s.layers[layer].ReadAt(s.p[to:to+n], off)
	if int64(done) == n {
		err = nil
	}
	return int64(done), err
}

func (s *testSink) Fetch(layer int, off, n int64) (vhd.Fetched, error) {
	f := &testFetched{make([]byte, n), s.p}
	if done, err := s.layers[layer].ReadAt(f.p, off); int64(done) < n {
		return nil, err
	}
	return f, nil
}

type testFetched struct{ p, to []byte }

func (f *testFetched) Peek(p []byte, off int64) { copy(p, f.p[off:]) }

func (f *testFetched) Copy(pieces []vhd.Piece) {
	for _, c := range pieces {
		copy(f.to[c.To:c.To+c.Length], f.p[c.From:c.From+c.Length])
	}
}

func (f *testFetched) Release() { f.p = nil }

// badFile is a file that will not give some bytes.
type badFile struct {
	sized
	from, to int64
	err      error
}

func (f *badFile) ReadAt(p []byte, off int64) (int, error) {
	if off >= f.to || off+int64(len(p)) <= f.from {
		return f.sized.ReadAt(p, off)
	}
	n := max(0, f.from-off)
	if m, err := f.sized.ReadAt(p[:n], off); int64(m) < n {
		return m, err
	}
	return int(n), f.err
}

// do answers a request as the shell would have it answered.
func do(ctx context.Context, s *Session, command string, request any, progress worker.Progress) (string, any, *worker.Problem) {
	return s.Do(ctx, command, func(message any) error {
		to, from := reflect.ValueOf(message).Elem(), reflect.ValueOf(request)
		if to.Type() != from.Type() {
			return fmt.Errorf("a %v is not what a %v takes", from.Type(), to.Type())
		}
		to.Set(from)
		return nil
	}, progress)
}

// ask answers a request that must have a result.
func ask[Res any](t testing.TB, s *Session, command string, request any) *Res {
	t.Helper()
	kind, value, problem := do(context.Background(), s, command, request, nil)
	res, ok := value.(*Res)
	if kind != worker.ReplyResult || problem != nil || !ok {
		t.Fatalf("%s %+v: %s %T, %+v", command, request, kind, value, problem)
	}
	return res
}

// wantProblem fails unless a request is answered by an error with a code.
func wantProblem(t testing.TB, s *Session, command string, request any, code string) *worker.Problem {
	t.Helper()
	kind, value, problem := do(context.Background(), s, command, request, nil)
	if kind != worker.ReplyError || value != nil || problem == nil {
		t.Fatalf("%s %+v: %s %+v, %+v; want an error", command, request, kind, value, problem)
	}
	if problem.Code != code || problem.Message == "" {
		t.Errorf("%s %+v: %+v; want the code %q", command, request, problem, code)
	}
	return problem
}

// newSession is a session of a host of its own.
func newSession() (*Session, *testHost) {
	h := new(testHost)
	return New(h), h
}

// open opens files under keys from 1 on.
func open(t testing.TB, s *Session, files ...worker.OpenFile) *Forest {
	t.Helper()
	for i := range files {
		if files[i].Key == 0 {
			files[i].Key = i + 1
		}
	}
	return ask[Forest](t, s, CommandOpen, OpenRequest{files})
}

// given is a file as it is opened.
func given(name string, f any) worker.OpenFile { return worker.OpenFile{Name: name, File: f} }

// openChain opens a chain's files, leaf first; their keys begin at 1.
func openChain(t testing.TB, s *Session, c *vhdtest.Chain) *Forest {
	t.Helper()
	var files []worker.OpenFile
	for _, l := range c.Layers {
		files = append(files, given(l.Name, l.File))
	}
	return open(t, s, files...)
}

// tiny is an image of 8 blocks of 4 KiB with one sector in block 1: a child
// where parent is not "".
func tiny(id, parent string, edit ...func(*vhdtest.Spec)) *vhdtest.File {
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8 * 4096, BlockSize: 4096, UUID: vhdtest.ID(id),
		Blocks: []vhdtest.Block{{Index: 1, Sectors: map[int][]byte{2: []byte(id)}}}}
	if parent != "" {
		s.Type, s.ParentUUID = vhdtest.Differencing, vhdtest.ID(parent)
		s.ParentName, s.Locators = parent+".vhd", []vhdtest.Locator{vhdtest.Relative(`.\` + parent + ".vhd")}
	}
	for _, e := range edit {
		e(&s)
	}
	return s.Build()
}

// states are a disk's layers in short: name and state.
func states(d DiskInfo) (list []string) {
	for _, l := range d.Layers {
		list = append(list, l.Name+" "+l.State)
	}
	return list
}
