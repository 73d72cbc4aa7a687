package blobio

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
)

// gated makes the reads of s wait until the gate is closed.
func gated(s *memSource) (gate chan struct{}) {
	gate = make(chan struct{})
	s.answer = func(p []byte, off int64) (int, error) {
		<-gate
		return s.read(p, off)
	}
	return gate
}

func TestMissesOfOnePageShareARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(10*PageSize, 1)
		gate := gated(s)
		c := NewCache(8 * PageSize)
		r := c.Reader(s)
		var group sync.WaitGroup
		for i := range int64(5) {
			group.Go(func() { checkRead(t, r, s, 4*PageSize+i*512, 512) })
		}
		synctest.Wait()
		checkReads(t, s, pages(4, 1))
		close(gate)
		group.Wait()
		checkReads(t, s)
		if got, want := c.Stats(), (Stats{Reads: 1, Bytes: PageSize, Hits: 4, Misses: 1}); got != want {
			t.Errorf("Stats() = %+v, want %+v", got, want)
		}
	})
}

func TestReadUnderWayDoesNotBlockOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCache(16 * PageSize)
		s, other := newSource(30*PageSize, 1), newSource(PageSize, 2)
		r := c.Reader(s)
		checkRead(t, r, s, 8*PageSize, 1)
		gate := gated(s)
		var group sync.WaitGroup
		group.Go(func() { checkRead(t, r, s, 2*PageSize, 512) })
		group.Go(func() { checkRead(t, r, s, 10*PageSize, DirectThreshold) })
		synctest.Wait()
		checkRead(t, r, s, 8*PageSize, PageSize)          // a hit
		checkRead(t, c.Reader(other), other, 0, PageSize) // another file
		s.reads()
		group.Go(func() { checkRead(t, r, s, 20*PageSize, 512) }) // another miss
		synctest.Wait()
		checkReads(t, s, pages(20, 1))
		close(gate)
		group.Wait()
	})
}

// A request that meets pages on their way reads only the others.
func TestMissBesideAReadUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(10*PageSize, 1)
		gate := gated(s)
		r := NewCache(16 * PageSize).Reader(s)
		var group sync.WaitGroup
		group.Go(func() { checkRead(t, r, s, 5*PageSize, 512) })
		synctest.Wait()
		group.Go(func() { checkRead(t, r, s, 4*PageSize, 3*PageSize) })
		synctest.Wait()
		checkReads(t, s, pages(5, 1), pages(4, 1))
		close(gate)
		group.Wait()
		checkReads(t, s, pages(6, 1))
	})
}

// Reading ahead ends before pages that are on their way.
func TestReadAheadBesideAReadUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(20*PageSize, 1)
		r := NewCache(16 << 20).Reader(s)
		checkRead(t, r, s, 2*PageSize, 1)
		gate := gated(s)
		var group sync.WaitGroup
		group.Go(func() { checkRead(t, r, s, 5*PageSize, 1) })
		synctest.Wait()
		group.Go(func() { checkRead(t, r, s, 3*PageSize, 1) })
		synctest.Wait()
		checkReads(t, s, pages(2, 1), pages(5, 1), pages(3, 2))
		close(gate)
		group.Wait()
	})
}

// Who waited for a read that failed makes his own.
func TestFailureIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(10*PageSize, 1)
		gate := make(chan struct{})
		first := true
		s.answer = func(p []byte, off int64) (int, error) {
			if first {
				first = false
				<-gate
				return 0, ErrChanged
			}
			return s.read(p, off)
		}
		r := NewCache(16 * PageSize).Reader(s)
		var group sync.WaitGroup
		group.Go(func() {
			if _, err := r.ReadAt(make([]byte, PageSize), 5*PageSize); err == nil {
				t.Error("the read that failed reported nothing")
			}
		})
		synctest.Wait()
		group.Go(func() { checkRead(t, r, s, 5*PageSize, 512) })
		synctest.Wait()
		close(gate)
		group.Wait()
		checkReads(t, s, pages(5, 1), pages(5, 1))
	})
}

// A source's panic is its caller's, and leaves nobody waiting.
func TestPanicEndsTheRead(t *testing.T) {
	s := newSource(10*PageSize, 1)
	s.answer = func([]byte, int64) (int, error) { panic("source") }
	r := NewCache(16 * PageSize).Reader(s)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		r.ReadAt(make([]byte, 512), 0)
	}()
	s.answer = nil
	checkRead(t, r, s, 0, 512)
}

func TestCloseWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSource(10*PageSize, 1)
		gate := gated(s)
		c := NewCache(16 * PageSize)
		r := c.Reader(s)
		var group sync.WaitGroup
		group.Go(func() { checkRead(t, r, s, 0, 512) })
		synctest.Wait()
		r.Close()
		close(gate)
		group.Wait()
		if c.pages.len != 0 {
			t.Errorf("%d pages of a closed reader are kept", c.pages.len)
		}
	})
}

func TestConcurrentReads(t *testing.T) {
	c := NewCache(12 * PageSize)
	sources := []*memSource{newSource(40*PageSize+5, 1), newSource(3*PageSize, 2)}
	readers := []*Reader{c.Reader(sources[0]), c.Reader(sources[1])}
	var group sync.WaitGroup
	for g := range uint64(8) {
		group.Go(func() {
			rnd := rand.New(rand.NewPCG(g, 2))
			p := make([]byte, 5*PageSize)
			var next int64
			for range 300 {
				i := rnd.IntN(2)
				s := sources[i]
				off := rnd.Int64N(s.Size())
				if next < s.Size() && rnd.IntN(2) == 0 {
					off = next
				}
				q := p[:min(1+rnd.Int64N(int64(len(p))), s.Size()-off)]
				next = off + int64(len(q))
				if n, err := readers[i].ReadAt(q, off); n != len(q) || err != nil || !bytes.Equal(q, s.data[off:next]) {
					t.Errorf("ReadAt(%d bytes, %d) = %d, %v, or wrong bytes", len(q), off, n, err)
					return
				}
			}
		})
	}
	group.Wait()
	checkCache(t, c, readers...)
}
