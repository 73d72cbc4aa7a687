package volume

import (
	"errors"
	"io"
)

// memory is a disk in memory.
type memory []byte

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if off >= int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// sparse is a large disk of which a few pieces are not zeros.
type sparse struct {
	size   int64
	pieces map[int64][]byte
}

func (s sparse) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	var err error
	if int64(len(p)) > s.size-off {
		p, err = p[:s.size-off], io.EOF
	}
	clear(p)
	for at, b := range s.pieces {
		if from, to := max(at, off), min(at+int64(len(b)), off+int64(len(p))); from < to {
			copy(p[from-off:to-off], b[from-at:])
		}
	}
	return len(p), err
}

// counted counts reads.
type counted struct {
	io.ReaderAt
	reads int
	bytes int64
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	c.bytes += int64(len(p))
	return c.ReaderAt.ReadAt(p, off)
}

// broken fails to read a range.
type broken struct {
	io.ReaderAt
	start, end int64
}

var errBroken = errors.New("the medium is bad")

func (b broken) ReadAt(p []byte, off int64) (int, error) {
	if off < b.end && off+int64(len(p)) > b.start {
		return 0, errBroken
	}
	return b.ReaderAt.ReadAt(p, off)
}

// newSection is a partition of a disk.
func newSection(r io.ReaderAt, p Part) *io.SectionReader {
	return io.NewSectionReader(r, p.Start, p.Size)
}
