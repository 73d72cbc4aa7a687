package vhd

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// openStored opens a file for writing.
func openStored(t testing.TB, f *vhdtest.File, below ...*Image) (*storage, *Writer) {
	t.Helper()
	s := &storage{file: f}
	w, err := OpenWriter(s, f.Size(), below...)
	if err != nil {
		t.Fatalf("OpenWriter: %v", err)
	}
	return s, w
}

func mustWrite(t testing.TB, w *Writer, p []byte, off int64) {
	t.Helper()
	if n, err := w.WriteAt(p, off); n != len(p) || err != nil {
		t.Fatalf("WriteAt(%d bytes, %d): %d, %v", len(p), off, n, err)
	}
}

// wantChecked fails if the checker finds anything in a file.
func wantChecked(t testing.TB, f *vhdtest.File) {
	t.Helper()
	found, err := CheckFile(context.Background(), f, f.Size(), CheckOptions{Data: true})
	if err != nil || len(found) > 0 {
		t.Errorf("findings: %+v, %v", found, err)
	}
}

// TestNewBlocksAreAligned: the data of a new block begins on 4 KiB whatever
// the size of its bitmap, and the file ends there.
func TestNewBlocksAreAligned(t *testing.T) {
	for _, blockSize := range []int64{512, 4096, 512 << 10, 2 << 20, 4 << 20, 16 << 20, 256 << 20} {
		f, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 5 * blockSize, BlockSize: blockSize})
		_, w := openStored(t, f)
		for _, b := range []int64{3, 0, 4} {
			mustWrite(t, w, pattern(1, b), b*blockSize)
			at, err := w.Image().BlockOffset(b)
			if err != nil || (at+bitmapSize(blockSize))%4096 != 0 || f.Size()%4096 != 0 {
				t.Errorf("block %d of %d bytes lies at %#x of %#x, %v", b, blockSize, at, f.Size(), err)
			}
			if blockSize == 2<<20 && at/512%8 != 7 {
				t.Errorf("the bitmap of a 2 MiB block lies at sector %d", at/512)
			}
		}
		if blockSize <= 16<<20 {
			wantChecked(t, f)
		}
	}
}

// TestNewBlocksLieBehindEverything: the space of locators, the batmap, and a
// last block that is cut where the disk ends.
func TestNewBlocksLieBehindEverything(t *testing.T) {
	far := vhdtest.Relative(`.\p.vhd`)
	far.Space = 1 << 20
	for name, s := range map[string]vhdtest.Spec{
		"locator space": {Type: vhdtest.Differencing, Size: 64 << 10, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p.vhd", Locators: []vhdtest.Locator{far}},
		"batmap":        {Type: vhdtest.Dynamic, Size: 64 << 10, BlockSize: 4096, Batmap: &vhdtest.Batmap{}},
		"cut block":     {Type: vhdtest.Dynamic, Size: 48<<10 + 2048, BlockSize: 16 << 10, Blocks: []vhdtest.Block{{Index: 3, Data: pattern(0, 0), Stored: 2048}}},
		"windows": vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 64 << 10, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p.vhd"},
			`.\p.vhd`, `C:\p.vhd`),
	} {
		f := s.Build()
		old := f.Layout.Footer
		_, w := openStored(t, f)
		mustWrite(t, w, pattern(1, 0), 0)
		if at, err := w.Image().BlockOffset(0); err != nil || at < old {
			t.Errorf("%s: the block lies at %#x, the old footer at %#x (%v)", name, at, old, err)
		}
		if last, ok := f.Layout.Block(3); ok {
			if at, _ := w.Image().BlockOffset(0); at < last.Data+16<<10 {
				t.Errorf("%s: the block lies at %#x, over the whole of the last one", name, at)
			}
		}
		if err := checkPlaces(f, f.Get(f.Size()-512, 512), s.Size, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantChecked(t, f)
	}
}

// TestNewBlocksAreZeroed where the file holds other bytes already: those of a
// block that was never entered, because its entry could not be written.
func TestNewBlocksAreZeroed(t *testing.T) {
	f, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 64 << 10, BlockSize: 16 << 10})
	s, w := openStored(t, f)
	left := 2 // footer, data; the bitmap's write fails
	s.fail = func(storageOp) (int, bool) { left--; return 0, left < 0 }
	if _, err := w.WriteAt(bytes.Repeat([]byte{0xEE}, 4096), 8192); err == nil {
		t.Fatal("no error")
	}
	s.fail = nil
	mustWrite(t, w, pattern(1, 0), 0)
	wantChecked(t, f)
	if at, err := w.Image().BlockOffset(0); err != nil || !allZero(f.Get(at+512+512, 16<<10-512)) {
		t.Errorf("the block at %#x has other bytes than those written (%v)", at, err)
	}
}

// TestImagesThatCannotGrow: a block of a table entry's 32 bits lies below 2 TiB.
func TestImagesThatCannotGrow(t *testing.T) {
	far := vhdtest.Relative(`.\p.vhd`)
	far.At = 2<<40 - 100<<10
	s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1 << 20, BlockSize: 32 << 10, ParentUUID: vhdtest.ID("p"), ParentName: "p.vhd", Locators: []vhdtest.Locator{far}}
	f := s.Build()
	st, w := openStored(t, f)
	grown := 0
	var err error
	for b := int64(0); b < 32 && err == nil; b++ {
		if _, err = w.WriteAt(bytes.Repeat([]byte{7}, 512), b*32<<10); err == nil {
			grown++
		}
	}
	wantError(t, err, ErrFormat, RuleSize)
	if grown != 2 {
		t.Errorf("%d blocks were added", grown)
	}
	ops := len(st.ops)
	if _, err := w.WriteAt(make([]byte, 512), 20*32<<10); err == nil || len(st.ops) != ops {
		t.Errorf("a refused write wrote: %v", err)
	}
	mustWrite(t, w, pattern(1, 1), 512) // where there is a block already
	im := mustOpen(t, f)
	wantClean(t, im)
	wantBytes(t, sectorOf(t, mustDisk(t, im), 1), pattern(1, 1))
}

func TestWritesOutsideTheDiskAreRefused(t *testing.T) {
	dynamic, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 5632, BlockSize: 4096})
	fixed, _ := mustCreate(t, NewImage{Type: Fixed, Size: 5632})
	differencing, _ := mustCreate(t, NewImage{Type: Differencing, Size: 5632, BlockSize: 4096, Parent: &Parent{UUID: UUID{1}, Relative: "p"}})
	for _, f := range []*vhdtest.File{dynamic, fixed, differencing} {
		s, w := openStored(t, f)
		for _, c := range []struct{ off, n int64 }{{5632, 1}, {5631, 2}, {0, 5633}, {-1, 1}, {math.MaxInt64, 1}, {math.MinInt64, 1}, {5633, 0}} {
			n, err := w.WriteAt(make([]byte, c.n), c.off)
			if wantError(t, err, ErrBounds, RuleBounds); n != 0 {
				t.Errorf("%d bytes at %d: %d written", c.n, c.off, n)
			}
			if err := w.Revert(c.off, c.n); err == nil {
				t.Errorf("Revert(%d, %d)", c.off, c.n)
			}
		}
		if n, err := w.WriteAt(nil, 5632); n != 0 || err != nil {
			t.Error(n, err)
		}
		if len(s.ops) > 0 {
			t.Errorf("%s: %d writes", w.Image().Type(), len(s.ops))
		}
	}
	_, w := openStored(t, differencing)
	for _, c := range []struct{ off, n int64 }{{1, 512}, {0, 511}, {512, 100}} {
		wantError(t, w.Revert(c.off, c.n), ErrFormat, RuleBounds)
	}
	if err := w.Revert(4096, 1536); err != nil {
		t.Error(err)
	}
	_, w = openStored(t, dynamic)
	wantError(t, w.Revert(0, 512), ErrFormat, RuleDiskType)
}

func TestFixedDisksAreWrittenInPlace(t *testing.T) {
	f := fixedImage()
	want := f.Bytes()
	s, w := openStored(t, f)
	mustWrite(t, w, []byte("abc"), 700)
	mustWrite(t, w, []byte("the end"), 2041)
	copy(want[700:], "abc")
	copy(want[2041:], "the end")
	if !bytes.Equal(f.Bytes(), want) || w.FileSize() != int64(len(want)) || len(s.ops) != 2 {
		t.Errorf("%d writes, %d bytes", len(s.ops), w.FileSize())
	}
	wantBytes(t, readAll(t, mustDisk(t, w.Image())), want[:2048])
}

// TestDisksThatEndInsideASector, which other tools make: their last bytes can
// be written, and nothing behind.
func TestDisksThatEndInsideASector(t *testing.T) {
	base := mustOpen(t, vhdtest.Spec{Type: vhdtest.Fixed, Size: 5000, Data: blockDataLong(5000)}.Build())
	want := blockDataLong(5000)
	f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 5000, BlockSize: 4096, ParentUUID: vhdtest.ID("p"), ParentName: "p"}.Build()
	_, w := openStored(t, f, base)
	d := mustDisk(t, w.Image(), base)
	mustWrite(t, w, []byte("end"), 4997)
	copy(want[4997:], "end")
	wantBytes(t, readAll(t, d), want)
	mustWrite(t, w, want[3000:], 3000)
	wantBytes(t, readAll(t, mustDisk(t, mustOpen(t, f), base)), want)
	if err := w.Revert(4096, 904); err != nil {
		t.Fatal(err)
	}
	wantBytes(t, readAll(t, d), blockDataLong(5000))
}

// TestPartOfASectorNeedsTheRest: where the chain cannot give it, nothing is
// written and the error is the chain's.
func TestPartOfASectorNeedsTheRest(t *testing.T) {
	f, _ := mustCreate(t, childOf(Parent{UUID: UUID{1}, Relative: "p.vhd"}))
	s, w := openStored(t, f) // without the parent
	for _, off := range []int64{1, 512*3 - 100} {
		n, err := w.WriteAt(make([]byte, 612), off)
		if wantError(t, err, ErrNoParent, RuleParentMissing); n != 0 || len(s.ops) > 0 {
			t.Errorf("%d bytes, %d writes", n, len(s.ops))
		}
	}
	mustWrite(t, w, make([]byte, 1024), 512)
	mustWrite(t, w, []byte("known"), 700)

	f, _ = mustCreate(t, childOf(Parent{UUID: UUID{1}, Relative: "p.vhd"}))
	bad := OpenRaw(failingReader{bytes.NewReader(make([]byte, 1<<20)), 4096, 8192}, 1<<20)
	s, w = openStored(t, f, bad)
	if _, err := w.WriteAt(make([]byte, 8192), 4196); !errors.Is(err, errBadSector) || len(s.ops) > 0 {
		t.Errorf("%v, %d writes", err, len(s.ops))
	}
	mustWrite(t, w, make([]byte, 8192), 4096)
}
