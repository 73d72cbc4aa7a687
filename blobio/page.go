package blobio

// PageSize is the unit of the cache, in bytes. A Blob read of this size costs
// no more than one of a sector.
const PageSize = 64 << 10

// page holds one page of one reader. It is linked into the cache's list of
// use. All fields are guarded by Cache.mu; data is copied out under that lock,
// so that the memory of an evicted page can be used again at once.
type page struct {
	owner      *Reader
	index      int64 // page number in the file
	data       []byte
	prev, next *page
}

// pageList is a list of pages in order of use, as a ring around root:
// root.next is the page used last, root.prev the one to evict next.
type pageList struct {
	root page
	len  int
}

func (l *pageList) init() {
	l.root.prev, l.root.next = &l.root, &l.root
}

func (l *pageList) oldest() *page { return l.root.prev }

func (l *pageList) pushFront(p *page) {
	l.len++
	l.link(p)
}

func (l *pageList) remove(p *page) {
	l.len--
	p.unlink()
}

// touch makes p the page used last.
func (l *pageList) touch(p *page) {
	if l.root.next == p {
		return
	}
	p.unlink()
	l.link(p)
}

func (l *pageList) link(p *page) {
	p.prev, p.next = &l.root, l.root.next
	p.prev.next, p.next.prev = p, p
}

func (p *page) unlink() {
	p.prev.next, p.next.prev = p.next, p.prev
	p.prev, p.next = nil, nil
}
