package blobio

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

func TestReaderContract(t *testing.T) {
	for _, size := range []int{0, 1, 511, PageSize - 1, PageSize, PageSize + 1, 3*PageSize + 100} {
		for _, capacity := range []int64{0, 2, 100} {
			s := newSource(size, 1)
			r := NewCache(capacity * PageSize).Reader(s)
			if err := iotest.TestReader(io.NewSectionReader(r, 0, r.Size()), s.data); err != nil {
				t.Errorf("%d bytes, %d pages: %v", size, capacity, err)
			}
		}
	}
}

func TestEnds(t *testing.T) {
	const size = PageSize + 1000
	const large = DirectThreshold
	tests := []struct {
		name   string
		off    int64
		length int
		n      int
		err    error
	}{
		{"up to the end", size - 10, 10, 10, nil},
		{"across the end", size - 10, 11, 10, io.EOF},
		{"across a page and the end", PageSize - 10, 2000, 1010, io.EOF},
		{"at the end", size, 1, 0, io.EOF},
		{"beyond the end", size + 1, 1, 0, io.EOF},
		{"at the largest offset", math.MaxInt64, 1, 0, io.EOF},
		{"large, beyond the end", size, large, 0, io.EOF},
		{"large, across the end", 10, large, size - 10, io.EOF},
		{"nothing", 10, 0, 0, nil},
		{"nothing at the end", size, 0, 0, nil},
		{"negative", -1, 1, 0, errNegativeOffset},
		{"negative, nothing", -1, 0, 0, errNegativeOffset},
		{"most negative", math.MinInt64, 1, 0, errNegativeOffset},
	}
	s := newSource(size, 1)
	r := NewCache(8 * PageSize).Reader(s)
	if r.Size() != size || r.Name() != "base.vhd" {
		t.Errorf("Size, Name = %d, %q", r.Size(), r.Name())
	}
	for _, test := range tests {
		p := bytes.Repeat([]byte{0xee}, test.length)
		n, err := r.ReadAt(p, test.off)
		if n != test.n || !errors.Is(err, test.err) {
			t.Errorf("%s: ReadAt(%d bytes, %d) = %d, %v; want %d, %v", test.name, test.length, test.off, n, err, test.n, test.err)
			continue
		}
		if n > 0 && !bytes.Equal(p[:n], s.data[test.off:test.off+int64(n)]) {
			t.Errorf("%s: wrong bytes", test.name)
		}
		if !bytes.Equal(p[n:], bytes.Repeat([]byte{0xee}, test.length-n)) {
			t.Errorf("%s: bytes behind the end were written", test.name)
		}
	}
}

// hugeSource ends at the largest int64; its bytes tell their offset.
type hugeSource struct{}

func (hugeSource) Name() string { return "huge" }
func (hugeSource) Size() int64  { return math.MaxInt64 }
func (hugeSource) ReadAt(p []byte, off int64) (int, error) {
	for i := range p {
		p[i] = hugeByte(off + int64(i))
	}
	return len(p), nil
}

func hugeByte(off int64) byte { return byte(off ^ off>>16 ^ off>>32 ^ off>>48) }

func TestLargestOffsets(t *testing.T) {
	r := NewCache(64 * PageSize).Reader(hugeSource{})
	for _, off := range []int64{math.MaxInt64 - 1000, math.MaxInt64 - PageSize - 1000, 1<<32 - 4, 1 << 32, 1<<41 + 3} {
		p := make([]byte, 1000)
		if n, err := r.ReadAt(p, off); n != len(p) || err != nil {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", len(p), off, n, err)
		}
		for i, b := range p {
			if want := hugeByte(off + int64(i)); b != want {
				t.Fatalf("byte %d: %#x, want %#x", off+int64(i), b, want)
			}
		}
	}
	if n, err := r.ReadAt(make([]byte, 1001), math.MaxInt64-1000); n != 1000 || err != io.EOF {
		t.Errorf("across the end: %d, %v", n, err)
	}
}

func TestClosed(t *testing.T) {
	s := newSource(10*PageSize, 1)
	r := NewCache(8 * PageSize).Reader(s)
	checkRead(t, r, s, 0, 1)
	r.Close()
	for _, length := range []int{1, DirectThreshold} {
		n, err := r.ReadAt(make([]byte, length), 0)
		if n != 0 || !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%d bytes after Close: %d, %v", length, n, err)
		}
	}
}

// TestModel drives several readers of one small cache at random, over sources
// that fail at random, and compares each answer with that of the bare bytes.
func TestModel(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		c := NewCache(rnd.Int64N(12) * PageSize)
		var sources []*memSource
		var readers []*Reader
		for i := range 3 {
			s := newSource(rnd.IntN(20*PageSize), byte(i))
			s.answer = func(p []byte, off int64) (int, error) {
				if rnd.IntN(20) == 0 {
					n, _ := s.read(p[:rnd.IntN(len(p))], off)
					return n, errBroken
				}
				return s.read(p, off)
			}
			sources, readers = append(sources, s), append(readers, c.Reader(s))
		}
		next := make([]int64, len(sources))
		for range 300 {
			i := rnd.IntN(len(sources))
			s, r := sources[i], readers[i]
			off := rnd.Int64N(s.Size() + 1000)
			if rnd.IntN(2) == 0 {
				off = next[i]
			}
			length := rnd.IntN(3 * PageSize)
			if rnd.IntN(10) == 0 {
				length = rnd.IntN(8 * PageSize)
			}
			next[i] = off + int64(length)

			p, want := make([]byte, length), make([]byte, length)
			wantN, wantErr := 0, error(nil)
			if length > 0 {
				wantN, wantErr = bytes.NewReader(s.data).ReadAt(want, off)
			}
			n, err := r.ReadAt(p, off)
			if errors.Is(err, errBroken) {
				if n >= wantN || !bytes.Equal(p[:n], want[:n]) {
					t.Fatalf("seed %d: failed ReadAt(%d bytes, %d) = %d: wrong bytes", seed, length, off, n)
				}
				continue
			}
			if n != wantN || err != wantErr || !bytes.Equal(p, want) {
				t.Fatalf("seed %d: ReadAt(%d bytes, %d) = %d, %v; want %d, %v", seed, length, off, n, err, wantN, wantErr)
			}
			checkCache(t, c, readers...)
		}
	}
}

// checkCache compares the cache's list of pages with what its readers hold.
func checkCache(t *testing.T, c *Cache, readers ...*Reader) {
	t.Helper()
	held := 0
	for _, r := range readers {
		held += len(r.pages)
		if len(r.flights) != 0 {
			t.Fatalf("%d reads are still under way", len(r.flights))
		}
	}
	listed := 0
	for p := c.pages.root.next; p != &c.pages.root; p = p.next {
		listed++
		if p.owner.pages[p.index] != p {
			t.Fatalf("page %d is listed but not held", p.index)
		}
		if want := min(PageSize, p.owner.size-p.index*PageSize); int64(len(p.data)) != want || want <= 0 {
			t.Fatalf("page %d holds %d bytes, want %d", p.index, len(p.data), want)
		}
	}
	if held != listed || listed != c.pages.len || listed > c.capacity {
		t.Fatalf("%d pages held, %d listed, %d counted, room for %d", held, listed, c.pages.len, c.capacity)
	}
}
