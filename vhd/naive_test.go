package vhd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// naiveImage reads a VHD in the plainest way that the specification allows:
// one sector at a time, every number from the file each time. It knows
// nothing of the package that it is there to check.
type naiveImage struct {
	r    io.ReaderAt
	size int64 // of the file

	kind   uint32
	disk   uint64
	table  uint64
	blocks uint32 // entries that the table has
	block  uint64 // bytes
}

// errNaive is for images that are not plain enough.
var errNaive = errors.New("not a plain image")

// openNaive takes only images whose footer stands at the end with a right
// checksum.
func openNaive(r io.ReaderAt, size int64) (*naiveImage, error) {
	footer := make([]byte, 512)
	if size < 512 {
		return nil, errNaive
	}
	if _, err := r.ReadAt(footer, size-512); err != nil && err != io.EOF {
		return nil, err
	}
	if string(footer[:8]) != "conectix" || vhdtest.Checksum(footer, 0x40) != binary.BigEndian.Uint32(footer[0x40:]) {
		return nil, errNaive
	}
	im := &naiveImage{r: r, size: size, disk: binary.BigEndian.Uint64(footer[0x30:]), kind: binary.BigEndian.Uint32(footer[0x3C:])}
	if im.disk > 1<<50 {
		return nil, errNaive
	}
	if im.kind == 2 {
		return im, nil
	}
	if im.kind != 3 && im.kind != 4 {
		return nil, errNaive
	}
	header, err := im.bytes(binary.BigEndian.Uint64(footer[0x10:]), 1024)
	if err != nil || string(header[:8]) != "cxsparse" {
		return nil, errNaive
	}
	im.table = binary.BigEndian.Uint64(header[0x10:])
	im.blocks = binary.BigEndian.Uint32(header[0x1C:])
	im.block = uint64(binary.BigEndian.Uint32(header[0x20:]))
	switch {
	case im.block < 512 || im.block > 256<<20 || im.block&(im.block-1) != 0:
		return nil, errNaive
	case im.table > 1<<50:
		return nil, errNaive
	}
	return im, nil
}

// bytes reads n bytes of the file.
func (im *naiveImage) bytes(at uint64, n int) ([]byte, error) {
	if at > uint64(im.size) || uint64(im.size)-at < uint64(n) {
		return nil, fmt.Errorf("%w: byte %#x", errNaive, at)
	}
	b := make([]byte, n)
	if _, err := im.r.ReadAt(b, int64(at)); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}

// where finds a sector in the file; here is false where the image lacks it.
func (im *naiveImage) where(lba uint64) (at uint64, here bool, err error) {
	if im.kind == 2 {
		return lba * 512, true, nil
	}
	perBlock := im.block / 512
	b, s := lba/perBlock, lba%perBlock
	if b >= uint64(im.blocks) {
		return 0, false, nil
	}
	entry, err := im.bytes(im.table+4*b, 4)
	if err != nil {
		return 0, false, err
	}
	sector := uint64(binary.BigEndian.Uint32(entry))
	if sector == 0xFFFFFFFF {
		return 0, false, nil
	}
	octet, err := im.bytes(sector*512+s/8, 1)
	if err != nil {
		return 0, false, err
	}
	if octet[0]>>(7-s%8)&1 == 0 {
		return 0, false, nil
	}
	bitmapSectors := (perBlock + 4095) / 4096 // 4096 bits a sector
	return (sector + bitmapSectors + s) * 512, true, nil
}

// naiveSector reads one sector of a chain, leaf first, cut at the disk's end.
// layer is -1 where none has it.
func naiveSector(chain []*naiveImage, lba uint64) (data []byte, layer int, source uint64, err error) {
	n := min(512, chain[0].disk-lba*512)
	for i, im := range chain {
		if lba*512 >= im.disk {
			return make([]byte, n), -1, 0, nil
		}
		at, here, err := im.where(lba)
		if err != nil {
			return nil, i, 0, err
		}
		if here {
			// A layer may end inside the sector.
			m := min(n, im.disk-lba*512)
			data, err := im.bytes(at, int(m))
			return append(data, make([]byte, n-m)...), i, at, err
		}
		if im.kind != 4 {
			return make([]byte, n), -1, 0, nil
		}
	}
	return nil, len(chain), 0, fmt.Errorf("%w: no parent", errNaive)
}

// checkAgainstNaive compares a disk sector by sector with the naive reader,
// and its extents with both.
func checkAgainstNaive(t *testing.T, d *Disk, files []io.ReaderAt, chain []*naiveImage) {
	t.Helper()
	at := int64(0)
	for e, err := range d.Extents(0, d.Size()) {
		if err != nil {
			t.Fatalf("extent %+v: %v", e, err)
		}
		if e.Offset != at || e.Length <= 0 {
			t.Fatalf("extent %+v, want one at %d", e, at)
		}
		at += e.Length
		got := make([]byte, e.Length)
		if _, err := d.ReadAt(got, e.Offset); err != nil {
			t.Fatalf("extent %+v: %v", e, err)
		}
		if e.Layer >= 0 {
			there := make([]byte, e.Length)
			if _, err := files[e.Layer].ReadAt(there, e.Source); err != nil && err != io.EOF || !bytes.Equal(got, there) {
				t.Fatalf("extent %+v: its source has other bytes (%v)", e, err)
			}
		} else if e.Source != -1 || !allZero(got) {
			t.Fatalf("extent %+v reads as %s", e, vhdtest.Describe(got))
		}
		for lba := (e.Offset + 511) / 512; lba*512 < e.Offset+e.Length; lba++ {
			want, layer, source, err := naiveSector(chain, uint64(lba))
			in := lba*512 - e.Offset
			if err != nil {
				t.Fatalf("sector %d: %v", lba, err)
			}
			if layer != e.Layer || layer >= 0 && int64(source) != e.Source+in {
				t.Fatalf("sector %d: extent %+v, but it is layer %d at byte %#x", lba, e, layer, source)
			}
			if n := min(int64(len(want)), e.Length-in); !bytes.Equal(got[in:in+n], want[:n]) {
				t.Fatalf("sector %d: got %s, want %s", lba, vhdtest.Describe(got[in:in+n]), vhdtest.Describe(want))
			}
		}
	}
	if at != d.Size() {
		t.Fatalf("extents end at %d of %d", at, d.Size())
	}
}

// readAround reads a few ranges of a disk at random.
func readAround(t *testing.T, seed uint64, d *Disk, want []byte) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	for range 12 {
		off := random.Int64N(d.Size())
		p := bytes.Repeat([]byte{0xEE}, int(1+random.Int64N(d.Size()-off)))
		if n, err := d.ReadAt(p, off); err != nil || !bytes.Equal(p, want[off:off+int64(len(p))]) {
			t.Fatalf("%d bytes at %d: %d, %v: %s", len(p), off, n, err, vhdtest.Diff(p, want[off:off+int64(len(p))]))
		}
	}
}

// checkExplain holds what a disk says of single sectors against the naive
// reader.
func checkExplain(t *testing.T, d *Disk, chain []*naiveImage) {
	t.Helper()
	for lba := uint64(0); lba*512 < chain[0].disk; lba += 1 + chain[0].disk/512/40 {
		steps, err := d.Explain(int64(lba * 512))
		if err != nil || len(steps) == 0 {
			t.Fatalf("sector %d: %v", lba, err)
		}
		_, layer, source, err := naiveSector(chain, lba)
		last := steps[len(steps)-1]
		if err != nil || (layer >= 0) != (last.Verdict == Here) || layer >= 0 && (last.Layer != layer || last.Source != int64(source)) {
			t.Fatalf("sector %d: %+v, but it is layer %d at byte %#x (%v)", lba, last, layer, source, err)
		}
		for i, s := range steps {
			im := chain[i]
			if s.Layer != i || s.Message == "" || i < len(steps)-1 && s.Verdict != Absent {
				t.Fatalf("sector %d, step %d: %+v", lba, i, s)
			}
			if im.kind == 2 || s.Verdict == PastEnd {
				continue
			}
			b, in := lba*512/im.block, lba%(im.block/512)
			if s.Block != int64(b) || s.TableEntry != int64(im.table+4*b) {
				t.Fatalf("sector %d, step %d: %+v, want block %d", lba, i, s, b)
			}
			entry, _ := im.bytes(im.table+4*b, 4)
			at := int64(binary.BigEndian.Uint32(entry))*512 + int64(in/8)
			if binary.BigEndian.Uint32(entry) == 0xFFFFFFFF {
				at = -1
			}
			if s.BitmapByte != at || at >= 0 && s.Bit != int(in%8) {
				t.Fatalf("sector %d, step %d: %+v, want bit %d of byte %#x", lba, i, s, in%8, at)
			}
		}
	}
}
