package vhd

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// FuzzWrite opens any file for writing and writes at places that its input
// names, four bytes each: where, in 65536ths of the disk, how much, and what.
// What is taken must be there, what was there before must stay, and the file
// must not grow by more than the blocks that were written to. An image with
// wrong checksums is refused: fix makes them right first.
func FuzzWrite(f *testing.F) {
	for i, seed := range fuzzSeeds() {
		f.Add(seed, []byte("\x00\x00\x03\x11\x80\x00\x09\x22\xff\xff\x30\x33"), true)
		f.Add(seed, []byte{byte(i), 0x40, 0xFF, 0x44, 0x10, byte(i), 0x80, 0xFF}, false)
	}
	f.Fuzz(func(t *testing.T, b, places []byte, fix bool) {
		if len(b) > maxFuzzInput || len(places) > 4*20 {
			return
		}
		if fix {
			b = summed(b)
		}
		s := &storage{file: vhdtest.NewFile()}
		s.file.Put(0, b)
		im, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var below []*Image
		if im.Type() == Differencing {
			below = append(below, OpenRaw(zeroReader{}, im.Size()))
		}
		w, err := OpenWriter(s, int64(len(b)), below...)
		if err != nil {
			var e *FormatError
			if !errors.As(err, &e) || e.Rule == "" || e.Msg == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		const most = 64 << 10
		d := mustDisk(t, append([]*Image{w.Image()}, below...)...)
		windows := map[int64][]byte{}
		for _, off := range []int64{0, d.Size()/2 - 100, d.Size() - most} {
			off = max(off, 0)
			p := make([]byte, min(most, d.Size()-off))
			if n, err := d.ReadAt(p, off); n < len(p) {
				t.Fatalf("an image that may be written does not read: %d at %d: %v", n, off, err)
			}
			windows[off] = p
		}
		for ; len(places) >= 4; places = places[4:] {
			off := (int64(places[0])<<8 | int64(places[1])) * max(d.Size()>>16, 1)
			p := bytes.Repeat(places[3:4], 1+int(places[2])*37)
			before := s.file.Size()
			n, err := w.WriteAt(p, off)
			if off > d.Size() || int64(len(p)) > d.Size()-off {
				if n != 0 || !errors.Is(err, ErrBounds) || s.file.Size() != before {
					t.Fatalf("%d bytes at %d: %d, %v", len(p), off, n, err)
				}
				continue
			}
			var e *FormatError
			if err != nil && (!errors.As(err, &e) || e.Rule != RuleSize) {
				t.Fatalf("%d bytes at %d: %d, %v", len(p), off, n, err)
			}
			if size := im.BlockSize(); size > 0 {
				blocks := (off+int64(len(p))-1)/size - off/size + 1
				if grown := s.file.Size() - before; grown > blocks*(size+bitmapSize(size)+4096)+size+8192 {
					t.Fatalf("%d bytes at %d: the file grew by %d for %d blocks of %d", len(p), off, grown, blocks, size)
				}
			}
			for at, window := range windows {
				if from, to := max(at, off), min(at+int64(len(window)), off+int64(n)); from < to {
					copy(window[from-at:], p[from-off:to-off])
				}
			}
		}
		again := mustOpen(t, s.file)
		for _, d := range []*Disk{d, mustDisk(t, append([]*Image{again}, below...)...)} {
			for off, want := range windows {
				got := make([]byte, len(want))
				if n, err := d.ReadAt(got, off); n < len(got) {
					t.Fatalf("%d bytes at %d: %v", n, off, err)
				}
				if diff := vhdtest.Diff(got, want); diff != "" {
					t.Fatalf("from %d: %s", off, diff)
				}
			}
		}
	})
}

// summed is a file with right checksums, where it has the structures.
func summed(b []byte) []byte {
	b = bytes.Clone(b)
	for _, at := range []int{0, len(b) - footerSize} {
		if at >= 0 && len(b) >= footerSize && isFooter(b[at:at+footerSize]) {
			sign(b[at:at+footerSize], footerChecksumAt)
			if h := be64(b[at+footerDataOffsetAt:]); h <= uint64(len(b)) && uint64(len(b))-h >= headerSize {
				sign(b[h:h+headerSize], headerChecksumAt)
			}
		}
	}
	return b
}

// zeroReader is a raw disk of zeros, as large as anybody says.
type zeroReader struct{}

func (zeroReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, io.EOF
	}
	clear(p)
	return len(p), nil
}
