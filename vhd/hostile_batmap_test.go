package vhd

import (
	"context"
	"errors"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// batmapImage is a disk of four 4 KiB blocks with a batmap: 0 and 2 are full,
// 3 is in part there, 1 is not.
func batmapImage(m *vhdtest.Batmap) *vhdtest.File {
	return vhdtest.Spec{Type: vhdtest.Dynamic, Size: 16 << 10, BlockSize: 4096, Creator: "tap\x00", CreatorVersion: 0x00010003, Batmap: m,
		Blocks: []vhdtest.Block{{Index: 0, Data: blockData(0)}, {Index: 2, Data: blockData(2)},
			{Index: 3, Data: blockData(3), Bitmap: []byte{0x0F}}}}.Build()
}

// batmapContents is what a batmapImage reads as, whatever its batmap says.
func batmapContents() []byte {
	want := make([]byte, 16<<10)
	copy(want, blockData(0))
	copy(want[2*4096:], blockData(2))
	copy(want[3*4096+2048:], blockData(3)[2048:])
	return want
}

func TestBatmap(t *testing.T) {
	for name, c := range map[string]struct {
		batmap vhdtest.Batmap
		edit   func(*vhdtest.File)
		before BatmapState
		after  BatmapState
		rule   Rule
		sev    Severity
	}{
		"valid":                    {before: BatmapUnchecked, after: BatmapAgrees},
		"version 1.1, signed sum":  {batmap: vhdtest.Batmap{Version: 0x00010001}, before: BatmapUnchecked, after: BatmapAgrees},
		"marks nothing":            {batmap: vhdtest.Batmap{Map: []byte{0}}, before: BatmapUnchecked, after: BatmapAgrees},
		"marks a ragged block":     {batmap: vhdtest.Batmap{Map: []byte{0xB0}}, before: BatmapUnchecked, after: BatmapContradicts, rule: RuleBatmapMismatch, sev: Warning},
		"marks an absent block":    {batmap: vhdtest.Batmap{Map: []byte{0xE0}}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"size 0":                   {batmap: vhdtest.Batmap{ClaimSectors: new(uint32(0))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"size huge":                {batmap: vhdtest.Batmap{ClaimSectors: new(uint32(0xFFFFFFFF))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"size whose bytes wrap":    {batmap: vhdtest.Batmap{ClaimSectors: new(uint32(0x00800000))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"offset past the end":      {batmap: vhdtest.Batmap{ClaimOffset: new(uint64(1 << 40))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"offset near 2^64":         {batmap: vhdtest.Batmap{ClaimOffset: new(uint64(1<<64 - 512))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"offset 2^63":              {batmap: vhdtest.Batmap{ClaimOffset: new(uint64(1 << 63))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"checksum wrong":           {batmap: vhdtest.Batmap{ClaimChecksum: new(uint32(12345))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"version unknown":          {batmap: vhdtest.Batmap{Version: 0x00020000}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
		"cookie wrong: no batmap":  {edit: func(f *vhdtest.File) { f.Put(f.Layout.BatmapHead, []byte("TDBATMAP")) }, before: BatmapNone, after: BatmapNone},
		"file ends in the header":  {edit: func(f *vhdtest.File) { f.Truncate(f.Layout.BatmapHead + 100) }, before: BatmapNone, after: BatmapNone, rule: RuleFooterMissing, sev: Warning},
		"map in front of the file": {batmap: vhdtest.Batmap{ClaimOffset: new(uint64(0))}, before: BatmapInvalid, after: BatmapInvalid, rule: RuleBatmap, sev: Note},
	} {
		t.Run(name, func(t *testing.T) {
			f := batmapImage(&c.batmap)
			cut := false
			if c.edit != nil {
				size := f.Size()
				c.edit(f)
				cut = f.Size() < size
			}
			var im *Image
			if spent := allocated(func() { im = mustOpen(t, f) }); spent > allowance(f.Size()) {
				t.Errorf("%d bytes allocated", spent)
			}
			visit(im)
			repairAll(t, f, f.Size(), RepairOptions{})
			if state, _, flaw := im.Batmap(); state != c.before || (flaw != "") != (c.before == BatmapInvalid) {
				t.Errorf("state %d (%q) before the check, want %d", state, flaw, c.before)
			}
			d := mustDisk(t, im)
			if !cut && c.rule != RuleBatmapMismatch {
				wantBytes(t, readAll(t, d), batmapContents())
			}
			if found := checkFile(t, f, f.Size(), CheckOptions{}); (c.rule == "") != (len(found) == 0) || c.rule != "" && !hasFinding(found, c.rule, c.sev) {
				t.Errorf("the check finds %+v, want %s", found, c.rule)
			}
			if err := im.CheckBatmap(context.Background(), nil); err != nil {
				t.Errorf("CheckBatmap: %v", err)
			}
			if state, _, _ := im.Batmap(); state != c.after {
				t.Errorf("state %d after the check, want %d", state, c.after)
			}
			if c.rule == "" {
				wantClean(t, im)
			} else {
				wantFinding(t, im, c.rule, c.sev)
			}
			if !cut {
				wantBytes(t, readAll(t, d), batmapContents())
			}
		})
	}
}

// TestBatmapLies: a batmap that calls a ragged block full changes no byte,
// neither of a dynamic disk nor of a child, before or after it is found out.
func TestBatmapLies(t *testing.T) {
	s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 16 << 10, BlockSize: 4096, UUID: vhdtest.ID("c"), ParentUUID: vhdtest.ID("vhdtest"), ParentName: "p",
		Batmap: &vhdtest.Batmap{Map: []byte{0xF0}}}
	var want []byte
	for b := range 4 {
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: b, Data: make([]byte, 4096), Bitmap: []byte{0xF0}})
		want = append(append(want, make([]byte, 2048)...), blockData(b)[2048:]...)
	}
	parent := vhdtest.Spec{Type: vhdtest.Fixed, Size: 16 << 10}
	for b := range 4 {
		parent.Data = append(parent.Data, blockData(b)...)
	}
	for _, first := range []string{"read", "check"} {
		im, base := mustOpen(t, s.Build()), mustOpen(t, parent.Build())
		d := mustDisk(t, im, base)
		if first == "read" {
			wantBytes(t, readAll(t, d), want)
			wantFinding(t, im, RuleBatmapMismatch, Warning)
		}
		if err := im.CheckBatmap(context.Background(), nil); err != nil {
			t.Error(err)
		}
		wantBytes(t, readAll(t, d), want)
		wantFinding(t, im, RuleBatmapMismatch, Warning)
		if n := len(im.Findings()); n != 1 {
			t.Errorf("%d findings, want the lie told once", n)
		}
	}
}

// TestBatmapSavesReads: after the check a marked block's bitmap is not read.
func TestBatmapSavesReads(t *testing.T) {
	f := batmapImage(&vhdtest.Batmap{})
	r := &countingReader{ReaderAt: f}
	im, err := Open(r, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	var steps [][2]int64
	if err := im.CheckBatmap(context.Background(), func(done, total int64) { steps = append(steps, [2]int64{done, total}) }); err != nil {
		t.Fatal(err)
	}
	if len(steps) != 2 || steps[1] != [2]int64{2, 2} {
		t.Errorf("progress %v", steps)
	}
	im.bitmaps = bitmapCache{} // as if it were long ago
	r.reads, r.bytes = 0, 0
	d := mustDisk(t, im)
	wantBytes(t, sectorOf(t, d, 3), pattern(0, 3))
	if r.reads != 1 || r.bytes != 512 {
		t.Errorf("%d reads of %d bytes for a sector of a full block", r.reads, r.bytes)
	}
}

func TestCheckBatmapStops(t *testing.T) {
	f := batmapImage(&vhdtest.Batmap{})
	im := mustOpen(t, f)
	ctx, cancel := context.WithCancel(context.Background())
	err := im.CheckBatmap(ctx, func(int64, int64) { cancel() })
	if state, _, _ := im.Batmap(); !errors.Is(err, context.Canceled) || state != BatmapUnchecked {
		t.Errorf("cancelled: %v, state %d", err, state)
	}
	place, _ := f.Layout.Block(2)
	im, err = Open(failingReader{f, place.Bitmap, place.Bitmap + 512}, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	err = im.CheckBatmap(context.Background(), nil)
	if state, _, _ := im.Batmap(); !errors.Is(err, errBadSector) || state != BatmapUnchecked {
		t.Errorf("unreadable bitmap: %v, state %d", err, state)
	}
}
