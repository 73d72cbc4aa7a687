package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// checkExtents fails unless extents cover a range exactly, each in one of
// the forms that the protocol knows.
func checkExtents(t testing.TB, list []worker.Extent, off, n int64) bool {
	t.Helper()
	at := off
	for _, e := range list {
		if e.Offset != at || e.Length <= 0 {
			t.Errorf("extent %+v, want one that begins at %d", e, at)
			return false
		}
		good := false
		switch e.State {
		case "data":
			good = e.Layer >= 0 && e.Source >= 0 && e.Problem == nil
		case "zeros":
			good = e.Layer == -1 && e.Source == -1 && e.Problem == nil
		case "unreadable":
			good = e.Layer >= 0 && e.Source == -1 && e.Problem != nil && e.Problem.Message != ""
		}
		if !good {
			t.Errorf("extent %+v, %+v", e, e.Problem)
			return false
		}
		at += e.Length
	}
	if at != off+n {
		t.Errorf("extents end at %d, want %d", at, off+n)
		return false
	}
	return true
}

// checkBytes fails unless a view's extents cover it, its readable bytes are
// those wanted, and the others zeros.
func checkBytes(t testing.TB, v *worker.View, want []byte) {
	t.Helper()
	if len(v.Bytes) != len(want) {
		t.Errorf("%d bytes, want %d", len(v.Bytes), len(want))
		return
	}
	if !checkExtents(t, v.Extents, v.Offset, int64(len(want))) {
		return
	}
	for _, e := range v.Extents {
		from, to := e.Offset-v.Offset, e.Offset-v.Offset+e.Length
		part := want[from:to]
		if e.State != "data" {
			part = make([]byte, e.Length)
		}
		if !bytes.Equal(v.Bytes[from:to], part) {
			t.Errorf("extent %+v: %s", e, vhdtest.Diff(v.Bytes[from:to], part))
		}
	}
}

// TestViewDisk: a view's bytes are the disk's, and its extents name who
// supplies them and where they stand.
func TestViewDisk(t *testing.T) {
	const size = 3<<20 + 512
	random := rand.New(rand.NewPCG(1, 2))
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 20, Layers: 3, Size: size, BlockSizes: []uint32{64 << 10, 4 << 10, 1 << 20}})
	s, _ := newSession()
	openChain(t, s, c)
	want := c.Contents()
	for i := range 200 {
		off, n := random.Int64N(size), random.Int64N(1<<(1+random.IntN(20)))
		if i == 0 {
			off, n = 0, worker.MaxView
		}
		v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Offset: off, Length: n})
		n = min(n, size-off)
		checkExtents(t, v.Extents, off, n)
		if v.Offset != off || !bytes.Equal(v.Bytes, want[off:off+n]) {
			t.Fatalf("%d bytes at %d: %s", n, off, vhdtest.Diff(v.Bytes, want[off:off+n]))
		}
		checkSuppliers(t, c, v.Extents, want)
		list := ask[ExtentList](t, s, CommandExtents, ExtentsRequest{1, off, n})
		checkExtents(t, list.Extents, off, n)
		if fmt.Sprint(list.Extents) != fmt.Sprint(v.Extents) {
			t.Fatalf("extents %v, a view's %v", list.Extents, v.Extents)
		}
	}
}

// checkSuppliers holds extents against the model: the owner of each sector,
// and the bytes at the source.
func checkSuppliers(t testing.TB, c *vhdtest.Chain, list []worker.Extent, want []byte) {
	t.Helper()
	for _, e := range list {
		for lba := e.Offset / 512; lba*512 < e.Offset+e.Length; lba++ {
			if owner := c.Owner(lba); owner != e.Layer {
				t.Fatalf("sector %d is of layer %d, not of %d", lba, owner, e.Layer)
			}
		}
		if e.State == "data" {
			if got := c.Layers[e.Layer].File.Get(e.Source, int(e.Length)); !bytes.Equal(got, want[e.Offset:e.Offset+e.Length]) {
				t.Fatalf("extent %+v: its source holds %s", e, vhdtest.Describe(got))
			}
		}
	}
}

// TestViewFile: a file's own bytes, structures and all.
func TestViewFile(t *testing.T) {
	f := tiny("a", "")
	want := f.Bytes()
	s, _ := newSession()
	open(t, s, given("a.vhd", f))
	for off := int64(0); off < f.Size(); off += 777 {
		v := ask[worker.View](t, s, CommandView, ViewRequest{File: 1, Offset: off, Length: 1000})
		n := min(1000, f.Size()-off)
		if v.Offset != off || !bytes.Equal(v.Bytes, want[off:off+n]) || len(v.Extents) != 1 {
			t.Fatalf("view at %d: %+v", off, v)
		}
		if e := v.Extents[0]; e != (worker.Extent{Offset: off, Length: n, Layer: 0, Source: off, State: "data"}) {
			t.Errorf("extent %+v", e)
		}
	}
}

// TestViewEnds: a view is cut at the end; its length is bounded.
func TestViewEnds(t *testing.T) {
	f := tiny("a", "")
	s, _ := newSession()
	open(t, s, given("a.vhd", f))
	for _, test := range []struct{ disk, file, size int64 }{{1, 0, 8 * 4096}, {0, 1, f.Size()}} {
		at := func(off, n int64) ViewRequest {
			return ViewRequest{Disk: int(test.disk), File: int(test.file), Offset: off, Length: n}
		}
		for _, r := range []struct{ off, n, want int64 }{
			{0, worker.MaxView, test.size}, {test.size - 1, 100, 1}, {test.size - 1, 1, 1}, {test.size, 1, 0}, {test.size + 1, 1, 0},
			{1 << 41, 512, 0}, {1<<53 - 1, worker.MaxView, 0}, {1<<63 - 1, worker.MaxView, 0}, {5, 0, 0},
		} {
			v := ask[worker.View](t, s, CommandView, at(r.off, r.n))
			if int64(len(v.Bytes)) != r.want || v.Offset != r.off {
				t.Errorf("%d bytes at %d: %d of them at %d, want %d", r.n, r.off, len(v.Bytes), v.Offset, r.want)
			}
			checkExtents(t, v.Extents, r.off, r.want)
		}
		for _, r := range []struct{ off, n int64 }{{0, worker.MaxView + 1}, {-1, 1}, {0, -1}, {0, 1<<63 - 1}, {-1 << 63, 1}} {
			wantProblem(t, s, CommandView, at(r.off, r.n), worker.CodeBadRequest)
		}
	}
	for _, r := range []ViewRequest{{}, {Length: 1}, {Disk: 9}, {File: 9}, {Disk: -1}, {File: -1}} {
		wantProblem(t, s, CommandView, r, worker.CodeBadRequest)
	}
}

// TestViewUnreadable: what a damaged table hides is marked, and all around
// it is right.
func TestViewUnreadable(t *testing.T) {
	const size = 1 << 20
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 21, Layers: 2, Size: size, BlockSizes: []uint32{64 << 10}, Leave: 0.1, Whole: 0.1})
	lost := c.Layers[0].File.Layout.Blocks[3].Index
	c.Layers[0].File.SetEntry(lost, 0x7FFFFFFF)
	s, _ := newSession()
	openChain(t, s, c)
	v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Length: size})
	checkBytes(t, v, c.Contents())
	found := false
	for _, e := range v.Extents {
		if e.State != "unreadable" {
			continue
		}
		found = true
		if p := e.Problem; e.Offset != int64(lost)<<16 || e.Length != 64<<10 || e.Layer != 0 || p.Code != "block-outside" || p.Layer != 0 || p.File != c.Layers[0].Name {
			t.Errorf("extent %+v, %+v", e, e.Problem)
		}
	}
	if !found {
		t.Error("nothing is unreadable")
	}
}

func TestViewMissingParent(t *testing.T) {
	const size = 256 << 10
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 22, Layers: 2, Size: size, BlockSizes: []uint32{32 << 10}, BaseType: vhdtest.Fixed})
	s, _ := newSession()
	open(t, s, given(c.Layers[0].Name, c.Layers[0].File))
	v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Length: size})
	checkBytes(t, v, c.Contents())
	for _, e := range v.Extents {
		for lba := e.Offset / 512; lba*512 < e.Offset+e.Length; lba++ {
			if (c.Owner(lba) == 0) != (e.State == "data") {
				t.Fatalf("sector %d of layer %d is in %+v", lba, c.Owner(lba), e)
			}
		}
		if e.State == "unreadable" && (e.Problem.Code != "parent-missing" || e.Layer != 1 || e.Problem.Layer != 1) {
			t.Errorf("extent %+v, %+v", e, e.Problem)
		}
	}
}

// TestViewOfAFileThatIsGone: each layer's file is asked a few times and no
// more, however ragged the chain; what the others supply is right.
func TestViewOfAFileThatIsGone(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 29, Layers: 2, Size: worker.MaxView, Whole: 0.01, Share: 0.5, Run: 1})
	s, _ := newSession()
	base := c.Layers[1].File
	file := &goneFile{File: base}
	open(t, s, given(c.Layers[0].Name, c.Layers[0].File), given("base.vhd", file))
	file.gone.Store(true)
	want := c.Contents()
	v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Length: worker.MaxView})
	if n := file.reads.Load(); n > 20 {
		t.Errorf("a file that is gone was asked %d times", n)
	}
	for _, e := range v.Extents {
		// That a sector is zeros only the base's bitmap could tell.
		if owner := c.Owner(e.Offset / 512); (owner == 0) != (e.State == "data") {
			t.Fatalf("sector %d of layer %d is in %+v", e.Offset/512, owner, e)
		}
		if e.State == "data" && !bytes.Equal(v.Bytes[e.Offset:e.Offset+e.Length], want[e.Offset:e.Offset+e.Length]) {
			t.Fatalf("wrong bytes in %+v", e)
		}
	}
}

// goneFile gives nothing from some moment on.
type goneFile struct {
	*vhdtest.File
	gone  atomic.Bool
	reads atomic.Int64
}

func (f *goneFile) ReadAt(p []byte, off int64) (int, error) {
	if !f.gone.Load() {
		return f.File.ReadAt(p, off)
	}
	f.reads.Add(1)
	return 0, &blobio.ReadError{Name: "base.vhd", Offset: off, Length: len(p), Err: blobio.ErrChanged}
}

// TestViewReadFails: what a file will not give is marked from there to the
// next 4 KiB of the disk, or the end of its extent; what stands before and
// behind is right.
func TestViewReadFails(t *testing.T) {
	const size = 512 << 10
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 23, Layers: 2, Size: size, BlockSizes: []uint32{32 << 10}, Leave: 0, Whole: 0.3, Share: 0.5})
	want := c.Contents()
	base := c.Layers[1].File
	for i, block := range base.Layout.Blocks {
		s, _ := newSession()
		bad := block.Data + 20*512 + 100
		broken := &blobio.ReadError{Name: "base.vhd", Offset: bad, Length: 1, Err: errors.New("the disk is broken")}
		file := &badFile{base, bad, bad + 300, broken}
		open(t, s, given(c.Layers[0].Name, c.Layers[0].File), given("base.vhd", file))
		v := ask[worker.View](t, s, CommandView, ViewRequest{Disk: 1, Length: size})
		checkBytes(t, v, want)
		first := int64(block.Index)<<15 + 20*512
		unreadable := 0
		for _, e := range v.Extents {
			if e.State != "unreadable" {
				continue
			}
			unreadable++
			if e.Offset != first+100 || e.Offset+e.Length > int64(block.Index+1)<<15 || e.Layer != 1 || e.Problem.File != "base.vhd" || e.Problem.Offset != bad || e.Problem.Layer != 1 {
				t.Errorf("block %d: extent %+v, %+v", i, e, e.Problem)
			}
		}
		if hidden := c.Owner(first/512) != 1; (unreadable == 1) == hidden || unreadable > 1 {
			t.Errorf("block %d: %d extents are unreadable, hidden: %v", i, unreadable, hidden)
		}

		v = ask[worker.View](t, s, CommandView, ViewRequest{File: 2, Length: min(worker.MaxView, base.Size())})
		checkBytes(t, v, base.Get(0, len(v.Bytes)))
		// Up to the next 4 KiB is given up, and what lies behind is read.
		behind := (bad + 4096) &^ 4095
		if e := v.Extents; len(e) != 3 || e[0].Length != bad || e[1].State != "unreadable" || e[1].Problem.File != "base.vhd" ||
			e[2].State != "data" || e[2].Offset != behind || e[2].Source != behind {
			t.Errorf("the file's own view: %+v", e)
		}
	}
}

// TestViewFileShrank: a file that ends sooner than it did says that it has
// changed.
func TestViewFileShrank(t *testing.T) {
	f := tiny("a", "")
	s, _ := newSession()
	open(t, s, given("a.vhd", &shrunk{f, f.Size()}))
	f.Truncate(f.Size() - 600)
	v := ask[worker.View](t, s, CommandView, ViewRequest{File: 1, Length: 1 << 20})
	last := v.Extents[len(v.Extents)-1]
	if last.State != "unreadable" || last.Offset != f.Size() || last.Length != 600 || last.Problem.Code != worker.CodeChanged || last.Problem.Message == "" {
		t.Errorf("extent %+v, %+v", last, last.Problem)
	}
	checkBytes(t, v, append(f.Bytes(), make([]byte, 600)...))
}

// shrunk is a file that has become shorter than its size.
type shrunk struct {
	*vhdtest.File
	size int64
}

func (f *shrunk) Size() int64 { return f.size }

// TestExtentsLimit: a range of too many extents is refused, and asking for
// less is answered.
func TestExtentsLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("a million extents")
	}
	// Every other sector is the child's.
	const size = (maxExtents + 2) * 512
	bitmap := bytes.Repeat([]byte{0xAA}, 512)
	spec := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, BlockSize: 2 << 20}
	for i := range (size + 2<<20 - 1) / (2 << 20) {
		spec.Blocks = append(spec.Blocks, vhdtest.Block{Index: i, Bitmap: bitmap, Fill: func(p []byte, _ int64) { clear(p) }})
	}
	s, _ := newSession()
	open(t, s, given("a.vhd", spec.Build()))
	p := wantProblem(t, s, CommandExtents, ExtentsRequest{1, 0, size}, worker.CodeBadRequest)
	if !strings.Contains(p.Message, dec(maxExtents)) {
		t.Errorf("problem %+v", p)
	}
	list := ask[ExtentList](t, s, CommandExtents, ExtentsRequest{1, 0, size - 1024})
	if len(list.Extents) != maxExtents {
		t.Errorf("%d extents, want %d", len(list.Extents), maxExtents)
	}
	checkExtents(t, list.Extents, 0, size-1024)

	ctx := &countdown{Context: context.Background(), left: 100}
	if kind, value, problem := do(ctx, s, CommandExtents, ExtentsRequest{1, 0, size - 1024}, nil); kind != worker.ReplyCancelled || value != nil || problem != nil {
		t.Errorf("cancelled: %s %v %v", kind, value, problem)
	}
	if ctx.left < -10 {
		t.Errorf("it went on after it was cancelled: %d", ctx.left)
	}
}

// countdown is a context that is cancelled after its error was asked for a
// number of times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left >= 0 {
		return nil
	}
	return context.Canceled
}
