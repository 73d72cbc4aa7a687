package vhd

import (
	"strings"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestCheckTellsOnce: one thing that is wrong is told once, by one rule.
func TestCheckTellsOnce(t *testing.T) {
	locatorSpec := func() vhdtest.Spec {
		s := tableSpec()
		s.Type, s.UUID, s.ParentUUID, s.ParentName = vhdtest.Differencing, vhdtest.ID("c"), vhdtest.ID("p"), "p.vhd"
		l := vhdtest.Relative(`.\p.vhd`)
		l.Space = 128 << 10
		s.Locators = []vhdtest.Locator{l}
		return s
	}
	none := func(*vhdtest.File) {}
	for name, c := range map[string]struct {
		f    *vhdtest.File
		edit func(f *vhdtest.File)
		want []Rule
		sev  Severity // of the first
	}{
		"an entry outside": {tableImage(), entryAt(2, func(l *vhdtest.Layout) int64 { return l.Footer / 512 }), []Rule{RuleBlockOutside, RuleLostSpace}, Error},
		"a BAT over the header": {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096}.Build(), header(put64(vhdtest.HeaderTableOffset, 512)),
			[]Rule{RuleTableOffset, RuleBlockOutside}, Error},
		"an entry too many": {tableImage(), header(put32(vhdtest.HeaderMaxEntries, 129)), []Rule{RuleTableEntries}, Warning},
		"as many as fit":    {tableImage(), header(put32(vhdtest.HeaderMaxEntries, 128)), nil, 0},
		"a block in a locator's space": {locatorSpec().Build(), entryAt(3, func(l *vhdtest.Layout) int64 { return l.Locators[0]/512 + 4 }),
			[]Rule{RuleBlockStructure, RuleLostSpace}, Warning},
		"a block over a locator's data": {locatorSpec().Build(), entryAt(3, func(l *vhdtest.Layout) int64 { return l.Locators[0] / 512 }),
			[]Rule{RuleBlockStructure, RuleLostSpace, RuleBitmapPadding}, Error}, // whose bitmap are the locator's bytes
		"a block cut off by the footer": {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Blocks: []vhdtest.Block{{Stored: 1024}}}.Build(), none,
			[]Rule{RuleBlockTruncated}, Error},
		"the geometry of a smaller disk": {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8 << 30, Geometry: new(vhdtest.CHS(1 << 30))}.Build(), none, []Rule{RuleGeometry}, Note},
		"a geometry rounded by others":   {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8 << 30, Geometry: &vhdtest.Geometry{Cylinders: 1044, Heads: 255, Sectors: 63}}.Build(), none, nil, 0},
		"more than 2040 GiB":             {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2041 << 30}.Build(), none, []Rule{RuleCurrentSize}, Note},
		"a dynamic disk with a locator": {vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, Locators: []vhdtest.Locator{vhdtest.Relative("p.vhd")}}.Build(), none,
			[]Rule{RuleParentStale}, Note},
		"locators, but no unicode name": {child(func(s *vhdtest.Spec) { s.ParentName, s.Locators = "", []vhdtest.Locator{vhdtest.Relative("p.vhd")} }), none,
			[]Rule{RuleParentName}, Note},
		"a lost block": {tableImage(), func(f *vhdtest.File) { f.SetEntry(3, vhdtest.Unallocated) }, []Rule{RuleLostSpace}, Note},
	} {
		t.Run(name, func(t *testing.T) {
			c.edit(c.f)
			found := checkFile(t, c.f, c.f.Size(), CheckOptions{Now: checkNow})
			wantRules(t, name, found, c.want)
			if len(found) > 0 && found[0].Severity != c.sev {
				t.Errorf("the first is a %s: %+v", found[0].Severity, found[0])
			}
		})
	}
}

// TestOverlapBehindAShortBlock: the disk's last block, which is short, lies
// inside another; a third overlaps that one, though not the short one, which
// is between them in the file.
func TestOverlapBehindAShortBlock(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2*4096 + 512, BlockSize: 4096, Blocks: []vhdtest.Block{{Index: 0}, {Index: 1}, {Index: 2}}}.Build()
	at := uint32(f.Layout.Blocks[0].Bitmap / 512)
	f.SetEntry(2, at+1)
	f.SetEntry(1, at+5)
	var told []string
	for _, e := range checkFile(t, f, f.Size(), CheckOptions{Now: checkNow}) {
		if e.Rule == RuleBlockOverlap {
			told = append(told, e.Message)
		}
	}
	if len(told) != 2 || !strings.HasPrefix(told[0], "Block 2 shares 1024 bytes") || !strings.HasPrefix(told[1], "Block 1 shares 2048 bytes") || !strings.Contains(told[1], "with block 0;") {
		t.Errorf("%q", told)
	}
}

// TestLocatorsThatShareSpace: whether the data of the two is shared, or only
// space that is reserved for it, is said.
func TestLocatorsThatShareSpace(t *testing.T) {
	for space, says := range map[uint32]string{1024: "Space that is reserved", 512: ""} {
		f := locatorsNamed(vhdtest.Relative("p.vhd"), vhdtest.Absolute(`C:\p.vhd`))
		f.PutUint32(f.Layout.LocatorEntry(0)+vhdtest.LocatorSpace, space)
		f.FixChecksums()
		found := checkFile(t, f, f.Size(), CheckOptions{Now: checkNow})
		switch {
		case says == "":
			wantRules(t, "apart", found, nil)
		case len(found) != 1 || !hasFinding(found, RuleLocatorOverlap, Warning) || !strings.HasPrefix(found[0].Message, says):
			t.Errorf("%+v", found)
		}
	}
}
