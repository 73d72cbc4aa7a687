package blobio

import (
	"testing"
)

const kib = 1 << 10

// request is one ReadAt of file, and the source reads it must cause.
type request struct {
	off    int64
	length int
	want   []span
}

func TestSourceReads(t *testing.T) {
	const page = PageSize
	tests := []struct {
		name     string
		size     int
		pages    int64 // capacity of the cache
		requests []request
	}{
		{"miss brings the page, hit brings nothing", 10 * page, 8, []request{
			{3*page + 5, 512, []span{pages(3, 1)}},
			{3 * page, page, nil},
			{4*page - 1, 1, nil},
		}},
		{"straddling two pages is one read", 10 * page, 8, []request{
			{3*page - 10, 20, []span{pages(2, 2)}},
			{2 * page, 2 * page, nil},
		}},
		{"far jumps are one read each", 1000 * page, 64, []request{
			{0, 512, []span{pages(0, 1)}},
			{900 * page, 512, []span{pages(900, 1)}},
			{500*page - 4, 8, []span{pages(499, 2)}},
			{100*page + 7, 3 * page, []span{pages(100, 4)}},
			{300 * page, 512, []span{pages(300, 1)}},
		}},
		{"a hit between two misses is read with them", 10 * page, 8, []request{
			{5 * page, 1, []span{pages(5, 1)}},
			{4 * page, 3 * page, []span{pages(4, 3)}},
		}},
		{"a hit at either end is not read again", 20 * page, 16, []request{
			{4 * page, 1, []span{pages(4, 1)}},
			{8 * page, 1, []span{pages(8, 1)}},
			{12 * page, 1, []span{pages(12, 1)}},
			{9 * page, 3*page + 1, []span{pages(9, 3)}},
		}},
		{"the last page is as long as the file", 2*page + 100, 8, []request{
			{2*page + 99, 1, []span{{2 * page, 100}}},
			{2 * page, 100, nil},
		}},
		{"the page unused for longest goes first", 100 * page, 2, []request{
			{10 * page, 1, []span{pages(10, 1)}},
			{20 * page, 1, []span{pages(20, 1)}},
			{10 * page, 1, nil},
			{30 * page, 1, []span{pages(30, 1)}},
			{10 * page, 1, nil},
			{20 * page, 1, []span{pages(20, 1)}},
		}},
		{"a request larger than the cache is still one read", 100 * page, 1, []request{
			{10 * page, 3 * page, []span{pages(10, 3)}},
			{12 * page, page, nil},
		}},
		{"a cache without budget keeps the last page", 100 * page, 0, []request{
			{10 * page, 512, []span{pages(10, 1)}},
			{10*page + 512, 512, nil},
			{20 * page, 512, []span{pages(20, 1)}},
			{10 * page, 512, []span{pages(10, 1)}},
		}},
		{"large requests pass the cache by", 100 * page, 64, []request{
			{10*page + 1, DirectThreshold, []span{{10*page + 1, DirectThreshold}}},
			{10 * page, 1, []span{pages(10, 1)}},
			{10 * page, DirectThreshold, []span{{10 * page, DirectThreshold}}},
		}},
		{"a request just below the threshold is kept", 100 * page, 64, []request{
			{10 * page, DirectThreshold - 1, []span{pages(10, 4)}},
			{10 * page, DirectThreshold - 1, nil},
		}},
		{"a large request is served from the cache when all is there", 100 * page, 64, []request{
			{10 * page, 2 * page, []span{pages(10, 2)}},
			{50 * page, 1, []span{pages(50, 1)}},
			{8 * page, 2 * page, []span{pages(8, 2)}},
			{8 * page, DirectThreshold, nil},
			{8*page + 1, DirectThreshold, []span{{8*page + 1, DirectThreshold}}},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSource(test.size, 1)
			r := NewCache(test.pages * PageSize).Reader(s)
			for _, q := range test.requests {
				checkRead(t, r, s, q.off, q.length)
				checkReads(t, s, q.want...)
			}
		})
	}
}

func TestBudgetIsShared(t *testing.T) {
	c := NewCache(2 * PageSize)
	s1, s2 := newSource(10*PageSize, 1), newSource(10*PageSize, 2)
	r1, r2 := c.Reader(s1), c.Reader(s2)
	checkRead(t, r1, s1, 0, 1)
	checkRead(t, r2, s2, 0, 1)
	checkRead(t, r2, s2, 5*PageSize, 1) // evicts the page of r1
	checkRead(t, r2, s2, 0, 1)
	checkReads(t, s1, pages(0, 1))
	checkReads(t, s2, pages(0, 1), pages(5, 1))
	checkRead(t, r1, s1, 0, 1)
	checkReads(t, s1, pages(0, 1))
	if c.pages.len != 2 || len(r1.pages)+len(r2.pages) != 2 {
		t.Errorf("%d pages listed, %d and %d held; want 2 in all", c.pages.len, len(r1.pages), len(r2.pages))
	}
}

func TestCloseDropsPages(t *testing.T) {
	c := NewCache(8 * PageSize)
	s1, s2 := newSource(10*PageSize, 1), newSource(10*PageSize, 2)
	r1, r2 := c.Reader(s1), c.Reader(s2)
	checkRead(t, r1, s1, 0, 3*PageSize)
	checkRead(t, r2, s2, 0, 1)
	for range 2 {
		if err := r1.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if c.pages.len != 1 || len(r1.pages) != 0 {
		t.Errorf("%d pages listed, %d of the closed reader; want 1 and 0", c.pages.len, len(r1.pages))
	}
	s2.reads()
	checkRead(t, r2, s2, 0, 1)
	checkReads(t, s2)
}

func TestStats(t *testing.T) {
	c := NewCache(8 * PageSize)
	s := newSource(20*PageSize, 1)
	r := c.Reader(s)
	checkRead(t, r, s, PageSize-1, 2)                     // two misses, one read
	checkRead(t, r, s, 0, PageSize+1)                     // two hits
	checkRead(t, r, s, 10*PageSize, DirectThreshold+1000) // neither
	want := Stats{Reads: 2, Bytes: 2*PageSize + DirectThreshold + 1000, Hits: 2, Misses: 2}
	if got := c.Stats(); got != want {
		t.Errorf("Stats() = %+v, want %+v", got, want)
	}
}
