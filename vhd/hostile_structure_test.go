package vhd

import (
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestLocatorOverStructures: bytes of the image's own structures are no path.
func TestLocatorOverStructures(t *testing.T) {
	f := locators(vhdtest.Relative(`.\p.vhd`))
	for name, at := range map[string]int64{
		"footer copy": 0, "header": f.Layout.Header, "table": f.Layout.Table, "footer": f.Layout.Footer,
	} {
		f := f.Clone()
		f.PutUint64(f.Layout.LocatorEntry(0)+vhdtest.LocatorOffset, uint64(at))
		f.FixChecksums()
		im := mustOpen(t, f)
		t.Run(name, func(t *testing.T) { wantFinding(t, im, RuleLocatorOverlap, Warning) })
	}
}

// TestTableOverStructures: a table where other structures are.
func TestTableOverStructures(t *testing.T) {
	lost := func(*testing.T, *Disk, []byte) {}
	runDamages(t, []damage{
		{name: "over the footer copy", edit: header(put64(vhdtest.HeaderTableOffset, 0)), rule: RuleTableOffset, severity: Error, read: lost},
		{name: "over the header", edit: header(put64(vhdtest.HeaderTableOffset, 512)), rule: RuleTableOffset, severity: Error, read: lost},
		{name: "into the footer", image: of(vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 20, BlockSize: 4096}), edit: func(f *vhdtest.File) {
			header(put64(vhdtest.HeaderTableOffset, uint64(f.Layout.Footer-512)))(f)
		}, rule: RuleTableTruncated, severity: Error, read: func(t *testing.T, d *Disk, _ []byte) {
			_, err := d.ReadAt(make([]byte, 1), 128*4096)
			wantError(t, err, ErrFormat, RuleTableTruncated)
		}},
	})
}

// TestOneEndUnreadable: one end of the file will not be read, the other will.
func TestOneEndUnreadable(t *testing.T) {
	f := goodImage()
	for name, bad := range map[string][2]int64{"start": {0, 512}, "footer": {f.Layout.Footer, f.Size()}, "before the footer": {f.Layout.Footer - 512, f.Layout.Footer}} {
		im, err := Open(failingReader{f, bad[0], bad[1]}, f.Size())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name != "before the footer" {
			wantFinding(t, im, RuleRead, Error)
		}
	}
}
