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
