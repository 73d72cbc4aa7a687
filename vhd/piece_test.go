package vhd

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestAFileOfRunsHasTheirBytes: whatever runs of a chain's disk a file is made
// of, in whatever order, it has the bytes that the builder's model has there.
func TestAFileOfRunsHasTheirBytes(t *testing.T) {
	seed := rand.Uint64()
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: seed, Layers: 3, Size: 3 << 20, BlockSizes: []uint32{512 << 10, 4096}})
	d, disk := diskOf(t, c), c.Contents()
	for range 50 {
		var runs []Run
		var want []byte
		for range random.IntN(20) {
			n := random.Int64N(100_000)
			if random.IntN(4) == 0 {
				runs = append(runs, Run{-1, n})
				want = append(want, make([]byte, n)...)
				continue
			}
			off := random.Int64N(d.Size() - n + 1)
			runs = append(runs, Run{off, n})
			want = append(want, disk[off:off+n]...)
		}
		p, err := d.Piecewise(runs)
		if err != nil {
			t.Fatal(err)
		}
		if p.Size() != int64(len(want)) {
			t.Fatalf("%v: %d bytes", runs, p.Size())
		}
		got, err := io.ReadAll(io.NewSectionReader(p, 0, p.Size()+10))
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%v: %v, %s", runs, err, vhdtest.Diff(got, want))
		}
		assembled := make([]byte, len(want))
		at := int64(0)
		for s, err := range p.Segments(0, p.Size()) {
			if err != nil || s.Offset != at {
				t.Fatalf("%+v behind %d: %v", s, at, err)
			}
			if s.Layer >= 0 {
				copy(assembled[at:], c.Layers[s.Layer].File.Get(s.Source, int(s.Length)))
			}
			at += s.Length
		}
		if at != p.Size() || !bytes.Equal(assembled, want) {
			t.Fatalf("%v: what the segments name is something else", runs)
		}
	}
}

// TestRunsThatLieNowhereAreRefused: runs outside of the disk, and files longer
// than a number tells.
func TestRunsThatLieNowhereAreRefused(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Fixed, Size: 1 << 20}.Build()
	d := mustDisk(t, mustOpen(t, f))
	for _, runs := range [][]Run{
		{{0, 1<<20 + 1}}, {{1 << 20, 1}}, {{1<<20 + 1, 0}}, {{-2, 1}}, {{0, -1}}, {{-1, -1}},
		{{5, math.MaxInt64}}, {{math.MaxInt64, 5}}, {{-1, math.MaxInt64}, {-1, 1}},
	} {
		if _, err := d.Piecewise(runs); !errors.Is(err, ErrBounds) {
			t.Errorf("%v: %v", runs, err)
		}
	}
	for _, runs := range [][]Run{nil, {{0, 1 << 20}}, {{1 << 20, 0}}, {{-1, math.MaxInt64}}} {
		if _, err := d.Piecewise(runs); err != nil {
			t.Errorf("%v: %v", runs, err)
		}
	}
}
