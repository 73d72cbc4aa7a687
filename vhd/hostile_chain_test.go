package vhd

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestMixedChains: layers of other sizes, block sizes and types than their
// parents read as the model does.
func TestMixedChains(t *testing.T) {
	for name, cs := range map[string]vhdtest.ChainSpec{
		"512 KiB over 2 MiB":      {BlockSizes: []uint32{2 << 20, 512 << 10}},
		"2 MiB over 512 KiB":      {BlockSizes: []uint32{512 << 10, 2 << 20}},
		"4 KiB over 2 MiB":        {BlockSizes: []uint32{2 << 20, 4096}},
		"512 B over 16 MiB":       {BlockSizes: []uint32{16 << 20, 512}, Size: 1 << 20},
		"fixed base":              {BaseType: vhdtest.Fixed},
		"shorter parent":          {Sizes: []int64{1<<20 + 512, 3 << 20, 3 << 20}},
		"longer parent":           {Sizes: []int64{8 << 20, 3 << 20, 3 << 20}},
		"short one in the middle": {Sizes: []int64{4 << 20, 512 * 777, 4 << 20}, Size: 4 << 20},
		"aligned":                 {Aligned: true},
	} {
		t.Run(name, func(t *testing.T) {
			cs.Seed, cs.Layers = 11, 3
			if cs.Size == 0 {
				cs.Size = 3 << 20
			}
			if cs.BlockSizes != nil {
				cs.Layers = 2
			}
			c := vhdtest.NewChain(cs)
			wantBytes(t, readAll(t, diskOf(t, c)), c.Contents())
		})
	}
}

// TestGrandparentBehindAShortParent: a short parent's end hides what its own
// parent holds there.
func TestGrandparentBehindAShortParent(t *testing.T) {
	base := vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, Data: bytes.Repeat([]byte{0xAA}, 4096)}.Build()
	short := vhdtest.Spec{Type: vhdtest.Differencing, Size: 1536, BlockSize: 4096, ParentUUID: vhdtest.ID("b")}.Build()
	d := mustDisk(t, mustOpen(t, child(nil)), mustOpen(t, short), mustOpen(t, base))
	want := append(bytes.Repeat([]byte{0xAA}, 1536), make([]byte, 2560)...)
	wantBytes(t, readAll(t, d), want)
	var got []Extent
	for e, err := range d.Extents(0, 4096) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if len(got) != 2 || got[0] != (Extent{0, 1536, 2, 0}) || got[1] != (Extent{1536, 2560, -1, -1}) {
		t.Errorf("extents %+v", got)
	}
	steps, err := d.Explain(2048)
	if err != nil || len(steps) != 2 || steps[0].Verdict != Absent || steps[1].Verdict != PastEnd {
		t.Errorf("steps %+v, %v", steps, err)
	}
}

// TestUnalignedReadOverARaggedBitmap: bytes from the middle of one layer's
// sector to the middle of another's.
func TestUnalignedReadOverARaggedBitmap(t *testing.T) {
	leaf := child(func(s *vhdtest.Spec) {
		s.Blocks = []vhdtest.Block{{Data: bytes.Repeat([]byte{1}, 4096), Bitmap: []byte{0x50}}}
	})
	base := vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, Data: bytes.Repeat([]byte{2}, 4096)}.Build()
	d := mustDisk(t, mustOpen(t, leaf), mustOpen(t, base))
	want := bytes.Repeat([]byte{2}, 4096)
	for _, s := range []int{1, 3} {
		copy(want[s*512:], bytes.Repeat([]byte{1}, 512))
	}
	for off := 0; off < 2100; off += 37 {
		for _, n := range []int{1, 2, 511, 512, 513, 1000, 1700} {
			got := make([]byte, n)
			if _, err := d.ReadAt(got, int64(off)); err != nil || !bytes.Equal(got, want[off:off+n]) {
				t.Fatalf("%d bytes at %d: wrong (%v)", n, off, err)
			}
		}
	}
}

// TestMissingParent: what the layers at hand hold reads, what they leave to
// the missing one is an error that names it.
func TestMissingParent(t *testing.T) {
	c := vhdtest.NewChain(vhdtest.ChainSpec{Seed: 5, Layers: 3, Size: 128 << 10, BlockSizes: []uint32{8192}, Share: 0.5})
	d := mustDisk(t, mustOpen(t, c.Layers[0].File), mustOpen(t, c.Layers[1].File))
	want := c.Contents()
	missing := 0
	for lba := range d.Size() / 512 {
		got := make([]byte, 512)
		n, err := d.ReadAt(got, lba*512)
		steps, _ := d.Explain(lba * 512)
		last := steps[len(steps)-1]
		if c.Owner(lba) == 0 || c.Owner(lba) == 1 {
			if err != nil || !bytes.Equal(got, want[lba*512:][:512]) || last.Verdict != Here || last.Layer != c.Owner(lba) {
				t.Fatalf("sector %d: %v, %+v", lba, err, last)
			}
			continue
		}
		missing++
		f := wantError(t, err, ErrNoParent, RuleParentMissing)
		if n != 0 || f.Layer != 2 || !bytes.Contains([]byte(err.Error()), []byte(d.layers[1].ParentUUID().String())) || last.Verdict != Unreadable || last.Layer != 2 {
			t.Fatalf("sector %d: %d bytes, %v, %+v", lba, n, err, last)
		}
	}
	if missing == 0 {
		t.Fatal("the chain has no sector that only the base can give")
	}
	// The extents cover the disk, and those of the missing layer are one each.
	at := int64(0)
	before := error(nil)
	for e, err := range d.Extents(0, d.Size()) {
		if e.Offset != at || e.Length <= 0 {
			t.Fatalf("extent %+v at %d", e, at)
		}
		if err != nil && before != nil {
			t.Errorf("two missing extents meet at %d", e.Offset)
		}
		if err != nil && (e.Layer != 2 || e.Source != -1 || !errors.Is(err, ErrNoParent)) {
			t.Errorf("%+v: %v", e, err)
		}
		at, before = at+e.Length, err
	}
	if at != d.Size() {
		t.Errorf("extents end at %d", at)
	}
}

// TestErrorsNameTheirLayer: a block that is damaged deep down.
func TestErrorsNameTheirLayer(t *testing.T) {
	base := tableImage()
	base.SetEntry(2, 0xFFFFFF00)
	over := func(n int) *vhdtest.File {
		return vhdtest.Spec{Type: vhdtest.Differencing, Size: 32 << 10, BlockSize: 8192, ParentUUID: vhdtest.ID(fmt.Sprint(n))}.Build()
	}
	d := mustDisk(t, mustOpen(t, over(0)), mustOpen(t, over(1)), mustOpen(t, base))
	got := make([]byte, d.Size())
	n, err := d.ReadAt(got, 0)
	f := wantError(t, err, ErrFormat, RuleBlockOutside)
	if n != 8192 || f.Layer != 2 || f.Offset != base.Layout.Entry(2) {
		t.Errorf("%d bytes, layer %d, byte %#x", n, f.Layer, f.Offset)
	}
	wantBytes(t, got[:n], append(blockData(0), make([]byte, 4096)...))
	for e, err := range d.Extents(8192, 4096) {
		if err == nil || e != (Extent{8192, 4096, 2, -1}) {
			t.Errorf("%+v, %v", e, err)
		}
	}
}

func TestExtentsOutside(t *testing.T) {
	d := mustDisk(t, mustOpen(t, fixedImage()))
	for _, r := range [][2]int64{{-1, 10}, {0, -1}, {-1 << 63, 1<<63 - 1}} {
		n := 0
		for _, err := range d.Extents(r[0], r[1]) {
			wantError(t, err, ErrBounds, RuleBounds)
			n++
		}
		if n != 1 {
			t.Errorf("%v: %d extents", r, n)
		}
	}
	for _, r := range [][2]int64{{2048, 1}, {1<<63 - 1, 1<<63 - 1}, {5, 0}, {2048, 0}} {
		for e := range d.Extents(r[0], r[1]) {
			t.Errorf("%v: %+v", r, e)
		}
	}
	for e, err := range d.Extents(2000, 1<<63-1) {
		if err != nil || e != (Extent{2000, 48, 0, 2000}) {
			t.Errorf("past the end: %+v, %v", e, err)
		}
	}
	for range d.Extents(0, 2048) {
		break // a consumer may stop
	}
	for _, off := range []int64{-1, 2048, 1<<63 - 1} {
		_, err := d.Explain(off)
		wantError(t, err, ErrBounds, RuleBounds)
	}
}
