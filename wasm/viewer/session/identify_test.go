package session

import (
	"context"
	"errors"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// cachedHost opens files behind a cache, as the browser's host does.
type cachedHost struct {
	*testHost
	cache *blobio.Cache
	bytes int64
}

func (h *cachedHost) Open(name string, f any) (worker.Source, error) {
	s, err := h.testHost.Open(name, f)
	if err != nil {
		return nil, err
	}
	return &cachedSource{h.cache.Reader(&countedSource{s.(*testSource), h}), s}, nil
}

type cachedSource struct {
	*blobio.Reader
	under worker.Source
}

func (s *cachedSource) Close() error {
	s.Reader.Close()
	return s.under.Close()
}

type countedSource struct {
	*testSource
	host *cachedHost
}

func (s *countedSource) Name() string { return "" }

func (s *countedSource) ReadAt(p []byte, off int64) (int, error) {
	s.host.bytes += int64(len(p))
	return s.testSource.ReadAt(p, off)
}

// TestIdentify tells of every kind of file what opening it tells, by at most
// 1 KiB of it, and opens none.
func TestIdentify(t *testing.T) {
	lost := errors.New("lost is lost")
	files := []worker.OpenFile{
		given("d/dynamic.vhd", tiny("a", "")),
		given("child.vhd", tiny("b", "a")),
		given("fixed.vhd", vhdtest.Spec{Type: vhdtest.Fixed, Size: 256 << 10, UUID: vhdtest.ID("c")}.Build()),
		given("headless.vhd", edited(func(f *vhdtest.File) { f.Truncate(f.Layout.Footer) })),
		given("disk.raw", raw(make([]byte, 128<<10))),
		given("odd.bin", raw(make([]byte, 1000))),
		given("a.vhdx", raw(append([]byte("vhdxfile"), make([]byte, 4088)...))),
		given("unreadable.vhd", &badFile{tiny("e", ""), 0, 1 << 40, lost}),
		given("lost.vhd", lost),
	}
	for i := range files {
		files[i].Key = i + 1
	}
	for _, cached := range []bool{false, true} {
		under := new(testHost)
		h := &cachedHost{under, blobio.NewCache(1 << 20), 0}
		s := New(h)
		if !cached {
			s = New(under)
		}
		kind, value, problem := do(context.Background(), s, CommandIdentify, OpenRequest{files}, func(done, total int64) {
			if done != total || cached && done > h.bytes {
				t.Errorf("%d bytes of %d are told, %d were read", done, total, h.bytes)
			}
		})
		if kind != worker.ReplyResult {
			t.Fatalf("%s %+v", kind, problem)
		}
		got := value.(*Forest)
		if most := int64(len(files) * 1024); h.bytes > most {
			t.Errorf("%d bytes were read of %d files", h.bytes, len(files))
		}
		if under.opened.Load() != under.closed.Load() {
			t.Errorf("%d opened, %d closed", under.opened.Load(), under.closed.Load())
		}
		if f := ask[Forest](t, s, CommandOpen, OpenRequest{}); len(f.Files) > 0 {
			t.Errorf("open is %+v", f)
		}
		want := ask[Forest](t, s, CommandOpen, OpenRequest{files})
		if len(got.Files) != len(files) || len(got.Disks) != 0 {
			t.Fatalf("%+v", got)
		}
		for i, f := range got.Files {
			w := want.Files[i]
			if f.Key != w.Key || f.Name != w.Name || f.Kind != w.Kind || f.Size != w.Size || f.UUID != w.UUID || f.Type != w.Type && w.Kind == "vhd" ||
				(f.Problem == nil) != (w.Problem == nil) || f.Problem != nil && f.Problem.Code != w.Problem.Code {
				t.Errorf("%s: identified as %+v (%+v), opened as %+v (%+v)", f.Name, f, f.Problem, w, w.Problem)
			}
		}
	}
}

func TestIdentifyCancelled(t *testing.T) {
	s, h := newSession()
	ctx, cancel := context.WithCancel(context.Background())
	files := []worker.OpenFile{given("a.vhd", tiny("a", "")), given("b.vhd", tiny("b", ""))}
	kind, value, problem := do(ctx, s, CommandIdentify, OpenRequest{files}, func(int64, int64) { cancel() })
	if kind != worker.ReplyCancelled || value != nil || problem != nil || h.opened.Load() != 1 || h.closed.Load() != 1 {
		t.Errorf("%s %v %v; %d opened, %d closed", kind, value, problem, h.opened.Load(), h.closed.Load())
	}
}
