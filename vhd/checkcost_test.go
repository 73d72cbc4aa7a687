package vhd

import (
	"context"
	"errors"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// manyBlocks is an image of n whole blocks in reverse order.
func manyBlocks(n int, size uint32) *vhdtest.File {
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: int64(n) * int64(size), BlockSize: size}
	for i := range n {
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: n - 1 - i})
	}
	return s.Build()
}

// togetherReader is a countingReader that reads many ranges at once.
type togetherReader struct {
	*countingReader
	together, most int
}

func (r *togetherReader) ReadMany(p [][]byte, off []int64) error {
	r.together++
	r.most = max(r.most, len(p))
	for i := range p {
		if i > 0 && off[i] <= off[i-1] {
			return errors.New("not in the order of the file")
		}
		if _, err := readFull(r.ReaderAt, p[i], off[i]); err != nil {
			return err
		}
	}
	return nil
}

// TestCheckReadsEachBitmapOnce: a read a bitmap where blocks lie apart, one
// for many where they lie together, or where the reader reads many at once.
func TestCheckReadsEachBitmapOnce(t *testing.T) {
	const n = 1000
	apart, together := manyBlocks(n, 64<<10), manyBlocks(n, 512)
	opening := func(f *vhdtest.File) int {
		r := &countingReader{ReaderAt: f}
		if _, err := Open(r, f.Size()); err != nil {
			t.Fatal(err)
		}
		return r.reads
	}
	r := &countingReader{ReaderAt: apart}
	wantRules(t, "apart", checkFile(t, r, apart.Size(), CheckOptions{}), nil)
	if got := r.reads - opening(apart); got > n+3 || r.bytes > n*512+(32<<10) {
		t.Errorf("%d reads and %d bytes for %d bitmaps", got, r.bytes, n)
	}
	r = &countingReader{ReaderAt: together}
	wantRules(t, "together", checkFile(t, r, together.Size(), CheckOptions{}), nil)
	if got := r.reads - opening(together); got > n/200 {
		t.Errorf("%d reads for %d bitmaps that lie together", got, n)
	}
	many := &togetherReader{countingReader: &countingReader{ReaderAt: apart}}
	wantRules(t, "at once", checkFile(t, many, apart.Size(), CheckOptions{}), nil)
	if got := many.reads - opening(apart); got > 3 || many.together > n/200 || int64(many.most)*512 > bitmapBatch {
		t.Errorf("%d reads, and %d of up to %d bitmaps at once", got, many.together, many.most)
	}
}

// TestCheckOfAHugeDisk: a 2040 GiB disk of three blocks costs its BAT, and
// some reads.
func TestCheckOfAHugeDisk(t *testing.T) {
	const entries = 2040 << 9
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2040 << 30, Blocks: []vhdtest.Block{{Index: entries - 1}, {Index: 5}, {Index: 0}}}.Build()
	r := &countingReader{ReaderAt: f}
	spent := allocated(func() { wantRules(t, "huge", checkFile(t, r, f.Size(), CheckOptions{}), nil) })
	if spent > 5<<20 || r.reads > 16 {
		t.Errorf("%d bytes allocated and %d reads for a BAT of 4 MiB", spent, r.reads)
	}
}

// TestCheckOfBlocksAtOnePlace: bytes that a thousand blocks share are read once.
func TestCheckOfBlocksAtOnePlace(t *testing.T) {
	f := manyBlocks(1000, 64<<10)
	for b := range 1000 { // each a sector behind the last
		f.SetEntry(b, uint32(f.Layout.Blocks[0].Bitmap/512)+uint32(b))
	}
	var last int64
	r := &countingReader{ReaderAt: f}
	found, err := CheckFile(context.Background(), r, f.Size(), CheckOptions{Data: true, Progress: func(done, total int64) { last = total - done }})
	if err != nil || r.bytes > 3<<20 || last != 0 {
		t.Errorf("%v; %d bytes were read of %d, %d of progress are missing; %d findings", err, r.bytes, 64<<10+1000*512, last, len(found))
	}
}

// TestCheckMemory: many small blocks cost little more than their
// entries in lists.
func TestCheckMemory(t *testing.T) {
	const n = 1 << 16
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: n * 512, BlockSize: 512}.Build()
	table := make([]byte, 4*n)
	for b := range uint32(n) { // all apart, in reverse
		put32(int(4*b), uint32(f.Size()/512)+2*(n-b))(table)
	}
	f.Put(f.Layout.Table, table)
	footer := f.Get(f.Layout.Footer, 512)
	f.Put(f.Layout.Footer, make([]byte, 512))
	f.Truncate(f.Size() + 2*512*(n+2))
	f.Append(footer)
	var found []Finding
	if spent := allocated(func() { found = checkFile(t, f, f.Size(), CheckOptions{}) }); spent > 12*4*n+8*n+4*checkWindow {
		t.Errorf("a check of %d blocks allocated %d bytes", n, spent)
	}
	wantRules(t, "many", found, nil)
}

// TestCheckProgress: it only grows, and ends with all.
func TestCheckProgress(t *testing.T) {
	f, outside := manyBlocks(300, 4096), tableImage()
	outside.SetEntry(2, 0xFFFFFF00)
	for _, c := range []struct {
		chain []*vhdtest.File
		data  bool
		total int64
	}{
		{[]*vhdtest.File{f}, false, 300 * 512},
		{[]*vhdtest.File{f}, true, 300 * (512 + 4096)},
		{[]*vhdtest.File{outside}, true, 4 * (512 + 4096)},
		{[]*vhdtest.File{fixedImage()}, true, 2048},
		{[]*vhdtest.File{fixedImage()}, false, 0},
		{[]*vhdtest.File{childLayer(nil).file, f, fixedImage()}, true, 300*(512+4096) + 2048},
	} {
		var chain []Candidate
		for _, f := range c.chain {
			chain = append(chain, Candidate{Image: mustOpen(t, f)})
		}
		last, calls := int64(0), 0
		_, err := CheckChain(context.Background(), chain, CheckOptions{Data: c.data, Progress: func(done, total int64) {
			if calls++; done <= last || total != c.total {
				t.Errorf("progress %d of %d after %d, want %d in all", done, total, last, c.total)
			}
			if total > 1<<20 && done-last > total/4 {
				t.Errorf("a step from %d to %d of %d", last, done, total)
			}
			last = done
		}})
		if err != nil || last != c.total || c.total > 1<<20 && calls < 10 {
			t.Errorf("%v; progress ended at %d of %d after %d calls", err, last, c.total, calls)
		}
	}
}

// TestCheckIsCancelled: it ends at once, wherever it is.
func TestCheckIsCancelled(t *testing.T) {
	for name, f := range map[string]*vhdtest.File{"dynamic": manyBlocks(600, 8192), "fixed": vhdtest.Spec{Type: vhdtest.Fixed, Size: 8 << 20}.Build()} {
		for _, data := range []bool{true, false} {
			if name == "fixed" && !data {
				continue
			}
			ctx, cancel := context.WithCancel(context.Background())
			calls := 0
			found, err := CheckFile(ctx, f, f.Size(), CheckOptions{Data: data, Progress: func(int64, int64) {
				calls++
				cancel()
			}})
			if !errors.Is(err, context.Canceled) || found != nil || calls != 1 {
				t.Errorf("%s, data %t: %v, %d findings after %d calls", name, data, err, len(found), calls)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := CheckFile(ctx, goodImage(), goodImage().Size(), CheckOptions{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestCheckGoesOnBehindBadBytes: what cannot be read is told with its place,
// and the rest is checked.
func TestCheckGoesOnBehindBadBytes(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4 << 20, Blocks: []vhdtest.Block{
		{Index: 0, Data: pattern(0, 0)}, {Index: 1, Sectors: map[int][]byte{9: pattern(0, 9)}, Data: pattern(0, 3)}}}.Build()
	first, second := f.Layout.Blocks[0], f.Layout.Blocks[1]
	bad := failingReader{f, first.Data + (1<<20 - 8192), first.Data + 1<<20 + 5000}
	found := checkFile(t, bad, f.Size(), CheckOptions{Data: true})
	wantRules(t, "data", found, []Rule{RuleRead, RuleBitmapData})
	if e := found[0]; e.Offset != first.Data+(1<<20-8192) || e.Length != 16<<10 {
		t.Errorf("bad bytes are told at %#x+%d", e.Offset, e.Length)
	}
	if e := found[1]; e.Offset != second.Data {
		t.Errorf("the second block's finding is at %#x", e.Offset)
	}
	found = checkFile(t, failingReader{f, first.Bitmap, first.Bitmap + 1}, f.Size(), CheckOptions{Data: true})
	wantRules(t, "bitmap", found, []Rule{RuleRead, RuleBitmapData})
	if e := found[0]; e.Offset != first.Bitmap || e.Length != 512 {
		t.Errorf("the bad bitmap is told at %#x+%d", e.Offset, e.Length)
	}
}

// TestCheckGivesUp: of a file that is gone not everything is tried.
func TestCheckGivesUp(t *testing.T) {
	f := manyBlocks(3*maxFailures, 4096)
	blocks := f.Layout.Blocks
	for _, data := range []bool{false, true} {
		r := &countingReader{ReaderAt: failingReader{f, blocks[0].Bitmap, f.Layout.Footer - 8192}}
		found := checkFile(t, r, f.Size(), CheckOptions{Data: data})
		if len(found) != maxListed+2 || found[0].Rule != RuleRead || found[0].Offset != blocks[0].Bitmap || r.reads > 6*maxFailures {
			t.Errorf("data %t: %d findings, the first %+v, after %d reads", data, len(found), found[0], r.reads)
		}
	}
	fixed := vhdtest.Spec{Type: vhdtest.Fixed, Size: 2 << 30}.Build()
	r := &countingReader{ReaderAt: failingReader{fixed, 8192, fixed.Layout.Footer - 8192}}
	found := checkFile(t, r, fixed.Size(), CheckOptions{Data: true})
	if len(found) != 2 || found[0].Offset != 8192 || r.reads > maxFailures+100 {
		t.Errorf("fixed: %+v after %d reads", found, r.reads)
	}
}
