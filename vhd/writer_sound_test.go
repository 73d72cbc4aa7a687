package vhd

import (
	"bytes"
	"errors"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestDamagedImagesAreNotWritten: what Open cannot trust, a write would make
// worse.
func TestDamagedImagesAreNotWritten(t *testing.T) {
	overlap := func(f *vhdtest.File) {
		f.SetEntry(f.Layout.Blocks[0].Index, uint32(f.Layout.Blocks[1].Bitmap/512))
	}
	for name, c := range map[string]struct {
		rule Rule
		edit func(*vhdtest.File)
	}{
		"overlap":          {RuleBlockOverlap, overlap},
		"outside":          {RuleBlockOutside, func(f *vhdtest.File) { f.SetEntry(f.Layout.Blocks[0].Index, 1<<30) }},
		"over a structure": {RuleBlockStructure, func(f *vhdtest.File) { f.SetEntry(f.Layout.Blocks[0].Index, 1) }},
		"poisoned":         {RuleFooterPoisoned, footers(func(b []byte) { copy(b, "v_poison") })},
		"checksum":         {RuleFooterChecksum, func(f *vhdtest.File) { f.EditFooters(func(b []byte) { b[0x60] = 1 }) }},
		"header checksum":  {RuleHeaderChecksum, func(f *vhdtest.File) { f.EditHeader(func(b []byte) { b[0x3F0] = 1 }) }},
		"small table":      {RuleTableEntries, header(put32(vhdtest.HeaderMaxEntries, 3))},
		"moved header":     {RuleHeaderOffset, footers(put64(vhdtest.FooterDataOffset, 0x10000))},
		"cut":              {RuleBlockTruncated, func(f *vhdtest.File) { f.Truncate(f.Size() - 1024) }},
	} {
		f := goodImage()
		c.edit(f)
		before := f.Bytes()
		_, err := OpenWriter(&storage{file: f}, f.Size())
		if err == nil {
			t.Errorf("%s: it can be written to", name)
			continue
		}
		wantError(t, err, ErrFormat, c.rule)
		if !bytes.Equal(f.Bytes(), before) {
			t.Errorf("%s: it was changed", name)
		}
	}
	crooked := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096, Placement: vhdtest.Placement{TableOffset: 0x602}}.Build()
	_, err := OpenWriter(&storage{file: crooked}, crooked.Size())
	wantError(t, err, ErrFormat, RuleTableOffset)
	if _, err := OpenWriter(&storage{file: vhdtest.NewFile()}, 0); !errors.Is(err, ErrNotVHD) {
		t.Error(err)
	}
	raw := OpenRaw(bytes.NewReader(nil), 0)
	if _, err := OpenWriter(&storage{file: goodImage()}, goodImage().Size(), raw); err == nil {
		t.Error("a dynamic image has a parent")
	}
}

// TestFootersArePutInOrder with the first change, and not before: a footer
// that is missing, short, damaged, or that other bytes follow.
func TestFootersArePutInOrder(t *testing.T) {
	for name, edit := range map[string]func(f *vhdtest.File){
		"good":         func(*vhdtest.File) {},
		"no copy":      func(f *vhdtest.File) { f.Put(0, make([]byte, 512)) },
		"damaged copy": func(f *vhdtest.File) { f.Put(100, []byte{1}) },
		"other copy": func(f *vhdtest.File) {
			f.Put(0, func() []byte { b := f.Get(0, 512); b[0x54] = 1; sign(b, 0x40); return b }())
		},
		"no footer":      func(f *vhdtest.File) { f.Truncate(f.Size() - 512) },
		"damaged footer": func(f *vhdtest.File) { f.Put(f.Size()-100, []byte{1}) },
		"short footer":   func(f *vhdtest.File) { f.Truncate(f.Size() - 1) },
		"junk":           func(f *vhdtest.File) { f.Append([]byte("more")) },
		"zeros":          func(f *vhdtest.File) { f.Append(make([]byte, 3000)) },
		"junk, no copy":  func(f *vhdtest.File) { f.Append([]byte("more")); f.Put(0, make([]byte, 512)) },
	} {
		for _, at := range []int64{0, 60 << 10} { // blocks of the disk that are there and not there
			f := goodImage()
			want := readAll(t, mustDisk(t, mustOpen(t, f)))
			footer := f.Get(f.Size()-512, 512)
			edit(f)
			s, w := openStored(t, f)
			if len(s.ops) > 0 {
				t.Errorf("%s: opening wrote", name)
			}
			mustWrite(t, w, pattern(3, at/512), at)
			copy(want[at:], pattern(3, at/512))
			if name == "junk, no copy" && (s.ops[0].off != 0 || s.ops[1].data != nil) {
				t.Errorf("%s: the only good footer is moved away from before there is a copy", name)
			}
			if !bytes.Equal(f.Get(0, 512), footer) || !bytes.Equal(f.Get(f.Size()-512, 512), footer) {
				t.Errorf("%s: footers differ", name)
			}
			im := mustOpen(t, f)
			wantClean(t, im)
			wantBytes(t, readAll(t, mustDisk(t, im)), want)
		}
	}
}

// A footer without a copy, where a block lies instead, cannot be moved.
func TestFooterNeedsAPlaceForItsCopy(t *testing.T) {
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096, Placement: vhdtest.Placement{HeaderOffset: 0x2000, NoFooterCopy: true}}.Build()
	f.SetEntry(0, 0)
	_, err := OpenWriter(&storage{file: f}, f.Size())
	wantError(t, err, ErrFormat, RuleFooterCopy)
}
