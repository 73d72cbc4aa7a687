package vhd

import (
	"fmt"
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestMemoryOfLies: numbers that promise more than the file holds cost no
// memory, neither in Open nor in reading.
func TestMemoryOfLies(t *testing.T) {
	empty := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096}
	edits := map[string]func(*vhdtest.File){
		"0xFFFFFFFF entries": header(put32(vhdtest.HeaderMaxEntries, 0xFFFFFFFF)),
		"0xFFFFFFFF entries of an 8 PiB disk": func(f *vhdtest.File) {
			f.EditHeader(put32(vhdtest.HeaderMaxEntries, 0xFFFFFFFF))
			footers(put64(vhdtest.FooterCurrentSize, 1<<53-512))(f)
		},
		"256 MiB blocks": func(f *vhdtest.File) {
			f.EditHeader(put32(vhdtest.HeaderBlockSize, maxBlockSize))
			header(put32(vhdtest.HeaderMaxEntries, 0xFFFFFFFF))(f)
		},
		"a 256 MiB block in the file": func(f *vhdtest.File) {
			f.EditHeader(put32(vhdtest.HeaderBlockSize, maxBlockSize))
			f.SetEntry(0, 5)
			f.FixChecksums()
		},
	}
	for slot := range 8 {
		edits[fmt.Sprintf("locator %d of 4 GiB", slot)] = func(f *vhdtest.File) {
			f.EditFooters(put32(vhdtest.FooterType, vhdtest.Differencing))
			at := vhdtest.HeaderLocators + slot*vhdtest.LocatorEntrySize
			f.EditHeader(put32(at, vhdtest.W2ru))
			f.EditHeader(put32(at+vhdtest.LocatorLength, 0xFFFFFFFF))
			f.FixChecksums()
		}
	}
	for name, edit := range edits {
		t.Run(name, func(t *testing.T) {
			f := empty.Build()
			edit(f)
			var im *Image
			if spent := allocated(func() { im, _ = Open(f, f.Size()) }); spent > allowance(f.Size()) {
				t.Errorf("Open of %d bytes allocated %d", f.Size(), spent)
			}
			if im == nil {
				return
			}
			d := mustDisk(t, im)
			p := make([]byte, 4096)
			if spent := allocated(func() {
				d.ReadAt(p, 0)
				d.ReadAt(p, max(0, d.Size()-4096))
				for range d.Extents(0, d.Size()) {
				}
			}); spent > allowance(f.Size()) {
				t.Errorf("reading a file of %d bytes allocated %d", f.Size(), spent)
			}
		})
	}
}

// TestMemoryOfSharedLocators: eight slots may point to the same bytes.
func TestMemoryOfSharedLocators(t *testing.T) {
	first := vhdtest.Relative(strings.Repeat("a/", 16383))
	list := []vhdtest.Locator{first}
	f := locators(list...)
	for range 7 {
		l := vhdtest.Relative("")
		l.ClaimOffset = new(uint64(f.Layout.Locators[0]))
		l.ClaimLength = new(uint32(len(first.Data)))
		l.ClaimSpace = new(uint32(65536))
		list = append(list, l)
	}
	f = locators(list...)
	if spent := allocated(func() { mustOpen(t, f) }); spent > 24<<20 {
		t.Errorf("Open of %d bytes allocated %d", f.Size(), spent)
	}
}

// TestHugeDiskOpensAtOnce: the table of a 2040 GiB disk is all that costs.
func TestHugeDiskOpensAtOnce(t *testing.T) {
	const size = 2040 << 30
	const entries = size / (2 << 20)
	spec := vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, UUID: vhdtest.ID("huge"), Blocks: []vhdtest.Block{
		{Index: 0, Data: pattern(0, 0)}, {Index: entries - 1, Sectors: map[int][]byte{4095: pattern(0, size/512-1)}}}}
	base := spec.Build()
	spec.Type, spec.UUID, spec.ParentUUID, spec.ParentName = vhdtest.Differencing, vhdtest.ID("leaf"), spec.UUID, "huge.vhd"
	spec.Blocks = []vhdtest.Block{{Index: entries / 2, Data: pattern(1, size/1024)}}
	leaf := spec.Build()
	var images []*Image
	for _, f := range []*vhdtest.File{leaf, base} {
		r := &countingReader{ReaderAt: f}
		spent := allocated(func() {
			im, err := Open(r, f.Size())
			if err != nil {
				t.Fatal(err)
			}
			images = append(images, im)
		})
		wantClean(t, images[len(images)-1])
		if spent > 5<<20 || r.reads > 8 {
			t.Errorf("Open took %d bytes and %d reads, want little more than the table's 4 MiB", spent, r.reads)
		}
	}
	d := mustDisk(t, images...)
	wantBytes(t, sectorOf(t, d, 0), pattern(0, 0))
	wantBytes(t, sectorOf(t, d, size/1024), pattern(1, size/1024))
	wantBytes(t, sectorOf(t, d, size/512-1), pattern(0, size/512-1))
	extents := 0
	for e, err := range d.Extents(0, size) {
		if err != nil {
			t.Fatalf("%+v: %v", e, err)
		}
		extents++
	}
	if extents > 8 {
		t.Errorf("%d extents of a nearly empty disk", extents)
	}
}

// TestMemoryOfFullTable: an image whose blocks are all allocated.
func TestMemoryOfFullTable(t *testing.T) {
	const entries = 1 << 17
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: entries * 512, BlockSize: 512}.Build()
	table := make([]byte, 4*entries)
	for b := range uint32(entries) { // all apart, in reverse
		put32(int(4*b), uint32(f.Size()/512)+2*(entries-b))(table)
	}
	f.Put(f.Layout.Table, table)
	f.Truncate(f.Size() + 2*512*(entries+2))
	if spent := allocated(func() { mustOpen(t, f) }); spent > 64<<10+12*4*entries {
		t.Errorf("Open of %d entries allocated %d bytes", entries, spent)
	}
}

// TestMemoryOfWrongTable: a table of nothing but wrong entries.
func TestMemoryOfWrongTable(t *testing.T) {
	const entries = 1 << 17
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: entries * 512, BlockSize: 512}.Build()
	table := make([]byte, 0, 4*entries)
	for range entries {
		table = append(table, 0, 0, 0, 7)
	}
	f.Put(f.Layout.Table, table)
	var im *Image
	if spent := allocated(func() { im = mustOpen(t, f) }); spent > allowance(f.Size()) {
		t.Errorf("Open of %d bytes allocated %d", f.Size(), spent)
	}
	if n := len(im.Findings()); n > 4 {
		t.Errorf("%d findings, want one a rule", n)
	}
}
