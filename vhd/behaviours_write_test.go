package vhd

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
)

// TestBehavioursOfWriting goes on with [TestBehavioursOfBlocks]: what is right
// about blocks that are added, bits that are set, and images that are made.
func TestBehavioursOfWriting(t *testing.T) {
	base := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 64 << 10, BlockSize: 4096, UUID: vhdtest.ID("base"),
		Blocks: []vhdtest.Block{{Index: 2, Data: slices.Concat(pattern(0, 16), pattern(0, 17), pattern(0, 18))}}}.Build()
	windows := vhdtest.WindowsChild(vhdtest.Spec{Type: vhdtest.Differencing, Size: 64 << 10, BlockSize: 16 << 10, ParentUUID: vhdtest.ID("base"), ParentName: "base.vhd"},
		`.\base.vhd`, `C:\base.vhd`).Build()

	t.Run("13 a new block lies behind the space of locators", func(t *testing.T) {
		f := windows.Clone()
		_, w := openStored(t, f, mustOpen(t, base))
		mustWrite(t, w, pattern(1, 0), 0)
		if at, err := w.Image().BlockOffset(0); err != nil || at < 0x3000+65536 {
			t.Errorf("the block lies at %#x, the space ends at %#x (%v)", at, 0x3000+65536, err)
		}
		for _, l := range mustOpen(t, f).Locators() {
			if l.Name == "" {
				t.Errorf("the %s locator is gone", l.Code)
			}
		}
	})
	t.Run("19 the first write into a block works", func(t *testing.T) {
		f := windows.Clone()
		_, w := openStored(t, f, mustOpen(t, base))
		mustWrite(t, w, pattern(1, 17), 17*512)
		for _, im := range []*Image{w.Image(), mustOpen(t, f)} {
			d := mustDisk(t, im, mustOpen(t, base))
			wantBytes(t, sectorOf(t, d, 17), pattern(1, 17))
			wantBytes(t, sectorOf(t, d, 16), pattern(0, 16))
			wantBytes(t, sectorOf(t, d, 18), pattern(0, 18))
			wantBytes(t, sectorOf(t, d, 19), make([]byte, 512))
		}
	})
	t.Run("20 a block that cannot be added is not there", func(t *testing.T) {
		for writes := range 4 { // footer, data, bitmap, table
			f := windows.Clone()
			s, w := openStored(t, f, mustOpen(t, base))
			left := writes
			s.fail = func(storageOp) (int, bool) { left--; return 0, left < 0 }
			if _, err := w.WriteAt(pattern(1, 17), 17*512); wantError(t, err, errFull, RuleWrite) == nil {
				t.Fatal()
			}
			s.fail = nil
			for _, im := range []*Image{w.Image(), mustOpen(t, f)} {
				if _, allocated := im.Blocks(); allocated != 0 {
					t.Errorf("after %d writes: %d blocks", writes, allocated)
				}
				wantBytes(t, sectorOf(t, mustDisk(t, im, mustOpen(t, base)), 17), pattern(0, 17))
			}
			mustWrite(t, w, pattern(1, 17), 17*512)
			wantBytes(t, sectorOf(t, mustDisk(t, mustOpen(t, f), mustOpen(t, base)), 17), pattern(1, 17))
			if !bytes.Equal(f.Get(0, 512), f.Get(f.Size()-512, 512)) {
				t.Errorf("after %d writes: the file does not end with its footer", writes)
			}
		}
		f := windows.Clone()
		_, w := openStored(t, f, mustOpen(t, base))
		_, err := w.WriteAt(make([]byte, 512), 64<<10)
		wantError(t, err, ErrBounds, RuleBounds)
	})
	t.Run("21 the table points to a block last, when all of it will last", func(t *testing.T) {
		f := windows.Clone()
		s, w := openStored(t, f, mustOpen(t, base))
		mustWrite(t, w, pattern(1, 17), 17*512)
		block, err := w.Image().BlockOffset(0)
		if err != nil {
			t.Fatal(err)
		}
		var order []string
		for _, op := range s.ops {
			switch op.off {
			case 0x2000:
				order = append(order, "table")
			case block:
				order = append(order, "bitmap")
			case block + 512 + 17*512:
				order = append(order, "data")
			case f.Size() - 512:
				order = append(order, "footer")
			case 0:
				if op.data != nil {
					t.Errorf("the footer's copy is written anew")
				}
				order = append(order, "sync")
			}
		}
		if !slices.Equal(slices.Compact(order), []string{"footer", "bitmap", "data", "bitmap", "sync", "table"}) {
			t.Errorf("written in the order %v", order) // the first bitmap is the zeros over the old footer
		}
		if !bytes.Equal(f.Get(0, 512), f.Get(f.Size()-512, 512)) {
			t.Error("the footers differ")
		}
	})
	t.Run("22 only written sectors get their bit, in dynamic disks too", func(t *testing.T) {
		f, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 64 << 10, BlockSize: 16 << 10})
		_, w := openStored(t, f)
		mustWrite(t, w, bytes.Repeat([]byte{1}, 3*512), 16<<10+6*512)
		at, err := w.Image().BlockOffset(1)
		if got := f.Get(at, 4); err != nil || !bytes.Equal(got, []byte{0x03, 0x80, 0, 0}) {
			t.Errorf("bitmap % x, %v", got, err)
		}
		if !allZero(f.Get(at+512, 6*512)) || !allZero(f.Get(at+512+9*512, 16<<10-9*512)) {
			t.Error("the rest of the block is no zeros")
		}
	})
	t.Run("23 the highest bit is the first sector, and comes after its data", func(t *testing.T) {
		f := windows.Clone()
		s, w := openStored(t, f, mustOpen(t, base))
		mustWrite(t, w, pattern(1, 0), 0)
		at, err := w.Image().BlockOffset(0)
		if got := f.Get(at, 1)[0]; err != nil || got != 0x80 {
			t.Errorf("bitmap byte %#x, %v", got, err)
		}
		s.ops = nil
		mustWrite(t, w, pattern(1, 15), 15*512)
		if got := f.Get(at, 2); !bytes.Equal(got, []byte{0x80, 0x01}) {
			t.Errorf("bitmap % x", got)
		}
		if len(s.ops) != 3 || s.ops[0].off != at+512+15*512 || s.ops[1].data != nil || s.ops[2].off != at {
			t.Errorf("writes %v, want data, sync, bitmap", s.ops)
		}
	})
	t.Run("25 a child is made with every name, its parent's UUID and time", func(t *testing.T) {
		noted := time.Date(2021, 3, 4, 5, 6, 7, 0, time.UTC)
		p := Candidate{Name: "disks/base.vhd", Image: mustOpen(t, base), Modified: noted}.AsParent()
		p.Absolute = `C:\disks\base.vhd`
		_, im := mustCreate(t, NewImage{Type: Differencing, Size: 64 << 10, Parent: &p})
		names := map[string]bool{}
		for _, n := range im.ParentNames() {
			names[n.Origin+" "+n.Text] = true
		}
		for _, want := range []string{`W2ru locator, slot 0 .\base.vhd`, `W2ku locator, slot 1 C:\disks\base.vhd`, "MacX locator, slot 2 file:///C:/disks/base.vhd", "parent unicode name base.vhd"} {
			if !names[want] {
				t.Errorf("no %s among %v", want, names)
			}
		}
		if im.Type() != Differencing || im.ParentUUID() != UUID(vhdtest.ID("base")) || !im.Header().ParentTimestamp.Time().Equal(noted) {
			t.Errorf("%s, parent %s at %s", im.Type(), im.ParentUUID(), im.Header().ParentTimestamp)
		}
	})
	t.Run("26 a child has its parent's size, whatever the geometry says", func(t *testing.T) {
		parent, _ := mustCreate(t, NewImage{Type: Dynamic, Size: 4 << 20})
		size := mustOpen(t, parent).Size()
		_, im := mustCreate(t, NewImage{Type: Differencing, Size: size, Parent: &Parent{UUID: UUID{1}, Relative: "p"}})
		if g := im.Footer().Geometry; im.Size() != 4<<20 || g.Size() != 4177920 || g != (Geometry{120, 4, 17}) {
			t.Errorf("size %d, geometry %s = %d", im.Size(), g, g.Size())
		}
	})
}
