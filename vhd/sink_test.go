package vhd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"vhdscope/vhd/vhdtest"
)

// strictSink puts a range of a disk into memory and holds the disk to the
// rules: every byte is put once, nothing outside, and what was fetched is
// used before it is released and released once.
type strictSink struct {
	t      *testing.T
	files  []io.ReaderAt
	p      []byte
	put    []bool
	open   int   // fetched and not released
	broken int64 // a file's byte that no read may touch; 0: none
}

var errSink = errors.New("the sink refuses")

func (s *strictSink) mark(to, n int64) {
	if to < 0 || n <= 0 || to+n > int64(len(s.p)) {
		s.t.Fatalf("%d bytes to %d of %d", n, to, len(s.p))
	}
	for i := to; i < to+n; i++ {
		if s.put[i] {
			s.t.Fatalf("byte %d is put twice", i)
		}
		s.put[i] = true
	}
}

func (s *strictSink) Zero(to, n int64) {
	s.mark(to, n)
	clear(s.p[to : to+n])
}

func (s *strictSink) Put(p []byte, to int64) {
	s.mark(to, int64(len(p)))
	copy(s.p[to:], p)
}

func (s *strictSink) touches(off, n int64) bool {
	return s.broken > 0 && off <= s.broken && s.broken < off+n
}

func (s *strictSink) Read(layer int, off, n, to int64) (int64, error) {
	if s.touches(off, n) {
		done := s.broken - off
		if done > 0 {
			s.mark(to, done)
			s.files[layer].ReadAt(s.p[to:to+done], off)
		}
		return done, errSink
	}
	s.mark(to, n)
	got, err := readFull(s.files[layer], s.p[to:to+n], off)
	return int64(got), err
}

func (s *strictSink) Fetch(layer int, off, n int64) (Fetched, error) {
	if n > maxSpan+SectorSize {
		s.t.Errorf("%d bytes fetched at once", n)
	}
	if s.touches(off, n) {
		return nil, errSink
	}
	f := &strictFetched{sink: s, b: make([]byte, n)}
	if _, err := readFull(s.files[layer], f.b, off); err != nil {
		return nil, err
	}
	s.open++
	return f, nil
}

type strictFetched struct {
	sink *strictSink
	b    []byte // nil: released
}

func (f *strictFetched) Peek(p []byte, off int64) {
	if n := copy(p, f.b[off:]); n < len(p) {
		f.sink.t.Fatalf("peek of %d bytes at %d of %d", len(p), off, len(f.b))
	}
}

func (f *strictFetched) Copy(pieces []Piece) {
	for _, c := range pieces {
		f.sink.mark(c.To, c.Length)
		copy(f.sink.p[c.To:c.To+c.Length], f.b[c.From:c.From+c.Length])
	}
}

func (f *strictFetched) Release() {
	if f.b == nil {
		f.sink.t.Fatal("released twice")
	}
	f.b = nil
	f.sink.open--
}

// readStrictly reads a range of a disk into a strictSink.
func readStrictly(t *testing.T, c *vhdtest.Chain, d *Disk, off, n, broken int64) (*strictSink, int64, error) {
	s := &strictSink{t: t, p: bytes.Repeat([]byte{0xEE}, int(n)), put: make([]bool, n), broken: broken}
	for _, l := range c.Layers {
		s.files = append(s.files, l.File)
	}
	done, err := d.ReadTo(s, off, n)
	if s.open != 0 {
		t.Errorf("%d fetched ranges are not released", s.open)
	}
	return s, done, err
}

func TestReadTo(t *testing.T) {
	for seed := range uint64(60) {
		c := randomChain(seed)
		want := c.Contents()
		d, _ := countCostly(t, c, readCosts[seed%uint64(len(readCosts))])
		random := rand.New(rand.NewPCG(seed, 2))
		for round := range 4 {
			off := int64(0)
			if round > 0 {
				off = random.Int64N(d.Size())
			}
			n := d.Size() - off
			s, done, err := readStrictly(t, c, d, off, n, 0)
			if done != n || err != nil || !bytes.Equal(s.p, want[off:]) {
				t.Fatalf("seed %d: %d bytes from %d: %d, %v: %s", seed, n, off, done, err, vhdtest.Diff(s.p, want[off:]))
			}
			for i, put := range s.put {
				if !put {
					t.Fatalf("seed %d: byte %d was left out", seed, i)
				}
			}
		}
	}
}

// TestReadToWithABadByte: a sink that cannot read one byte costs the bytes
// from there on, and those before are right.
func TestReadToWithABadByte(t *testing.T) {
	for seed := range uint64(60) {
		c := randomChain(seed)
		want := c.Contents()
		d, _ := countCostly(t, c, readCosts[seed%uint64(len(readCosts))])
		s, done, err := readStrictly(t, c, d, 0, d.Size(), 1+int64(seed)*3571%c.Layers[0].File.Size())
		if err == nil != (done == d.Size()) || err != nil && !errors.Is(err, errSink) {
			t.Fatalf("seed %d: %d of %d, %v", seed, done, d.Size(), err)
		}
		if !bytes.Equal(s.p[:done], want[:done]) {
			t.Errorf("seed %d: %s", seed, vhdtest.Diff(s.p[:done], want[:done]))
		}
	}
}

func TestReadToOutside(t *testing.T) {
	c := raggedChain()
	d := diskOf(t, c)
	for _, r := range [][2]int64{{-1, 1}, {0, -1}, {0, d.Size() + 1}, {d.Size(), 1}, {1<<63 - 1, 1}, {1, 1<<63 - 1}} {
		n, err := d.ReadTo(&memory{}, r[0], r[1])
		if wantError(t, err, ErrBounds, RuleBounds); n != 0 {
			t.Errorf("%v: %d bytes", r, n)
		}
		if d.Prepare(r[0], r[1]) {
			t.Errorf("%v is prepared", r)
		}
	}
	if n, err := d.ReadTo(&memory{}, d.Size(), 0); n != 0 || err != nil {
		t.Errorf("nothing: %d, %v", n, err)
	}
}

// manyReader reads many ranges at once, and counts how often it does.
type manyReader struct {
	*countingReader
	many int
	fail error
}

func (r *manyReader) ReadMany(p [][]byte, off []int64) error {
	r.many++
	for i := range p {
		if _, err := readFull(r.ReaderAt, p[i], off[i]); err != nil {
			return err
		}
	}
	return r.fail
}

// TestPrepare: after it the extents of the range are told without reading,
// and are the same as before.
func TestPrepare(t *testing.T) {
	for seed := range uint64(40) {
		c := randomChain(seed)
		reference := fmt.Sprint(extentsOf(t, diskOf(t, c), 0, c.Size()))
		var images []*Image
		var readers []*manyReader
		for i, l := range c.Layers {
			r := &manyReader{countingReader: &countingReader{ReaderAt: l.File}}
			var from io.ReaderAt = r
			if seed%2 == 0 && i == 0 {
				from = r.countingReader // reads one by one
			}
			im, err := Open(from, l.File.Size())
			if err != nil {
				t.Fatal(err)
			}
			images, readers = append(images, im), append(readers, r)
		}
		d := mustDisk(t, images...)
		if !d.Prepare(0, d.Size()) {
			continue // more bitmaps than are kept
		}
		for i, r := range readers {
			if r.reads = 0; r.many > 1 {
				t.Errorf("seed %d: layer %d is asked %d times", seed, i, r.many)
			}
		}
		if got := fmt.Sprint(extentsOf(t, d, 0, d.Size())); got != reference {
			t.Fatalf("seed %d: extents differ", seed)
		}
		for i, r := range readers {
			if r.reads > 0 {
				t.Errorf("seed %d: the extents took %d reads of layer %d", seed, r.reads, i)
			}
		}
	}
}

func TestPrepareFails(t *testing.T) {
	f := tableImage()
	r := &manyReader{countingReader: &countingReader{ReaderAt: f}, fail: errBadSector}
	im, err := Open(r, f.Size())
	if err != nil {
		t.Fatal(err)
	}
	if mustDisk(t, im).Prepare(0, 32<<10) {
		t.Error("a range whose bitmaps cannot be read is prepared")
	}
	wantBytes(t, readAll(t, mustDisk(t, im)), readAll(t, mustDisk(t, mustOpen(t, f))))

	s := vhdtest.Spec{Type: vhdtest.Dynamic, Size: 4096 * 512, BlockSize: 512}
	for b := range 4096 {
		s.Blocks = append(s.Blocks, vhdtest.Block{Index: b})
	}
	if d := mustDisk(t, mustOpen(t, s.Build())); d.Prepare(0, d.Size()) || !d.Prepare(0, d.Size()/32) {
		t.Error("bitmaps beyond what an image keeps")
	}
}

func extentsOf(t *testing.T, d *Disk, off, n int64) []Extent {
	t.Helper()
	var list []Extent
	for e, err := range d.Extents(off, n) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}
