package blobio

import (
	"sync"
)

// Cache holds pages of the files of all its readers and drops the page unused
// for longest when it is full. It is safe for use by several goroutines; no
// lock is held while a source is read.
type Cache struct {
	capacity int // in pages, at least 1

	mu    sync.Mutex
	pages pageList
	stats Stats

	scratch sync.Pool // *[]byte, for reads of several pages
}

// Stats counts what a cache did since it was made.
type Stats struct {
	Reads  int64 // reads of a source
	Bytes  int64 // bytes those reads asked for
	Hits   int64 // pages asked for and there, or already on their way
	Misses int64 // pages asked for that had to be read
}

// NewCache returns a cache that keeps at most budget bytes of pages, and at
// least one page. Reads under way need memory of their own beside it: up to
// 1 MiB each.
func NewCache(budget int64) *Cache {
	c := &Cache{capacity: int(min(max(budget/PageSize, 1), 1<<30))}
	c.pages.init()
	return c
}

// Stats returns the counts so far.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// Reader returns a reader of src whose pages the cache keeps. The size is
// asked once, here. Readers of one source share no pages.
func (c *Cache) Reader(src Source) *Reader {
	return &Reader{
		cache: c,
		src:   src,
		size:  max(src.Size(), 0),
		pages: make(map[int64]*page),
	}
}

// store keeps data as page index of r, in memory of its own. c.mu is held.
func (c *Cache) store(r *Reader, index int64, data []byte) {
	if r.pages[index] != nil {
		return
	}
	var p *page
	if c.pages.len < c.capacity {
		p = &page{data: make([]byte, 0, PageSize)}
	} else {
		p = c.pages.oldest()
		c.drop(p)
	}
	p.owner, p.index = r, index
	p.data = append(p.data[:0], data...)
	r.pages[index] = p
	c.pages.pushFront(p)
}

// drop takes p out of the cache. c.mu is held.
func (c *Cache) drop(p *page) {
	c.pages.remove(p)
	delete(p.owner.pages, p.index)
	p.owner = nil
}

// borrow returns n bytes of memory to read into; give takes them back.
func (c *Cache) borrow(n int) *[]byte {
	if b, ok := c.scratch.Get().(*[]byte); ok && cap(*b) >= n {
		*b = (*b)[:n]
		return b
	}
	b := make([]byte, n)
	return &b
}

func (c *Cache) give(b *[]byte) { c.scratch.Put(b) }
