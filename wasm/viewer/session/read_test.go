package session

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"vhdscope/blobio"
	"vhdscope/vhd/vhdtest"
	"vhdscope/wasm/worker"
)

// read reads a range of a disk, which must succeed.
func read(t testing.TB, s *Session, disk int, off, n int64) []byte {
	t.Helper()
	b := ask[Bytes](t, s, CommandRead, ReadRequest{disk, off, n}).Bytes.([]byte)
	if int64(len(b)) != n {
		t.Fatalf("%d bytes, want %d", len(b), n)
	}
	return b
}

// readAll reads a whole disk.
func readAll(t testing.TB, s *Session, disk int, size int64) []byte {
	t.Helper()
	return read(t, s, disk, 0, size)
}

// coarseChain has extents that are worth reading one by one, raggedChain has
// not.
func coarseChain(seed uint64, size int64) *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: size, BlockSizes: []uint32{2 << 20, 512 << 10}, Leave: 0.6, Whole: 0.4})
}

func raggedChain(seed uint64, size int64) *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 4, Size: size, BlockSizes: []uint32{256 << 10, 2 << 20, 64 << 10}})
}

// TestReadWholeDisk: a disk is what the model says, whichever way it is read.
func TestReadWholeDisk(t *testing.T) {
	const size = 9<<20 + 3*512
	seeds := uint64(3)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		for _, test := range []struct {
			name          string
			c             *vhdtest.Chain
			cannotCompose bool
			composed      bool
		}{
			{"coarse", coarseChain(seed, size), false, true},
			{"coarse, not composed", coarseChain(seed, size), true, false},
			{"ragged", raggedChain(seed, size), false, false},
			{"ragged, fixed base", vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 2, Size: size, BaseType: vhdtest.Fixed}), false, false},
			{"sizes", vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: size, Sizes: []int64{size + 1<<20, size / 1024 * 512, size}}), false, false},
		} {
			s, h := newSession()
			h.cannotCompose = test.cannotCompose
			openChain(t, s, test.c)
			want := test.c.Contents()
			if got := readAll(t, s, 1, size); vhdtest.Diff(got, want) != "" {
				t.Errorf("%s %d: %s", test.name, seed, vhdtest.Diff(got, want))
			}
			if (h.composed.Load() > 0) != test.composed || (h.gathered.Load() > 0) == test.composed {
				t.Errorf("%s %d: %d parts were composed, %d gathered", test.name, seed, h.composed.Load(), h.gathered.Load())
			}
		}
	}
}

// TestReadRanges reads any ranges of chains, and forwards so that what comes
// next is prepared.
func TestReadRanges(t *testing.T) {
	const size = 5<<20 + 512
	random := rand.New(rand.NewPCG(5, 6))
	for _, c := range []*vhdtest.Chain{coarseChain(7, size), raggedChain(8, size)} {
		s, _ := newSession()
		openChain(t, s, c)
		want := c.Contents()
		check := func(off, n int64) {
			t.Helper()
			if got := read(t, s, 1, off, n); string(got) != string(want[off:off+n]) {
				t.Errorf("%d bytes at %d: %s", n, off, vhdtest.Diff(got, want[off:off+n]))
			}
		}
		for range 200 {
			off := random.Int64N(size)
			check(off, random.Int64N(min(size-off, 1<<(1+random.IntN(22)))+1))
		}
		for off := int64(0); off < size; {
			n := min(size-off, 300_000)
			check(off, n)
			off += n
		}
		check(0, 0)
		check(size, 0)
		check(size-1, 1)
	}
}

// TestReadOn reads a disk from its start to its end, which is read ahead of:
// the bytes are right, a fault is told where it is, and nothing of it stays.
func TestReadOn(t *testing.T) {
	const size, step, at = 12<<20 + 512, 3 << 19, 7<<20 + 100
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 16, Layers: 1, Size: size, BaseType: vhdtest.Fixed})
	var broken atomic.Bool
	s, _ := newSession()
	open(t, s, given("base.vhd", &hooked{sized: c.Layers[0].File, at: func(off, end int64) error {
		if broken.Load() && off <= at && at < end {
			return &blobio.ReadError{Name: "base.vhd", Offset: at, Length: 1, Err: errors.New("the disk is broken")}
		}
		return nil
	}}))
	want := c.Contents()
	for _, bad := range []bool{false, true, false} {
		broken.Store(bad)
		for off := int64(0); off < size; off += step {
			n := min(step, size-off)
			if bad && off <= at && at < off+n {
				if p := wantProblem(t, s, CommandRead, ReadRequest{1, off, n}, "read"); p.File != "base.vhd" || p.Offset != at {
					t.Errorf("problem %+v", p)
				}
				continue
			}
			if got := read(t, s, 1, off, n); string(got) != string(want[off:off+n]) {
				t.Errorf("%d bytes at %d: %s", n, off, vhdtest.Diff(got, want[off:off+n]))
			}
		}
	}
}

// TestReadElsewhere: what was read ahead is no answer to another request.
func TestReadElsewhere(t *testing.T) {
	const size, step = 12 << 20, 2 << 20
	c := raggedChain(17, size)
	want := c.Contents()
	for _, next := range [][2]int64{{2 * step, step}, {2 * step, step - 512}, {2 * step, step + 512}, {2*step + 512, step}, {0, step}, {step, step}, {3 * step, step}} {
		s, _ := newSession()
		openChain(t, s, c)
		read(t, s, 1, 0, step)
		read(t, s, 1, step, step)
		if got := read(t, s, 1, next[0], next[1]); string(got) != string(want[next[0]:next[0]+next[1]]) {
			t.Errorf("%d bytes at %d: %s", next[1], next[0], vhdtest.Diff(got, want[next[0]:next[0]+next[1]]))
		}
	}
}

// TestReadSegments reads more than is planned as one, most of it zeros.
func TestReadSegments(t *testing.T) {
	const size = 2*segment + 12<<20 + 512
	specs := []vhdtest.ChainSpec{
		{Seed: 9, Layers: 2, Size: size, Leave: 0.94, Whole: 0.06},
		{Seed: 10, Layers: 2, Size: size, Leave: 0.97, Share: 0.5},
	}
	for _, spec := range specs {
		c := vhdtest.NewChain(spec)
		s, h := newSession()
		openChain(t, s, c)
		var mu sync.Mutex
		var most int64
		progress := func(done, total int64) {
			mu.Lock()
			defer mu.Unlock()
			most = max(most, done)
			if total != size-700 || done <= 0 || done > total {
				t.Errorf("%d of %d bytes are done", done, total)
			}
		}
		_, value, problem := do(context.Background(), s, CommandRead, ReadRequest{1, 700, size - 700}, progress)
		if problem != nil {
			t.Fatal(problem)
		}
		if most != size-700 {
			t.Errorf("progress ends with %d of %d bytes", most, size-700)
		}
		got := value.(*Bytes).Bytes.([]byte)
		want := make([]byte, 1<<20)
		for off := int64(700); off < size; off += int64(len(want)) {
			want = want[:min(int64(len(want)), size-off)]
			if _, err := c.ReadAt(want, off); err != nil && err != io.EOF {
				t.Fatal(err)
			}
			if part := got[off-700:][:len(want)]; string(part) != string(want) {
				t.Fatalf("at %d: %s", off, vhdtest.Diff(part, want))
			}
		}
		if h.composed.Load()+h.gathered.Load() < 3 {
			t.Errorf("%d parts were composed, %d gathered", h.composed.Load(), h.gathered.Load())
		}
	}
}

func TestReadProgress(t *testing.T) {
	const size = 9 << 20
	for _, c := range []*vhdtest.Chain{coarseChain(7, size), raggedChain(8, size)} {
		s, _ := newSession()
		openChain(t, s, c)
		var calls, last atomic.Int64
		kind, _, problem := do(context.Background(), s, CommandRead, ReadRequest{1, 512, size - 1024}, func(done, total int64) {
			calls.Add(1)
			if total != size-1024 || done > total {
				t.Errorf("%d of %d bytes are done", done, total)
			}
			if done == total {
				last.Store(done)
			}
		})
		if kind != worker.ReplyResult || problem != nil || last.Load() != size-1024 {
			t.Errorf("%s %v after %d reports, the last of %d bytes", kind, problem, calls.Load(), last.Load())
		}
	}
}

func TestReadBounds(t *testing.T) {
	s, _ := newSession()
	open(t, s, given("a.vhd", tiny("a", "")), given("raw.img", raw(make([]byte, 512))))
	const size = 8 * 4096
	for _, r := range []ReadRequest{
		{1, size, 1}, {1, size + 1, 0}, {1, 0, size + 1}, {1, size - 1, 2}, {1, -1, 1}, {1, 0, -1}, {1, -1, -1},
		{1, 1<<53 - 1, 1<<53 - 1}, {1, 1, 1<<63 - 1}, {1, 1<<63 - 1, 1<<63 - 1}, {1, -1 << 63, -1 << 63},
		{0, 0, 1}, {2, 0, 1}, {99, 0, 1},
	} {
		wantProblem(t, s, CommandRead, r, worker.CodeBadRequest)
		wantProblem(t, s, CommandExtents, ExtentsRequest(r), worker.CodeBadRequest)
	}
}

// TestReadCancelled cancels at the first report: what is read until then is
// dropped.
func TestReadCancelled(t *testing.T) {
	const size = 2*segment + 4<<20
	for _, spec := range []vhdtest.ChainSpec{
		{Seed: 11, Layers: 2, Size: size, Leave: 0.96, Whole: 0.04},
		{Seed: 12, Layers: 2, Size: size, Leave: 0.97, Share: 0.5, BlockSizes: []uint32{256 << 10}},
	} {
		s, _ := newSession()
		openChain(t, s, vhdtest.NewChain(spec))
		ctx, cancel := context.WithCancel(context.Background())
		var most atomic.Int64
		kind, value, problem := do(ctx, s, CommandRead, ReadRequest{1, 0, size}, func(done, _ int64) {
			cancel()
			for most.Load() < done && !most.CompareAndSwap(most.Load(), done) {
			}
		})
		if kind != worker.ReplyCancelled || value != nil || problem != nil {
			t.Errorf("%s %v %v", kind, value, problem)
		}
		if most.Load() == size {
			t.Error("it was read to its end")
		}
		if kind, _, _ := do(ctx, s, CommandRead, ReadRequest{1, 0, 4096}, nil); kind != worker.ReplyCancelled {
			t.Errorf("cancelled before it began: %s", kind)
		}
	}
}

// TestReadSourceFails: the error is that of the first byte which cannot be
// read, with the file's name and place, whichever part fails first.
func TestReadSourceFails(t *testing.T) {
	const size = 16 << 20
	broken := errors.New("the disk is broken")
	for range 5 {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 13, Layers: 1, Size: size, BaseType: vhdtest.Fixed})
		late := make(chan struct{})
		s, _ := newSession()
		// The later part fails while the earlier still waits.
		f := &hooked{sized: c.Layers[0].File, at: func(off, end int64) error {
			switch {
			case off <= 11<<20 && 11<<20 < end:
				select {
				case <-late:
				default:
					close(late)
				}
				return &blobio.ReadError{Name: "base.vhd", Offset: 11 << 20, Length: 512, Err: broken}
			case off <= 5<<20 && 5<<20 < end:
				<-late
				return &blobio.ReadError{Name: "base.vhd", Offset: 5 << 20, Length: 512, Err: broken}
			}
			return nil
		}}
		open(t, s, given("base.vhd", f))
		s.host.(*testHost).cannotCompose = true
		p := wantProblem(t, s, CommandRead, ReadRequest{1, 4 << 20, 12 << 20}, "read")
		if p.Offset != 5<<20 || p.File != "base.vhd" || p.Layer != 0 || !strings.Contains(p.Message, "broken") {
			t.Errorf("problem %+v", p)
		}
	}
}

// hooked is a file whose reads are looked at first.
type hooked struct {
	sized
	at func(off, end int64) error
}

func (f *hooked) ReadAt(p []byte, off int64) (int, error) {
	if err := f.at(off, off+int64(len(p))); err != nil {
		return 0, err
	}
	return f.sized.ReadAt(p, off)
}

// TestReadAfterFailedCompose: where a part cannot be composed it is
// gathered, and only what the range needs has to be readable.
func TestReadAfterFailedCompose(t *testing.T) {
	const size = 8 << 20
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 14, Layers: 3, Size: size, BlockSizes: []uint32{256 << 10}, Leave: 0.5, Whole: 0.5})
	s, h := newSession()
	var files []worker.OpenFile
	for _, l := range c.Layers {
		files = append(files, given(l.Name, l.File))
	}
	base := c.Layers[2].File
	var lost vhdtest.BlockLayout // a block of the base that no layer above hides
	for _, lost = range base.Layout.Blocks {
		if c.Owner(int64(lost.Index)*512+1) == 2 {
			break
		}
	}
	files[2].File = &badFile{base, lost.Data + 1000, lost.Data + 1001, errors.New("unreadable")}
	open(t, s, files...)
	want := c.Contents()
	lostOne := false
	for off := int64(0); off < size; off += 256 << 10 {
		kind, value, problem := do(context.Background(), s, CommandRead, ReadRequest{1, off, 256 << 10}, nil)
		inBlock := off == int64(lost.Index)*256<<10
		if inBlock && c.Owner(off/512+1) == 2 {
			lostOne = true
			if kind != worker.ReplyError || problem.Layer != 2 || problem.Offset != lost.Data+1000 || problem.File != c.Layers[2].Name {
				t.Errorf("at %d: %s %+v", off, kind, problem)
			}
		} else if kind != worker.ReplyResult {
			t.Errorf("at %d: %s %+v", off, kind, problem)
		} else if got := value.(*Bytes).Bytes.([]byte); string(got) != string(want[off:off+256<<10]) {
			t.Errorf("at %d: %s", off, vhdtest.Diff(got, want[off:off+256<<10]))
		}
	}
	if h.composed.Load() == 0 || !lostOne {
		t.Errorf("%d parts were composed, the bad byte was met: %v", h.composed.Load(), lostOne)
	}
}

// TestReadMissingParent: what the open layers have is read, the rest is an
// error.
func TestReadMissingParent(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 15, Layers: 2, Size: 1 << 20, BlockSizes: []uint32{64 << 10}, BaseType: vhdtest.Fixed})
	s, _ := newSession()
	open(t, s, given(c.Layers[0].Name, c.Layers[0].File))
	here, there := 0, 0
	for lba := range c.Size() / 512 {
		if c.Owner(lba) == 0 {
			here++
			if got, want := read(t, s, 1, lba*512, 512), vhdtest.Pattern(0+c.Layers[0].Number, lba); string(got) != string(want[:]) {
				t.Fatalf("sector %d: %s", lba, vhdtest.Describe(got))
			}
			continue
		}
		there++
		p := wantProblem(t, s, CommandRead, ReadRequest{1, lba * 512, 512}, "parent-missing")
		if p.Layer != 1 || p.Offset != -1 || !strings.Contains(p.Message, text(c.Layers[1].Spec.UUID)) {
			t.Fatalf("problem %+v", p)
		}
	}
	if here == 0 || there == 0 {
		t.Errorf("%d sectors here, %d in the parent", here, there)
	}
}

// TestReadNoRoom: a result that the host has no room for is an error.
func TestReadNoRoom(t *testing.T) {
	s, _ := newSession()
	open(t, s, given("huge.vhd", vhdtest.Spec{Type: vhdtest.Dynamic, Size: 40 << 30, BlockSize: 256 << 20}.Build()))
	s.host.(*testHost).cannotCompose = true
	wantProblem(t, s, CommandRead, ReadRequest{1, 0, 40 << 30}, worker.CodeInternal)
}

// TestInParts: every part is done once, parts begin at multiples, and of
// several failures the first in the range is told.
func TestInParts(t *testing.T) {
	for _, test := range []struct{ from, to, size int64 }{
		{0, 0, 4}, {0, 4, 4}, {0, 9, 4}, {3, 4, 4}, {3, 9, 4}, {4, 4, 4}, {7, 31, 4}, {1<<40 + 1, 1<<40 + 13, 4},
	} {
		var mu sync.Mutex
		var parts [][2]int64
		if err := worker.InParts(test.from, test.to, test.size, 3, func(off, n int64) error {
			mu.Lock()
			defer mu.Unlock()
			parts = append(parts, [2]int64{off, n})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(parts, func(a, b [2]int64) int { return int(a[0] - b[0]) })
		at := test.from
		for i, p := range parts {
			if p[0] != at || p[1] <= 0 || p[1] > test.size || i > 0 && p[0]%test.size != 0 {
				t.Errorf("%+v: parts %v", test, parts)
			}
			at = p[0] + p[1]
		}
		if at != test.to {
			t.Errorf("%+v: parts %v", test, parts)
		}
	}
	first, second := errors.New("first"), errors.New("second")
	failed := make(chan struct{})
	err := worker.InParts(0, 40, 4, 4, func(off, _ int64) error {
		switch off {
		case 4:
			<-failed
			return first
		case 12:
			defer close(failed)
			return second
		case 8:
			return nil
		}
		return nil
	})
	if err != first {
		t.Errorf("error %v, want the first", err)
	}
}
