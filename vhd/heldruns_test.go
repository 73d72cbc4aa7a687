package vhd

import (
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestHeldIsWhatOneLayerHolds compares the runs of each layer of random chains
// with the model's list of sectors, for the whole disk and for ranges of it.
func TestHeldIsWhatOneLayerHolds(t *testing.T) {
	for seed := uint64(1); seed <= 8; seed++ {
		c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 3<<20 + 512*int64(seed), BlockSizes: []uint32{64 << 10, 2 << 20, 4096}, BaseType: uint32(Fixed + DiskType(seed%2))})
		random := rand.New(rand.NewPCG(seed, 0))
		for i, l := range c.Layers {
			im := mustOpen(t, l.File)
			alone := &vhdtest.Chain{Layers: c.Layers[i : i+1]}
			ranges := [][2]int64{{0, im.Size()}, {0, 1 << 62}, {im.Size(), 5}, {512 * random.Int64N(4000), 512 * random.Int64N(4000)}}
			for _, w := range ranges {
				next, end := w[0], min(im.Size(), w[0]+w[1]) // next: behind the last extent
				for e, err := range im.Held(w[0], w[1]) {
					if err != nil {
						t.Fatalf("seed %d layer %d: %v", seed, i, err)
					}
					if e.Layer != 0 || e.Length <= 0 || e.Offset < next {
						t.Fatalf("seed %d layer %d: %+v after byte %d", seed, i, e, next)
					}
					for off := next; off < e.Offset+e.Length; off += 512 {
						if held := alone.Owner(off/512) == 0; held != (off >= e.Offset) {
							t.Fatalf("seed %d layer %d: byte %d held %v, but the next extent is %+v", seed, i, off, held, e)
						}
					}
					if want := vhdtest.Pattern(l.Number, e.Offset/512); string(l.File.Get(e.Source, 512)) != string(want[:]) {
						t.Fatalf("seed %d layer %d: %+v has another place's bytes", seed, i, e)
					}
					next = e.Offset + e.Length
				}
				for off := next; off < end; off += 512 {
					if alone.Owner(off/512) == 0 {
						t.Fatalf("seed %d layer %d, range %v: byte %d is held and not told of", seed, i, w, off)
					}
				}
			}
		}
	}
}

// TestHeldTellsWhatTheFileDoesNotGive: a block outside the file is an extent
// with an error, and the others are told of.
func TestHeldTellsWhatTheFileDoesNotGive(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 8 << 20, BlockSize: 2 << 20, Blocks: []vhdtest.Block{{Index: 1}, {Index: 2}}}.Build()
	f.SetEntry(1, 1<<30)
	im := mustOpen(t, f)
	var bad, good int64
	for e, err := range im.Held(0, im.Size()) {
		if err != nil {
			wantError(t, err, ErrFormat, RuleBlockOutside)
			bad += e.Length
			if e.Offset != 2<<20 || e.Source != -1 {
				t.Errorf("the lost block is told of as %+v", e)
			}
		} else {
			good += e.Length
		}
	}
	if bad != 2<<20 || good != 2<<20 {
		t.Errorf("%d bytes lost and %d held, want 2 MiB each", bad, good)
	}
	for _, err := range im.Held(-1, 5) {
		wantError(t, err, ErrBounds, RuleBounds)
	}
}

// TestHeldOfAHugeDiskReadsItsBitmaps: a 2040 GiB disk costs the bitmaps of
// what is held, those of neighbours in one call.
func TestHeldOfAHugeDiskReadsItsBitmaps(t *testing.T) {
	const entries = 2040 << 9
	half := make([]byte, 512)
	for i := range half[:256] {
		half[i] = 0xFF
	}
	spec := vhdtest.Spec{Type: vhdtest.Differencing, Size: 2040 << 30}
	for i := range 100 {
		spec.Blocks = append(spec.Blocks, vhdtest.Block{Index: entries - 100 + i, Bitmap: half})
	}
	f := spec.Build()
	r := &togetherReader{countingReader: &countingReader{ReaderAt: f}}
	im, err := Open(r, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	r.reads = 0
	n := int64(0)
	for e, err := range im.Held(0, im.Size()) {
		if err != nil {
			t.Fatal(err)
		}
		n += e.Length
	}
	if n != 100<<20 || r.reads+r.together > 2 {
		t.Errorf("%d bytes held, told with %d single reads and %d calls; want 100 MiB with at most 2", n, r.reads, r.together)
	}
}
