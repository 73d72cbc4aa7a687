package blobio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

var errBroken = errors.New("the disk is broken")

func TestErrors(t *testing.T) {
	const size = 20 * PageSize
	tests := []struct {
		name   string
		off    int64
		length int
		answer func(s *memSource) func(p []byte, off int64) (int, error)
		n      int
		err    error
	}{
		{"fails", 100, 512, fails(0, size), 0, errBroken},
		{"fails, large", 100, DirectThreshold, fails(0, size), 0, errBroken},
		{"fails half way, large", 100, DirectThreshold, fails(1000, size), 900, errBroken},
		{"fails within the request", 0, 2 * PageSize, fails(PageSize+5, PageSize+6), PageSize + 5, errBroken},
		{"ends early", 10*PageSize - 5, 512, endsAt(10 * PageSize), 5, ErrChanged},
		{"ends early and calls it io.EOF", 10*PageSize - 5, 512, endsAtEOF(10 * PageSize), 5, ErrChanged},
		{"is empty", 0, 512, endsAt(0), 0, ErrChanged},
		{"is empty, large", 0, DirectThreshold, endsAt(0), 0, ErrChanged},
		{"ends early, large", PageSize, DirectThreshold, endsAtEOF(2 * PageSize), PageSize, ErrChanged},
		{"ends behind the request, within its page", 0, 512, endsAtEOF(1000), 512, ErrChanged},
		{"says it changed", 0, 512, says(ErrChanged), 0, ErrChanged},
		{"fails with all bytes", 0, PageSize, failsWithAll, PageSize, errBroken},
		{"fails with all bytes, and more were fetched", 0, 512, failsWithAll, 512, errBroken},
		{"names itself", 0, 512, says(&ReadError{"other name", 7, 7, errBroken}), 0, errBroken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSource(size, 1)
			s.answer = test.answer(s)
			r := NewCache(16 << 20).Reader(s)
			p := make([]byte, test.length)
			n, err := r.ReadAt(p, test.off)
			if n != test.n || !bytes.Equal(p[:n], s.data[test.off:test.off+int64(n)]) {
				t.Errorf("read %d bytes, want %d, or they are wrong", n, test.n)
			}
			re, ok := err.(*ReadError)
			if !ok || !errors.Is(err, test.err) {
				t.Fatalf("error %T %v; want a *ReadError for %v", err, err, test.err)
			}
			if re.Name != "base.vhd" || re.Offset != test.off || re.Length != test.length {
				t.Errorf("error is about %q, %d bytes at %d", re.Name, re.Length, re.Offset)
			}
			if _, nested := errors.AsType[*ReadError](re.Err); nested {
				t.Errorf("message %q names two reads", err)
			}
			for _, part := range []string{`"base.vhd"`, fmt.Sprintf("%d bytes", test.length), fmt.Sprintf("offset %d", test.off), test.err.Error()} {
				if strings.Count(err.Error(), part) != 1 {
					t.Errorf("message %q does not say %q once", err, part)
				}
			}
			checkCache(t, r.cache, r)

			// The failure is not remembered, nor is anything wrong.
			s.answer = nil
			s.reads()
			checkRead(t, r, s, test.off, test.length)
			if len(s.reads()) == 0 {
				t.Error("bytes of a read that failed were kept")
			}
		})
	}
}

// fails gives the bytes below from and errBroken for reads that touch
// [from, to).
func fails(from, to int64) func(*memSource) func([]byte, int64) (int, error) {
	return func(s *memSource) func([]byte, int64) (int, error) {
		return func(p []byte, off int64) (int, error) {
			if off+int64(len(p)) <= from || off >= to {
				return s.read(p, off)
			}
			n, _ := s.read(p[:max(from-off, 0)], off)
			return n, errBroken
		}
	}
}

func failsWithAll(s *memSource) func([]byte, int64) (int, error) {
	return func(p []byte, off int64) (int, error) {
		n, _ := s.read(p, off)
		return n, errBroken
	}
}

// endsAt gives no bytes from end on, and no error either.
func endsAt(end int64) func(*memSource) func([]byte, int64) (int, error) {
	return func(s *memSource) func([]byte, int64) (int, error) {
		return func(p []byte, off int64) (int, error) {
			return copy(p, s.data[min(off, end):end]), nil
		}
	}
}

func endsAtEOF(end int64) func(*memSource) func([]byte, int64) (int, error) {
	return func(s *memSource) func([]byte, int64) (int, error) {
		return func(p []byte, off int64) (int, error) {
			n := copy(p, s.data[min(off, end):end])
			if n < len(p) {
				return n, io.EOF
			}
			return n, nil
		}
	}
}

func says(err error) func(*memSource) func([]byte, int64) (int, error) {
	return func(s *memSource) func([]byte, int64) (int, error) {
		return func(p []byte, off int64) (int, error) { return 0, err }
	}
}

// A source that claims more bytes than it was asked for is not believed.
func TestSourceClaimsTooMuch(t *testing.T) {
	for _, n := range []int{-1, PageSize + 1, 1 << 30} {
		s := newSource(PageSize, 1)
		s.answer = func(p []byte, off int64) (int, error) { return n, nil }
		r := NewCache(16 << 20).Reader(s)
		if n, err := r.ReadAt(make([]byte, 512), 0); n != 0 || err == nil {
			t.Errorf("ReadAt = %d, %v", n, err)
		}
	}
}

// What is read on someone's account may fail without him: only the failure of
// the bytes he asked for is his.
func TestFailureBesideTheRequest(t *testing.T) {
	s := newSource(100*PageSize, 1)
	s.answer = fails(3*PageSize, 4*PageSize)(s)
	r := NewCache(16 << 20).Reader(s)
	checkRead(t, r, s, 0, PageSize)
	checkRead(t, r, s, PageSize, PageSize) // reads ahead into the failure
	checkReads(t, s, pages(0, 1), pages(1, 4), pages(1, 1))
	checkRead(t, r, s, 2*PageSize, PageSize)
	s.answer = nil
	checkRead(t, r, s, 3*PageSize, PageSize)
}
