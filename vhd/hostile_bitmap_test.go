package vhd

import (
	"bytes"
	"errors"
	"testing"

	"vhdscope/vhd/vhdtest"
)

func TestHostileBitmap(t *testing.T) {
	full := bytes.Repeat([]byte{0xFF}, 512)
	one := func(size int64, bitmap []byte) func() *vhdtest.File {
		return vhdtest.Spec{Type: vhdtest.Dynamic, Size: size, BlockSize: 4096,
			Blocks: []vhdtest.Block{{Data: blockData(0)[:min(size, 4096)], Bitmap: bitmap}}}.Build
	}
	holds := func(sectors ...int) func(*testing.T, *Disk, []byte) {
		return func(t *testing.T, d *Disk, _ []byte) {
			want := make([]byte, d.Size())
			for _, s := range sectors {
				copy(want[s*512:], pattern(0, int64(s)))
			}
			wantBytes(t, readAll(t, d), want)
		}
	}
	runDamages(t, []damage{
		{name: "0x80", image: one(4096, []byte{0x80}), read: holds(0), checked: RuleBitmapData, checkedSeverity: Warning},
		{name: "0x40", image: one(4096, []byte{0x40}), read: holds(1), checked: RuleBitmapData, checkedSeverity: Warning},
		{name: "0x01", image: one(4096, []byte{0x01}), read: holds(7), checked: RuleBitmapData, checkedSeverity: Warning},
		{name: "0xFE", image: one(4096, []byte{0xFE}), read: holds(0, 1, 2, 3, 4, 5, 6), checked: RuleBitmapData, checkedSeverity: Warning},
		{name: "0xCB", image: one(4096, []byte{0xCB}), read: holds(0, 1, 4, 6, 7), checked: RuleBitmapData, checkedSeverity: Warning},
		{name: "padding bits", image: one(4096, append([]byte{0x01}, full[1:]...)), read: holds(7), checked: RuleBitmapPadding, checkedSeverity: Note},
		{name: "bits past the disk", image: one(1024, full), read: holds(0, 1), checked: RuleBitmapPadding, checkedSeverity: Note},
		{name: "data under clear bits", image: one(4096, make([]byte, 1)), read: holds(), checked: RuleBitmapData, checkedSeverity: Warning},
	})
}

// TestBitmapAcrossBytes: the first and last sectors of a bitmap's bytes.
func TestBitmapAcrossBytes(t *testing.T) {
	sectors := map[int][]byte{}
	for _, s := range []int{0, 7, 8, 15, 16, 63, 64, 4088, 4095} {
		sectors[s] = pattern(0, int64(s))
	}
	d := mustDisk(t, mustOpen(t, vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2 << 20, Blocks: []vhdtest.Block{{Sectors: sectors}}}.Build()))
	for s := range 4096 {
		want := sectors[s]
		if want == nil {
			want = make([]byte, 512)
		}
		if got := sectorOf(t, d, int64(s)); !bytes.Equal(got, want) {
			t.Errorf("sector %d: %s", s, vhdtest.Describe(got))
		}
	}
}

// TestUnreadableBitmap: what the file will not give is an error for its own
// sectors only, with the place, and the file's error in it.
func TestUnreadableBitmap(t *testing.T) {
	f := tableImage()
	place, _ := f.Layout.Block(2)
	for name, c := range map[string]struct {
		from, to  int64
		lost      int64 // bytes of the disk, from block 2 on
		firstLost int64
	}{
		"bitmap": {place.Bitmap, place.Bitmap + 512, 4096, 8192},
		"data":   {place.Data + 1024, place.Data + 1536, 512, 8192 + 1024},
	} {
		t.Run(name, func(t *testing.T) {
			im, err := Open(failingReader{f, c.from, c.to}, f.Size())
			if err != nil {
				t.Fatal(err)
			}
			d := mustDisk(t, im)
			all := make([]byte, d.Size())
			n, err := d.ReadAt(all, 0)
			e := wantError(t, err, errBadSector, RuleRead)
			if int64(n) != c.firstLost || e.Layer != 0 || e.Offset != c.from {
				t.Errorf("%d bytes, layer %d, byte %#x; want %d, 0, %#x", n, e.Layer, e.Offset, c.firstLost, c.from)
			}
			intact := readAll(t, mustDisk(t, mustOpen(t, f)))
			wantBytes(t, all[:n], intact[:n])
			if _, err := d.ReadAt(all[:4096], c.firstLost+c.lost); err != nil {
				t.Errorf("behind the bad bytes: %v", err)
			}
			wantBytes(t, all[:4096], intact[c.firstLost+c.lost:][:4096])
		})
	}
}

// TestFileCutUnderTheReader: a file that has become shorter since it was
// opened is an error and no zeros.
func TestFileCutUnderTheReader(t *testing.T) {
	f := tableImage()
	im := mustOpen(t, f)
	f.Truncate(f.Layout.Blocks[3].Data + 100)
	p := make([]byte, 4096)
	n, err := mustDisk(t, im).ReadAt(p, 7*4096)
	var e *FormatError
	if !errors.As(err, &e) || e.Rule != RuleRead || n > 100 || e.Layer != 0 {
		t.Errorf("%d bytes, %v", n, err)
	}
}
