package vhd

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// countCostly opens the layers of a chain behind readers of a cost and gives
// their counters.
func countCostly(t *testing.T, c *vhdtest.Chain, cost int64) (*Disk, []*countingReader) {
	t.Helper()
	var images []*Image
	var counters []*countingReader
	for _, l := range c.Layers {
		r := &countingReader{ReaderAt: l.File}
		im, err := Open(costlyReader{r, cost}, l.File.Size())
		if err != nil {
			t.Fatal(err)
		}
		r.reads, r.bytes = 0, 0
		images, counters = append(images, im), append(counters, r)
	}
	return mustDisk(t, images...), counters
}

// TestDearReadsAreFew: where a read is dear, blocks that lie together come
// with their bitmaps in one read a layer and window.
func TestDearReadsAreFew(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 31, Layers: 3, Size: 2 << 20, BlockSizes: []uint32{2 << 20, 64 << 10, 512 << 10}, InOrder: true, Share: 0.5})
	d, counters := countCostly(t, c, 200<<10)
	wantBytes(t, readAll(t, d), c.Contents())
	for i, r := range counters {
		if r.reads > 3 {
			t.Errorf("layer %d: %d reads of a window of 2 MiB", i, r.reads)
		}
		if r.bytes > 6<<20 {
			t.Errorf("layer %d: %d bytes read for 2 MiB", i, r.bytes)
		}
	}
}

// TestCheapReadsAreSmall: where a read costs nothing, nothing is read in vain.
func TestCheapReadsAreSmall(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 32, Layers: 2, Size: 1 << 20, BlockSizes: []uint32{64 << 10}, Share: 0.3, Run: 20})
	d, counters := countCostly(t, c, 0)
	wantBytes(t, readAll(t, d), c.Contents())
	total := int64(0)
	for _, r := range counters {
		total += r.bytes
	}
	if bitmaps := int64(2 * 16 * 512); total > d.Size()+bitmaps {
		t.Errorf("%d bytes read for a disk of %d and bitmaps of at most %d", total, d.Size(), bitmaps)
	}
}

// TestDearReadsOfAnyRange reads ranges as the first thing of a fresh disk, so
// that no bitmap is known.
func TestDearReadsOfAnyRange(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for seed := range uint64(6) {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 5<<20 + 512*7, BlockSizes: []uint32{512 << seed, 2 << 20, 4096}, Share: 0.5, Run: 5})
		want := c.Contents()
		for range 10 {
			d, _ := countCostly(t, c, readCosts[random.IntN(len(readCosts))])
			off := random.Int64N(d.Size())
			p := make([]byte, 1+random.Int64N(d.Size()-off))
			n, err := d.ReadAt(p, off)
			if err != nil || !bytes.Equal(p, want[off:off+int64(n)]) {
				t.Fatalf("seed %d, %d bytes at %d: %d, %v", seed, len(p), off, n, err)
			}
		}
	}
}

// TestDearReadsOfABadFile: what the file will not give is the same few bytes
// whatever is read along with them.
func TestDearReadsOfABadFile(t *testing.T) {
	f := tableImage()
	intact := readAll(t, mustDisk(t, mustOpen(t, f)))
	place, _ := f.Layout.Block(2)
	for _, cost := range readCosts {
		for name, c := range map[string]struct{ bad, lost, from int64 }{
			"bitmap": {place.Bitmap, 4096, 8192},
			"data":   {place.Data + 1024, 512, 8192 + 1024},
		} {
			im, err := Open(costlyReader{failingReader{f, c.bad, c.bad + 512}, cost}, f.Size())
			if err != nil {
				t.Fatal(err)
			}
			d := mustDisk(t, im)
			all := make([]byte, d.Size())
			n, err := d.ReadAt(all, 0)
			if e := wantError(t, err, errBadSector, RuleRead); int64(n) != c.from || e.Offset != c.bad || e.Layer != 0 {
				t.Errorf("cost %d, %s: %d bytes, %v", cost, name, n, err)
			}
			wantBytes(t, all[:n], intact[:n])
			rest := all[c.from+c.lost:]
			if _, err := d.ReadAt(rest, c.from+c.lost); err != nil {
				t.Errorf("cost %d, %s: behind the bad bytes: %v", cost, name, err)
			}
			wantBytes(t, rest, intact[c.from+c.lost:])
		}
	}
}
