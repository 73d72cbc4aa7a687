package blobio

import "testing"

// readForward reads [from, to) in requests of step bytes.
func readForward(t *testing.T, r *Reader, s *memSource, from, to int64, step int) {
	t.Helper()
	for off := from; off < to; off += int64(step) {
		checkRead(t, r, s, off, int(min(int64(step), to-off)))
	}
}

func TestReadAheadGrows(t *testing.T) {
	for _, step := range []int{512, 4 * kib, 60000, PageSize, 3*PageSize - 1} {
		s := newSource(64*PageSize+77, 1)
		r := NewCache(16 << 20).Reader(s)
		readForward(t, r, s, 0, s.Size(), step)
		n := int64((step + PageSize - 1) / PageSize) // pages of the first request
		checkReads(t, s, pages(0, n), pages(n, 4), pages(n+4, 8), pages(n+12, 16),
			pages(n+28, 16), pages(n+44, 16), span{(n + 60) * PageSize, int(4-n)*PageSize + 77})
	}
}

func TestReadAheadStartsInTheNextPage(t *testing.T) {
	s := newSource(64*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	checkRead(t, r, s, 10*PageSize, 1)
	checkRead(t, r, s, 11*PageSize+999, 1)
	checkReads(t, s, pages(10, 1), pages(11, 4))
	checkRead(t, r, s, 16*PageSize, 1) // skips a page of what was read ahead: a jump
	checkReads(t, s, pages(16, 1))
}

func TestJumpStartsAnew(t *testing.T) {
	s := newSource(400*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	readForward(t, r, s, 0, 20*PageSize, 32*kib)
	s.reads()
	checkRead(t, r, s, 300*PageSize, 100)
	checkReads(t, s, pages(300, 1))
	checkRead(t, r, s, 301*PageSize, 100)
	checkReads(t, s, pages(301, 4))
}

func TestBackwardIsNotSequential(t *testing.T) {
	s := newSource(64*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	for i := int64(20); i > 10; i-- {
		checkRead(t, r, s, i*PageSize, PageSize)
		checkReads(t, s, pages(i, 1))
	}
}

// Streams in one file must not hide each other, nor must reads of a page that
// stays in the cache, as those of a block table.
func TestInterleavedStreams(t *testing.T) {
	s := newSource(1000*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	checkRead(t, r, s, 999*PageSize, 512)
	s.reads()
	at := []int64{0, 200, 400, 600}
	for i := range int64(13) {
		for _, first := range at {
			checkRead(t, r, s, (first+i)*PageSize, PageSize)
			checkRead(t, r, s, 999*PageSize+i*512, 512)
		}
	}
	var want []span
	for _, round := range [][2]int64{{0, 1}, {1, 4}, {5, 8}} {
		for _, first := range at {
			want = append(want, pages(first+round[0], round[1]))
		}
	}
	checkReads(t, s, want...)
}

func TestMoreStreamsThanRemembered(t *testing.T) {
	s := newSource(1000*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	for i := range int64(maxStreams + 1) {
		checkRead(t, r, s, i*100*PageSize, 1)
	}
	s.reads()
	checkRead(t, r, s, 101*PageSize, 1) // the second of nine: remembered
	checkRead(t, r, s, PageSize, 1)     // the first: forgotten
	checkReads(t, s, pages(101, 4), pages(1, 1))
}

// A new stream takes an old one's place, not its window.
func TestReplacedStreamStartsSmall(t *testing.T) {
	s := newSource(1000*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	readForward(t, r, s, 0, 20*PageSize, PageSize)
	for i := range int64(maxStreams) {
		checkRead(t, r, s, (i+1)*100*PageSize, 1)
	}
	s.reads()
	checkRead(t, r, s, (maxStreams*100+1)*PageSize, 1)
	checkReads(t, s, pages(maxStreams*100+1, 4))
}

// Of two streams that stand in neighbouring pages, the nearer one moves.
func TestNeighbouringStreams(t *testing.T) {
	s := newSource(100*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	checkRead(t, r, s, 11*PageSize, 1) // the first stream
	checkRead(t, r, s, 13*PageSize, 1) // the second
	checkRead(t, r, s, 12*PageSize, 1) // the first
	checkRead(t, r, s, 13*PageSize+100, 1)
	checkRead(t, r, s, 14*PageSize, 1) // the second, reading ahead for the first time
	checkReads(t, s, pages(11, 1), pages(13, 1), pages(12, 1), pages(14, 4))
}

func TestReadAheadEndsWithTheFile(t *testing.T) {
	s := newSource(3*PageSize, 1)
	c := NewCache(16 << 20)
	r := c.Reader(s)
	readForward(t, r, s, 0, s.Size(), PageSize)
	checkReads(t, s, pages(0, 1), pages(1, 2))
	checkCache(t, c, r)
}

func TestReadAheadStopsAtCachedPages(t *testing.T) {
	s := newSource(100*PageSize, 1)
	r := NewCache(16 << 20).Reader(s)
	checkRead(t, r, s, 13*PageSize, 1)
	checkRead(t, r, s, 10*PageSize, 1)
	checkRead(t, r, s, 11*PageSize, 1)
	checkReads(t, s, pages(13, 1), pages(10, 1), pages(11, 2))
}

// Reading ahead in a small cache must not push out the page being read.
func TestReadAheadFitsTheCache(t *testing.T) {
	s := newSource(100*PageSize, 1)
	r := NewCache(8 * PageSize).Reader(s)
	readForward(t, r, s, 0, 9*PageSize, 32*kib)
	checkReads(t, s, pages(0, 1), pages(1, 2), pages(3, 2), pages(5, 2), pages(7, 2))

	r = NewCache(0).Reader(s)
	readForward(t, r, s, 0, 3*PageSize, 32*kib)
	checkReads(t, s, pages(0, 1), pages(1, 1), pages(2, 1))
}
