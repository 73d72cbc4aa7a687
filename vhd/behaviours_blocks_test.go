package vhd

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestBehavioursOfBlocks goes on with [TestBehavioursOfLocators]: what is
// right about sizes, blocks and bitmaps.
func TestBehavioursOfBlocks(t *testing.T) {
	t.Run("8 a block may lie anywhere in the file", func(t *testing.T) {
		far := vhdtest.Relative(`.\p.vhd`)
		far.At = 5 << 30 // blocks come behind, far past entries × block size
		f := child(func(s *vhdtest.Spec) {
			s.Locators = []vhdtest.Locator{far}
			s.Blocks = []vhdtest.Block{{Data: pattern(1, 0)}}
		})
		d := mustDisk(t, mustOpen(t, f))
		wantBytes(t, sectorOf(t, d, 0), pattern(1, 0))
		f.SetEntry(0, uint32(f.Size()/SectorSize))
		im := mustOpen(t, f)
		wantFinding(t, im, RuleBlockOutside, Error)
		_, err := mustDisk(t, im).ReadAt(make([]byte, 1), 0)
		wantError(t, err, ErrFormat, RuleBlockOutside)
	})
	t.Run("11 type counts only in a valid footer", func(t *testing.T) {
		inner := child(nil).Bytes()
		f := vhdtest.Spec{Type: vhdtest.Fixed, Size: int64(len(inner)), Data: inner}.Build()
		im := mustOpen(t, f)
		if im.Type() != Fixed {
			t.Errorf("type %s", im.Type())
		}
		wantBytes(t, readAll(t, mustDisk(t, im)), inner)
		f.EditFooters(func(b []byte) { b[vhdtest.FooterType+3] = 5 })
		f.FixChecksums()
		_, err := Open(f, f.Size())
		wantError(t, err, ErrFormat, RuleDiskType)
	})
	t.Run("12 batmap goes by its own header", func(t *testing.T) {
		f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096, Creator: "tap\x00", CreatorVersion: 0x00010003,
			Batmap: &vhdtest.Batmap{}, Blocks: []vhdtest.Block{{Index: 1, Data: pattern(0, 8)}}}.Build()
		im := mustOpen(t, f)
		wantClean(t, im)
		if err := im.CheckBatmap(context.Background(), nil); err != nil {
			t.Error(err)
		}
		if state, marked, flaw := im.Batmap(); state != BatmapAgrees || marked != 1 || flaw != "" {
			t.Errorf("state %d, %d marked, flaw %q", state, marked, flaw)
		}
	})
	t.Run("14 large blocks", func(t *testing.T) {
		f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 1 << 30, BlockSize: maxBlockSize,
			Blocks: []vhdtest.Block{{Index: 3, Sectors: map[int][]byte{524287: pattern(0, 2097151)}}}}.Build()
		d := mustDisk(t, mustOpen(t, f))
		wantBytes(t, sectorOf(t, d, 2097151), pattern(0, 2097151))
		wantBytes(t, sectorOf(t, d, 2097150), make([]byte, 512))
	})
	t.Run("15 a bitmap is read once", func(t *testing.T) {
		r, d := counted(t, map[int][]byte{5: pattern(0, 5)})
		sectorOf(t, d, 5)
		first := r.bytes
		for lba := range int64(100) {
			sectorOf(t, d, lba)
		}
		if again := r.bytes - first; again > SectorSize {
			t.Errorf("100 sectors of one block took %d more bytes, want 512 for the one that is there", again)
		}
	})
	t.Run("16 a run is one read", func(t *testing.T) {
		ragged := map[int][]byte{}
		for i := 0; i < 4096; i += 3 {
			ragged[i] = pattern(0, int64(i))
		}
		r, d := counted(t, ragged)
		got := readAll(t, d)
		wantBytes(t, got[3*512:4*512], pattern(0, 3))
		if r.reads > 2 {
			t.Errorf("%d reads of a block, want one for the bitmap and one for the data", r.reads)
		}
	})
	t.Run("17 past the parent's end are zeros, past the table the parent", func(t *testing.T) {
		short := mustOpen(t, vhdtest.Spec{Type: vhdtest.Differencing, Size: 512, BlockSize: 4096, ParentUUID: vhdtest.ID("base")}.Build())
		base := mustOpen(t, vhdtest.Spec{Type: vhdtest.Fixed, Size: 4096, Data: slices.Concat(pattern(0, 0), pattern(0, 1))}.Build())
		d := mustDisk(t, mustOpen(t, child(nil)), short, base)
		wantBytes(t, sectorOf(t, d, 0), pattern(0, 0))
		wantBytes(t, sectorOf(t, d, 1), make([]byte, 512))

		f := child(func(s *vhdtest.Spec) { s.Size = 8192 })
		f.EditHeader(func(b []byte) { b[vhdtest.HeaderMaxEntries+3] = 1 })
		f.FixChecksums()
		im := mustOpen(t, f)
		wantFinding(t, im, RuleTableEntries, Error)
		base = mustOpen(t, vhdtest.Spec{Type: vhdtest.Fixed, Size: 8192, Data: append(make([]byte, 4096), pattern(0, 8)...)}.Build())
		wantBytes(t, sectorOf(t, mustDisk(t, im, base), 8), pattern(0, 8))
	})
	t.Run("22 bits count in dynamic disks too", func(t *testing.T) {
		f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
			Blocks: []vhdtest.Block{{Data: bytes.Repeat([]byte{0xEE}, 4096), Bitmap: []byte{0x40}}}}.Build()
		want := make([]byte, 4096)
		copy(want[512:], bytes.Repeat([]byte{0xEE}, 512))
		wantBytes(t, readAll(t, mustDisk(t, mustOpen(t, f))), want)
	})
	t.Run("23 the highest bit is the first sector", func(t *testing.T) {
		for bits, want := range map[byte][]int{0x80: {0}, 0x01: {7}, 0x40: {1}, 0xFE: {0, 1, 2, 3, 4, 5, 6}, 0xCB: {0, 1, 4, 6, 7}} {
			f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096, BlockSize: 4096,
				Blocks: []vhdtest.Block{{Data: bytes.Repeat([]byte{1}, 4096), Bitmap: []byte{bits}}}}.Build()
			got := readAll(t, mustDisk(t, mustOpen(t, f)))
			for s := range 8 {
				if here := got[s*512] == 1; here != slices.Contains(want, s) {
					t.Errorf("bitmap %#02x: sector %d here: %t", bits, s, here)
				}
			}
		}
	})
	t.Run("26 current size, not CHS", func(t *testing.T) {
		f := vhdtest.Spec{Type: vhdtest.Differencing, Size: 4 << 20, OriginalSize: 3 << 20, ParentUUID: vhdtest.ID("p"), ParentName: "p"}.Build()
		im := mustOpen(t, f)
		wantClean(t, im)
		if g := im.Footer().Geometry; im.Size() != 4<<20 || g != (Geometry{120, 4, 17}) || g.Size() != 4177920 {
			t.Errorf("size %d, geometry %s = %d", im.Size(), g, g.Size())
		}
	})
	t.Run("27 both checksums; a bitmap has a sector at least", func(t *testing.T) {
		f := child(func(s *vhdtest.Spec) {
			s.Size, s.BlockSize = 1024, 512
			s.Blocks = []vhdtest.Block{{Index: 1, Data: pattern(1, 1)}}
		})
		im := mustOpen(t, f)
		wantClean(t, im)
		wantBytes(t, sectorOf(t, mustDisk(t, im), 1), pattern(1, 1))
		f.EditFooters(func(b []byte) { b[vhdtest.FooterChecksum]++ })
		f.EditHeader(func(b []byte) { b[vhdtest.HeaderChecksum]++ })
		im = mustOpen(t, f)
		wantFinding(t, im, RuleFooterChecksum, Warning)
		wantFinding(t, im, RuleHeaderChecksum, Warning)
	})
	t.Run("28 results have types", func(t *testing.T) {
		_, err := Open(bytes.NewReader(make([]byte, 2048)), 2048)
		wantError(t, err, ErrNotVHD, RuleCookie)
		_, err = mustDisk(t, mustOpen(t, child(nil))).ReadAt(make([]byte, 1), -1)
		wantError(t, err, ErrBounds, RuleBounds)
		if _, err := NewDisk(); err == nil {
			t.Error("a disk of no images")
		}
		fixed := mustOpen(t, vhdtest.Spec{Type: vhdtest.Fixed, Size: 512}.Build())
		_, err = NewDisk(fixed, fixed)
		wantError(t, err, ErrFormat, RuleDiskType)
		r := failingReader{child(nil), 0, 1 << 40}
		if _, err = Open(r, 4096); !errors.Is(err, errBadSector) {
			t.Errorf("a file that cannot be read: %v", err)
		}
	})
}

// counted opens a disk of one 2 MiB block and counts what is read from then on.
func counted(t *testing.T, sectors map[int][]byte) (*countingReader, *Disk) {
	t.Helper()
	f := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 2 << 20, Blocks: []vhdtest.Block{{Sectors: sectors}}}.Build()
	r := &countingReader{ReaderAt: f}
	im, err := Open(r, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	r.reads, r.bytes = 0, 0
	return r, mustDisk(t, im)
}
