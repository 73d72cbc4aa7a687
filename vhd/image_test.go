package vhd

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// mustOpen opens a built image.
func mustOpen(t testing.TB, f *vhdtest.File) *Image {
	t.Helper()
	im, err := Open(f, f.Size())
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return im
}

// mustDisk joins images, leaf first.
func mustDisk(t testing.TB, images ...*Image) *Disk {
	t.Helper()
	d, err := NewDisk(images...)
	if err != nil {
		t.Fatalf("NewDisk: %v", err)
	}
	return d
}

// diskOf opens the layers of a built chain as one disk.
func diskOf(t testing.TB, c *vhdtest.Chain) *Disk {
	t.Helper()
	images := make([]*Image, len(c.Layers))
	for i, l := range c.Layers {
		images[i] = mustOpen(t, l.File)
	}
	return mustDisk(t, images...)
}

// readAll reads the whole disk at once, into a buffer that is not zeros.
func readAll(t testing.TB, d *Disk) []byte {
	t.Helper()
	b := bytes.Repeat([]byte{0xEE}, int(d.Size()))
	if n, err := d.ReadAt(b, 0); err != nil || int64(n) != d.Size() {
		t.Fatalf("ReadAt(all of %d): %d, %v", d.Size(), n, err)
	}
	return b
}

// sectorOf reads one sector of the disk.
func sectorOf(t testing.TB, d *Disk, lba int64) []byte {
	t.Helper()
	b := make([]byte, SectorSize)
	if _, err := d.ReadAt(b, lba*SectorSize); err != nil {
		t.Fatalf("sector %d: %v", lba, err)
	}
	return b
}

// wantBytes compares a disk's bytes with a model's.
func wantBytes(t testing.TB, got, want []byte) {
	t.Helper()
	if diff := vhdtest.Diff(got, want); diff != "" {
		t.Error(diff)
	}
}

// findingOf is the first finding of a rule.
func findingOf(im *Image, rule Rule) (Finding, bool) {
	for _, f := range im.Findings() {
		if f.Rule == rule {
			return f, true
		}
	}
	return Finding{}, false
}

// wantFinding fails unless the image has a finding of a rule, of the severity
// given, that says something.
func wantFinding(t testing.TB, im *Image, rule Rule, severity Severity) Finding {
	t.Helper()
	f, ok := findingOf(im, rule)
	switch {
	case !ok:
		t.Errorf("no finding %s among %v", rule, rulesOf(im))
	case f.Severity != severity:
		t.Errorf("finding %s is a %s, want a %s", rule, f.Severity, severity)
	case f.Message == "":
		t.Errorf("finding %s has no message", rule)
	}
	return f
}

// wantClean fails if there is any finding.
func wantClean(t testing.TB, im *Image) {
	t.Helper()
	if found := im.Findings(); len(found) > 0 {
		t.Errorf("findings: %+v", found)
	}
}

func rulesOf(im *Image) []Rule {
	var rules []Rule
	for _, f := range im.Findings() {
		rules = append(rules, f.Rule)
	}
	return rules
}

// wantError fails unless err is a FormatError of the rule that matches the
// sentinel.
func wantError(t testing.TB, err, sentinel error, rule Rule) *FormatError {
	t.Helper()
	var f *FormatError
	if !errors.As(err, &f) {
		t.Fatalf("error %v is no FormatError", err)
	}
	if f.Rule != rule || !errors.Is(err, sentinel) || f.Msg == "" {
		t.Errorf("error %v, want rule %s and %v", err, rule, sentinel)
	}
	return f
}

// allocated is how many bytes f allocates, freed ones too.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

// countingReader counts the reads of a file and the bytes asked for.
type countingReader struct {
	io.ReaderAt
	reads int
	bytes int64
}

func (c *countingReader) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	c.bytes += int64(len(p))
	return c.ReaderAt.ReadAt(p, off)
}

// failingReader cannot give the bytes from one offset to another.
type failingReader struct {
	io.ReaderAt
	from, to int64
}

var errBadSector = errors.New("bad sector")

func (r failingReader) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) <= r.from || off >= r.to {
		return r.ReaderAt.ReadAt(p, off)
	}
	n := 0
	if off < r.from {
		n, _ = r.ReaderAt.ReadAt(p[:r.from-off], off)
	}
	return n, errBadSector
}

// costlyReader says what a read costs it, as a browser's file does.
type costlyReader struct {
	io.ReaderAt
	cost int64
}

func (r costlyReader) ReadCost() int64 { return r.cost }

// readCosts are those that make the disk read in different ways: none, that
// of a local file, that of a browser's file, and absurd ones.
var readCosts = []int64{0, fileCost, fileCost + 1, 64 << 10, 200 << 10, window, 1 << 62, -1}

// pattern is the sector that vhdtest puts into a layer.
func pattern(layer int, lba int64) []byte {
	p := vhdtest.Pattern(layer, lba)
	return p[:]
}

// child is a small differencing image of one 4 KiB block.
func child(edit func(*vhdtest.Spec)) *vhdtest.File {
	s := vhdtest.Spec{Type: vhdtest.Differencing, Size: 4096, BlockSize: 4096, UUID: vhdtest.ID("child"),
		ParentUUID: vhdtest.ID("parent"), ParentName: "parent.vhd"}
	if edit != nil {
		edit(&s)
	}
	return s.Build()
}

// locators are those of a child that has only the ones given.
func locators(list ...vhdtest.Locator) *vhdtest.File {
	return child(func(s *vhdtest.Spec) { s.Locators = list })
}
