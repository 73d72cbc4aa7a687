package vhd

import (
	"bytes"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestConvertAgainstADiskBelowReadsOnlyWhereLayersLieOnIt: what both disks
// have from the same file is equal without a look.
func TestConvertAgainstADiskBelowReadsOnlyWhereLayersLieOnIt(t *testing.T) {
	const size, changed = 32 << 20, 9<<20 + 512
	data := bytes.Repeat([]byte("the base’s data "), size/18+1)[:size]
	base := vhdtest.NewFile()
	base.Put(0, data)
	counter := &countingReader{ReaderAt: base}
	below := OpenRaw(counter, size)
	top := vhdtest.Spec{Type: vhdtest.Differencing, Size: size, ParentName: "base.img", Blocks: []vhdtest.Block{
		{Index: 4, Sectors: map[int][]byte{
			(changed - 8<<20) / 512: bytes.Repeat([]byte("new "), 128),
			(changed-8<<20)/512 + 1: data[changed+512 : changed+1024], // held, and as below
		}},
	}}.Build()
	d := mustDisk(t, mustOpen(t, top), below)
	f, _ := convert(t, d, Conversion{NewImage: NewImage{Type: Differencing, Parent: &Parent{Relative: "base.img"}}, Below: mustDisk(t, below)})
	plain, err := openNaive(f, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	wantHeld(t, plain, func(i int) bool { return i == changed/512 })
	if counter.bytes > 4*d.window() {
		t.Errorf("%d bytes of the base were read, where a window has %d", counter.bytes, d.window())
	}
}

// TestSameOriginTellsFilesAndPlacesApart: only the same bytes of the same
// image are the same.
func TestSameOriginTellsFilesAndPlacesApart(t *testing.T) {
	const size = 8 << 20
	a, b := OpenRaw(vhdtest.NewFile(), size), OpenRaw(vhdtest.NewFile(), size)
	child := func(sectors map[int][]byte) *Image {
		return mustOpen(t, vhdtest.Spec{Type: vhdtest.Differencing, Size: size, ParentName: "base.img",
			Blocks: []vhdtest.Block{{Index: 1, Sectors: sectors}}}.Build())
	}
	one := child(map[int][]byte{3: {1}})
	for _, c := range []struct {
		name   string
		d, o   *Disk
		off, n int64
		want   bool
	}{
		{"itself", mustDisk(t, one, a), mustDisk(t, one, a), 0, size, true},
		{"one layer more, beside it", mustDisk(t, one, a), mustDisk(t, a), 0, 2 << 20, true},
		{"one layer more, up to it", mustDisk(t, one, a), mustDisk(t, a), 2 << 20, 3 * 512, true},
		{"one layer more, at it", mustDisk(t, one, a), mustDisk(t, a), 2 << 20, 3*512 + 1, false},
		{"another file", mustDisk(t, a), mustDisk(t, b), 0, 512, false},
		{"the end of the disk", mustDisk(t, a), mustDisk(t, a), size - 512, 1024, true},
		{"a shorter disk", mustDisk(t, a), mustDisk(t, OpenRaw(vhdtest.NewFile(), 512)), 0, 1024, false},
		{"no parent", mustDisk(t, one), mustDisk(t, one), 0, 512, false},
	} {
		if got := c.d.sameOrigin(c.o, c.off, c.n); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
