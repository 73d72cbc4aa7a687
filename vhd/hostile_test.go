package vhd

import (
	"testing"

	"vhdscope/vhd/vhdtest"
)

// damage is one thing that is wrong with an image, and what must come of it:
// an error of Open, or a finding and the right data.
type damage struct {
	name  string
	image func() *vhdtest.File // nil: a good dynamic image
	edit  func(f *vhdtest.File)

	fails    error // what Open's error matches; nil: the image opens
	rule     Rule  // of the error or the finding; "" where nothing is wrong
	severity Severity
	at       func(l vhdtest.Layout) int64 // the error's or finding's offset; nil: any

	// checked is what a check finds where Open finds nothing or less.
	checked         Rule
	checkedSeverity Severity

	// read looks at the disk; nil: it reads as if nothing had happened.
	read func(t *testing.T, d *Disk, intact []byte)
}

// allowance is how many bytes Open may allocate for a file of size bytes.
func allowance(size int64) int64 { return 64<<10 + 4*size }

// run opens the damaged image and holds it against what must come of it, and
// repairs it.
func (c damage) run(t *testing.T) {
	f := goodImage()
	if c.image != nil {
		f = c.image()
	}
	intact := undamaged(f)
	layout := f.Layout
	if c.edit != nil {
		c.edit(f)
	}
	defer repairAll(t, f, f.Size(), RepairOptions{})
	var im *Image
	var err error
	if spent := allocated(func() { im, err = Open(f, f.Size()) }); spent > allowance(f.Size()) {
		t.Errorf("Open of %d bytes allocated %d", f.Size(), spent)
	}
	c.check(t, f)
	if c.fails != nil {
		if e := wantError(t, err, c.fails, c.rule); c.at != nil && e.Offset != c.at(layout) {
			t.Errorf("error at byte %#x, want %#x", e.Offset, c.at(layout))
		}
		return
	}
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	visit(im)
	if c.rule == "" {
		wantClean(t, im)
	} else if found := wantFinding(t, im, c.rule, c.severity); c.at != nil && found.Offset != c.at(layout) {
		t.Errorf("finding at byte %#x, want %#x", found.Offset, c.at(layout))
	}
	d := mustDisk(t, im)
	if c.read != nil {
		c.read(t, d, intact)
	} else {
		wantBytes(t, readAll(t, d), intact)
	}
}

// check checks the damaged image: it must be told of the damage too.
func (c damage) check(t *testing.T, f *vhdtest.File) {
	var found []Finding
	if spent := allocated(func() { found = checkFile(t, f, f.Size(), CheckOptions{Data: true}) }); spent > checkAllowance(f.Size()) {
		t.Errorf("a check of %d bytes allocated %d", f.Size(), spent)
	}
	want, severity := c.rule, c.severity
	if c.fails != nil {
		severity = Error
	}
	if c.checked != "" {
		want, severity = c.checked, c.checkedSeverity
	}
	if want == "" {
		for _, f := range found {
			t.Errorf("the check finds %+v", f)
		}
		return
	}
	if c.fails != nil && (found[0].Rule != c.rule || found[0].Severity != Error) {
		t.Errorf("the check's first finding is %+v, want Open's refusal", found[0])
	}
	if !hasFinding(found, want, severity) {
		t.Errorf("the check finds no %s (%s), only %+v", want, severity, found)
	}
}

// undamaged is what the disk holds before the damage is done; nil where a
// parent would have to tell.
func undamaged(f *vhdtest.File) []byte {
	im, err := Open(f, f.Size())
	if err != nil || im.Size() > 1<<24 {
		return nil
	}
	d, _ := NewDisk(im)
	b := make([]byte, d.Size())
	if _, err := d.ReadAt(b, 0); err != nil && d.Size() > 0 {
		return nil
	}
	return b
}

func runDamages(t *testing.T, cases []damage) {
	for _, c := range cases {
		t.Run(c.name, c.run)
	}
}

// visit calls everything that tells of an image.
func visit(im *Image) {
	im.Structures()
	im.Findings()
	im.Locators()
	im.ParentNames()
	im.ParentFileName()
	im.Header()
	im.Batmap()
	im.NamesParent("a/b.vhd")
	f := im.Footer()
	_ = f.CreatorText() + im.Type().String() + im.UUID().GUID() + im.ParentUUID().String()
	all, _ := im.Blocks()
	for b := range min(all, 100) {
		im.BlockOffset(b)
	}
	im.BlockOffset(-1)
	im.BlockOffset(all)
}

// goodImage is the image that is damaged: 16 blocks of 4 KiB, some whole,
// some in part, some not there.
func goodImage() *vhdtest.File { return goodChain().Layers[0].File }

func goodChain() *vhdtest.Chain {
	return vhdtest.NewChain(vhdtest.ChainSpec{Seed: 7, Layers: 1, Size: 64 << 10, BlockSizes: []uint32{4096}, Share: 0.5, Run: 2})
}

// fixedImage is a fixed disk of four sectors.
func fixedImage() *vhdtest.File {
	return vhdtest.Spec{Type: vhdtest.Fixed, Size: 2048, Fill: func(p []byte, off int64) {
		for i := range p {
			p[i] = byte((off+int64(i))/512 + 1)
		}
	}}.Build()
}

// of makes an image from a Spec.
func of(s vhdtest.Spec) func() *vhdtest.File { return s.Build }

// footers edits both footers so that their checksums stay right.
func footers(edit func(b []byte)) func(*vhdtest.File) {
	return func(f *vhdtest.File) {
		f.EditFooters(edit)
		f.FixChecksums()
	}
}

// header edits the dynamic header so that its checksum stays right.
func header(edit func(b []byte)) func(*vhdtest.File) {
	return func(f *vhdtest.File) {
		f.EditHeader(edit)
		f.FixChecksums()
	}
}

// put32 and put64 write a field of a structure.
func put32(at int, v uint32) func([]byte) {
	return func(b []byte) { b[at], b[at+1], b[at+2], b[at+3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v) }
}

func put64(at int, v uint64) func([]byte) {
	return func(b []byte) {
		put32(at, uint32(v>>32))(b)
		put32(at+4, uint32(v))(b)
	}
}

// inFooter and inHeader are the place of a field.
func inFooter(field int64) func(vhdtest.Layout) int64 {
	return func(l vhdtest.Layout) int64 { return l.Footer + field }
}

func inHeader(field int64) func(vhdtest.Layout) int64 {
	return func(l vhdtest.Layout) int64 { return l.Header + field }
}

// lost demands that a range of the disk is unreadable by a rule, and that all
// else reads as before.
func lost(rule Rule, from, to int64) func(*testing.T, *Disk, []byte) {
	return func(t *testing.T, d *Disk, intact []byte) {
		t.Helper()
		for off := int64(0); off < d.Size(); off += SectorSize {
			p := make([]byte, min(SectorSize, d.Size()-off))
			n, err := d.ReadAt(p, off)
			if from <= off && off < to {
				if f := wantError(t, err, ErrFormat, rule); n != 0 || f.Layer != 0 {
					t.Fatalf("sector %d: %d bytes, layer %d", off/SectorSize, n, f.Layer)
				}
				continue
			}
			if err != nil {
				t.Fatalf("sector %d: %v", off/SectorSize, err)
			}
			if intact != nil {
				wantBytes(t, p, intact[off:off+int64(n)])
			}
		}
	}
}

// unread opens and does not look at the data.
func unread(*testing.T, *Disk, []byte) {}
