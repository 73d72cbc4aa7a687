package vhd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/iotest"

	"vhdscope/vhd/vhdtest"
)

// raggedChain is three layers of small blocks on a disk that ends inside one.
func raggedChain() *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: 21, Layers: 3, Size: 200<<10 + 1536, BlockSizes: []uint32{16 << 10, 4096, 64 << 10}, Share: 0.4, Run: 3})
}

func TestReadAtAsIoReader(t *testing.T) {
	c := raggedChain()
	d := diskOf(t, c)
	if err := iotest.TestReader(io.NewSectionReader(d, 0, d.Size()), c.Contents()); err != nil {
		t.Error(err)
	}
}

// TestReadAtEdges holds ReadAt to what io.ReaderAt promises.
func TestReadAtEdges(t *testing.T) {
	c := raggedChain()
	d, want := diskOf(t, c), c.Contents()
	size := d.Size()
	for _, r := range []struct {
		off  int64
		n    int
		got  int
		fail error
	}{
		{0, 0, 0, nil}, {size, 0, 0, nil}, {size + 5, 0, 0, nil},
		{0, 1, 1, nil}, {size - 1, 1, 1, nil}, {size - 1, 2, 1, io.EOF}, {size, 1, 0, io.EOF}, {size + 1, 1, 0, io.EOF},
		{1<<63 - 1, 1, 0, io.EOF}, {1<<63 - 100, 512, 0, io.EOF},
		{0, int(size), int(size), nil}, {0, int(size) + 1, int(size), io.EOF}, {7, int(size), int(size) - 7, io.EOF},
		{-1, 1, 0, ErrBounds}, {-1 << 63, 1, 0, ErrBounds},
	} {
		p := bytes.Repeat([]byte{0xEE}, r.n+8)
		n, err := d.ReadAt(p[:r.n], r.off)
		if n != r.got || !errors.Is(err, r.fail) || (r.fail == nil) != (err == nil) {
			t.Errorf("%d bytes at %d: %d, %v; want %d, %v", r.n, r.off, n, err, r.got, r.fail)
			continue
		}
		if n > 0 && !bytes.Equal(p[:n], want[r.off:r.off+int64(n)]) {
			t.Errorf("%d bytes at %d: wrong bytes", r.n, r.off)
		}
		if !bytes.Equal(p[r.n:], bytes.Repeat([]byte{0xEE}, 8)) {
			t.Errorf("%d bytes at %d: bytes behind the buffer changed", r.n, r.off)
		}
	}
}

// TestReadAtAnywhere reads ranges at random, none aligned, into buffers that
// held other bytes.
func TestReadAtAnywhere(t *testing.T) {
	c := raggedChain()
	d, want := diskOf(t, c), c.Contents()
	random := rand.New(rand.NewPCG(1, 2))
	p := make([]byte, len(want))
	for range 3000 {
		off := random.Int64N(d.Size())
		n := random.Int64N(min(d.Size()-off, 1+random.Int64N(d.Size()))) + 1
		p[random.IntN(len(p))] ^= 0xFF
		if m, err := d.ReadAt(p[:n], off); m != int(n) || err != nil || !bytes.Equal(p[:n], want[off:off+n]) {
			t.Fatalf("%d bytes at %d: %d, %v", n, off, m, err)
		}
	}
}

// TestReadAtAcrossWindows reads over the borders at which ReadAt splits work.
func TestReadAtAcrossWindows(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 4, Layers: 3, Size: 3*window + 4608, BlockSizes: []uint32{2 << 20, 512 << 10, 1 << 20}})
	d, want := diskOf(t, c), c.Contents()
	wantBytes(t, readAll(t, d), want)
	for _, border := range []int64{window, 2 * window, 3 * window} {
		for _, before := range []int64{1, 511, 4097} {
			p := make([]byte, 2*before)
			n, err := d.ReadAt(p, border-before)
			if err != nil || !bytes.Equal(p[:n], want[border-before:border+before]) {
				t.Errorf("around %d: %d, %v", border, n, err)
			}
		}
	}
}

// TestReadAtPartialSector: a disk whose size is no whole sectors.
func TestReadAtPartialSector(t *testing.T) {
	for _, typ := range []uint32{vhdtest.Fixed, vhdtest.Dynamic} {
		s := vhdtest.Spec{Type: typ, Size: 5000, BlockSize: 4096, Data: blockDataLong(5000),
			Blocks: []vhdtest.Block{{Index: 1, Data: blockDataLong(904)}, {Index: 0, Data: blockDataLong(4096)}}}
		want := blockDataLong(5000)
		if typ == vhdtest.Dynamic {
			copy(want[4096:], blockDataLong(904))
		}
		d := mustDisk(t, mustOpen(t, s.Build()))
		wantBytes(t, readAll(t, d), want)
		if err := iotest.TestReader(io.NewSectionReader(d, 0, d.Size()), want); err != nil {
			t.Errorf("type %d: %v", typ, err)
		}
	}
}

func blockDataLong(n int) []byte {
	b := make([]byte, 0, n+512)
	for lba := int64(0); len(b) < n; lba++ {
		b = append(b, pattern(0, lba)...)
	}
	return b[:n]
}

// TestReadAtAtOnce: calls at the same time, of everything that may be called
// so, while a batmap is being checked. It is for the race detector.
func TestReadAtAtOnce(t *testing.T) {
	c := raggedChain()
	s := c.Layers[0].Spec
	s.Batmap = &vhdtest.Batmap{Map: []byte{0xFF, 0xFF}}
	leaf := mustOpen(t, s.Build())
	d := mustDisk(t, leaf, mustOpen(t, c.Layers[1].File), mustOpen(t, c.Layers[2].File))
	want := c.Contents()
	var group sync.WaitGroup
	for g := range uint64(8) {
		group.Go(func() {
			random := rand.New(rand.NewPCG(9, g))
			p := make([]byte, 40<<10)
			for range 100 {
				off := random.Int64N(d.Size())
				n, err := d.ReadAt(p, off)
				if err != nil && err != io.EOF || !bytes.Equal(p[:n], want[off:off+int64(n)]) {
					t.Errorf("%d bytes at %d: %v", n, off, err)
				}
				for range d.Extents(off, 10000) {
				}
				if _, err := d.Explain(off); err != nil {
					t.Error(err)
				}
				leaf.Findings()
				leaf.Batmap()
			}
		})
	}
	group.Go(func() {
		if err := leaf.CheckBatmap(context.Background(), func(int64, int64) {}); err != nil {
			t.Error(err)
		}
	})
	group.Wait()
}

// TestReadAtWithEOFAtTheEnd: an io.ReaderAt may give io.EOF with its
// last bytes.
func TestReadAtWithEOFAtTheEnd(t *testing.T) {
	b := fixedImage().Bytes()
	im, err := Open(eofReader{bytes.NewReader(b)}, int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	wantBytes(t, readAll(t, mustDisk(t, im)), b[:2048])
}

// eofReader gives io.EOF with every read, which is allowed only at the end
// but harmless with all bytes.
type eofReader struct{ io.ReaderAt }

func (r eofReader) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(p, off)
	if err == nil {
		err = io.EOF
	}
	return n, err
}

// TestBitmapCacheEvicts: many bitmaps pass through a bounded cache and come
// back right.
func TestBitmapCacheEvicts(t *testing.T) {
	const blocks = 2 * bitmapBudget / 512
	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: blocks * 1024, BlockSize: 1024}
	for b := range blocks {
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: b, Sectors: map[int][]byte{b % 2: []byte(fmt.Sprint(b))}})
	}
	im := mustOpen(t, s.Build())
	d := mustDisk(t, im)
	for range 2 {
		for b := range int64(blocks) {
			got := make([]byte, 1024)
			if _, err := d.ReadAt(got, b*1024); err != nil {
				t.Fatal(err)
			}
			want := make([]byte, 1024)
			copy(want[b%2*512:], fmt.Sprint(b))
			if !bytes.Equal(got, want) {
				t.Fatalf("block %d", b)
			}
		}
		kept := 0
		for _, generation := range []map[int64]bitmap{im.bitmaps.young, im.bitmaps.old} {
			for _, bm := range generation {
				kept += len(bm)
			}
		}
		if kept > bitmapBudget || kept < bitmapBudget/2 {
			t.Errorf("%d bytes of bitmaps are kept, of a budget of %d", kept, bitmapBudget)
		}
	}
}
