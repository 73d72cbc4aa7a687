package blobio

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
)

// span is one read of a source: length bytes at off.
type span struct {
	off    int64
	length int
}

// pages is the span of n pages from page first on.
func pages(first, n int64) span {
	return span{first * PageSize, int(n) * PageSize}
}

// memSource is a Source over a slice that keeps a log of its reads. answer,
// where set, may spoil them.
type memSource struct {
	data   []byte
	answer func(p []byte, off int64) (int, error)

	mu  sync.Mutex
	log []span
}

func (s *memSource) Name() string { return "base.vhd" }
func (s *memSource) Size() int64  { return int64(len(s.data)) }

func (s *memSource) ReadAt(p []byte, off int64) (int, error) {
	s.mu.Lock()
	s.log = append(s.log, span{off, len(p)})
	s.mu.Unlock()
	if s.answer != nil {
		return s.answer(p, off)
	}
	return s.read(p, off)
}

func (s *memSource) read(p []byte, off int64) (int, error) {
	n := copy(p, s.data[min(off, int64(len(s.data))):])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// reads returns the reads since it was last called.
func (s *memSource) reads() []span {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

// newSource returns a source of n bytes that differ from page to page and from
// one seed to another.
func newSource(n int, seed byte) *memSource {
	data := make([]byte, n)
	x := uint32(seed)*2654435761 + 1
	for i := range data {
		x = x*1664525 + 1013904223
		data[i] = byte(x >> 24)
	}
	return &memSource{data: data}
}

// checkRead reads length bytes at off in one request and compares them.
func checkRead(t *testing.T, r *Reader, s *memSource, off int64, length int) {
	t.Helper()
	p := make([]byte, length)
	n, err := r.ReadAt(p, off)
	if n != length || err != nil {
		t.Errorf("ReadAt(%d bytes, %d) = %d, %v", length, off, n, err)
	} else if !slices.Equal(p, s.data[off:off+int64(length)]) {
		t.Errorf("ReadAt(%d bytes, %d): wrong bytes", length, off)
	}
}

// checkReads compares the source's reads since the last look.
func checkReads(t *testing.T, s *memSource, want ...span) {
	t.Helper()
	if got := s.reads(); !slices.Equal(got, want) {
		t.Fatalf("source reads\n got %s\nwant %s", show(got), show(want))
	}
}

func show(log []span) string {
	out := ""
	for _, s := range log {
		out += fmt.Sprintf("[%d+%d] ", s.off, s.length)
	}
	return out
}
