package vhdtest

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

// File is a file in memory that holds only what was written to it: anything
// else up to its size reads as zeros. Reading is safe from several
// goroutines; writing is not.
type File struct {
	Layout Layout

	size     int64
	segments segments
}

// NewFile is an empty file, for what no Spec describes. All offsets of its
// Layout are absent.
func NewFile() *File { return &File{Layout: noLayout()} }

// Clone is an independent file with the same contents, at the cost of a list.
func (f *File) Clone() *File {
	c := *f
	c.segments = slices.Clone(f.segments)
	c.Layout.Blocks = slices.Clone(f.Layout.Blocks)
	return &c
}

// Size is the file's length in bytes.
func (f *File) Size() int64 { return f.size }

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("vhdtest: read at negative offset %d", off)
	}
	if off >= f.size {
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), f.size-off))
	f.segments.read(p[:n], off)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Bytes is the whole file. It panics for files over 1 GiB, which are there to
// be read in parts.
func (f *File) Bytes() []byte {
	if f.size > 1<<30 {
		panic(fmt.Sprintf("vhdtest: %d bytes are too many to hold at once", f.size))
	}
	return f.Get(0, int(f.size))
}

// Get is n bytes from off; what lies behind the end is zeros.
func (f *File) Get(off int64, n int) []byte {
	p := make([]byte, n)
	f.segments.read(p, off)
	return p
}

// WriteAt implements io.WriterAt. The file grows as needed.
func (f *File) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 || off > math.MaxInt64-int64(len(p)) {
		return 0, fmt.Errorf("vhdtest: write of %d bytes at offset %d", len(p), off)
	}
	f.put(off, int64(len(p)), bytesSource(slices.Clone(p)))
	return len(p), nil
}

// Put writes b at off. It panics for a negative offset, which is how Layout
// says that the structure is absent.
func (f *File) Put(off int64, b []byte) {
	if _, err := f.WriteAt(b, off); err != nil {
		panic(err)
	}
}

// PutUint16 writes v at off, big-endian as all of the format.
func (f *File) PutUint16(off int64, v uint16) { f.Put(off, binary.BigEndian.AppendUint16(nil, v)) }

// PutUint32 writes v at off, big-endian.
func (f *File) PutUint32(off int64, v uint32) { f.Put(off, binary.BigEndian.AppendUint32(nil, v)) }

// PutUint64 writes v at off, big-endian.
func (f *File) PutUint64(off int64, v uint64) { f.Put(off, binary.BigEndian.AppendUint64(nil, v)) }

// PutSource lets source supply length bytes at off. source is asked for
// offsets from 0 to length.
func (f *File) PutSource(off, length int64, source Source) { f.put(off, length, source) }

// Append writes b behind the end.
func (f *File) Append(b []byte) { f.Put(f.size, b) }

// Truncate makes the file size bytes long: it drops what is behind, or adds
// zeros.
func (f *File) Truncate(size int64) {
	if size < f.size {
		f.segments = f.segments.cut(size, f.size)
	}
	f.size = size
}

func (f *File) put(off, length int64, source Source) {
	f.segments = f.segments.put(segment{off: off, length: length, source: source})
	f.size = max(f.size, off+length)
}

// WriteFile writes the file to path, leaving holes where it is zeros.
func (f *File) WriteFile(path string) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	if err := out.Truncate(f.size); err != nil {
		return err
	}
	chunk := make([]byte, 1<<20)
	for _, s := range f.segments {
		for at := s.off; at < s.end(); {
			p := chunk[:min(int64(len(chunk)), s.end()-at)]
			s.source(p, s.start+at-s.off)
			if err := writeNonZero(out, p, at); err != nil {
				return err
			}
			at += int64(len(p))
		}
	}
	return nil
}

// writeNonZero writes the 4 KiB pieces of p that are not all zeros.
func writeNonZero(w io.WriterAt, p []byte, off int64) error {
	const piece = 4096
	for len(p) > 0 {
		n := 0
		for n < len(p) && !allZero(p[n:min(n+piece, len(p))]) {
			n = min(n+piece, len(p))
		}
		if n > 0 {
			if _, err := w.WriteAt(p[:n], off); err != nil {
				return err
			}
		}
		n = min(n+piece, len(p))
		p, off = p[n:], off+int64(n)
	}
	return nil
}

func allZero(p []byte) bool {
	for _, b := range p {
		if b != 0 {
			return false
		}
	}
	return true
}
