package vhd

import (
	"bytes"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// TestSharedBlockUnaligned reads two blocks that lie at one place, from inside
// a sector on, so that the two runs begin in one sector of the file.
func TestSharedBlockUnaligned(t *testing.T) {
	for _, size := range []uint32{512, 4096, 64 << 10} {
		f := vhdtest.Spec{
			Type: vhdtest.Dynamic, Size: 4 * int64(size), BlockSize: size,
			Blocks: []vhdtest.Block{{Index: 0, Data: unlike(int(size))}, {Index: 1, Data: unlike(int(size))}},
		}.Build()
		f.Put(f.Layout.Entry(1), f.Get(f.Layout.Entry(0), 4))
		d := mustDisk(t, mustOpen(t, f))
		whole := append(unlike(int(size)), unlike(int(size))...)
		for _, off := range []int{1, 100, 511} {
			got := make([]byte, len(whole)-off)
			if n, err := d.ReadAt(got, int64(off)); n != len(got) || err != nil || !bytes.Equal(got, whole[off:]) {
				t.Errorf("blocks of %d bytes from byte %d: %d, %v, right: %v", size, off, n, err, bytes.Equal(got, whole[off:]))
			}
		}
	}
}

// TestDamagedFooterIsNoData cuts the last block short by a footer with a
// wrong checksum: the copy is used, and the footer's bytes are no sector.
func TestDamagedFooterIsNoData(t *testing.T) {
	f := vhdtest.Spec{
		Type: vhdtest.Dynamic, Size: 8192, BlockSize: 4096,
		Blocks: []vhdtest.Block{{Index: 0, Data: unlike(4096)}},
	}.Build()
	block, _ := f.Layout.Block(0)
	footer := f.Get(f.Layout.Footer, 512)
	footer[0x50]++ // of the UUID, so that the sum is wrong
	f.Put(block.Data+2048, footer)
	f.Truncate(block.Data + 2560)
	im := mustOpen(t, f)
	if im.footerAt != 0 {
		t.Fatalf("the footer at %d is used", im.footerAt)
	}
	got := make([]byte, 4096)
	if n, err := mustDisk(t, im).ReadAt(got, 0); n != 2048 || err == nil {
		t.Errorf("%d bytes, %v; want 2048 and an error", n, err)
	}
}

// unlike is n bytes of which no two sectors are alike.
func unlike(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i/512*7 + i)
	}
	return p
}
