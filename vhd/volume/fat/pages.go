package fat

import (
	"io"
	"slices"
	"sync"
)

const (
	pageSize = 64 << 10
	maxPages = 64 // 4 MiB
	ahead    = 16 // pages that are read at once where a table is read in order
)

// pages is a table of a volume, read in pages of which some are kept.
type pages struct {
	copies []io.ReaderAt // of the table, in the order in which they are tried
	size   int64

	mu    sync.Mutex
	kept  map[int64]*page
	clock int64
}

// page is a part of a table. It does not change.
type page struct {
	bytes   []byte
	lost    map[int64]error // what cannot be read, by units of 512 bytes; nil for none
	patched bool            // it had to be read in pieces, or from copies
	used    int64
}

func newPages(size int64, copies ...io.ReaderAt) *pages {
	return &pages{copies: copies, size: size, kept: map[int64]*page{}}
}

// page is the page that holds the byte at off, which lies in the table.
func (t *pages) page(off int64) *page {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := off / pageSize
	if t.kept[i] == nil {
		t.read(i)
	}
	p := t.kept[i]
	t.clock++
	p.used = t.clock
	return p
}

// read keeps page i, and those behind it where the page before it is kept.
func (t *pages) read(i int64) {
	start := i * pageSize
	if t.kept[i-1] != nil {
		b := make([]byte, min(ahead*pageSize, t.size-start))
		if n, _ := t.copies[0].ReadAt(b, start); n == len(b) {
			for part := range slices.Chunk(b, pageSize) {
				t.keep(i, &page{bytes: slices.Clone(part)})
				i++
			}
			return
		}
	}
	p := &page{bytes: make([]byte, min(pageSize, t.size-start))}
	if n, _ := t.copies[0].ReadAt(p.bytes, start); n < len(p.bytes) {
		p.patched = true
		p.lost = t.patch(p.bytes, start)
	}
	t.keep(i, p)
}

// keep keeps a page, and drops the one that was not used for longest.
func (t *pages) keep(i int64, p *page) {
	if len(t.kept) >= maxPages {
		oldest := int64(-1)
		for j, q := range t.kept {
			if oldest < 0 || q.used < t.kept[oldest].used {
				oldest = j
			}
		}
		delete(t.kept, oldest)
	}
	t.clock++
	p.used = t.clock
	t.kept[i] = p
}

// patch reads what can be read from whichever copy has it.
func (t *pages) patch(b []byte, start int64) map[int64]error {
	lost := map[int64]error{}
	for at := int64(0); at < int64(len(b)); at += 512 {
		part := b[at:min(at+512, int64(len(b)))]
		for _, copy := range t.copies {
			n, err := copy.ReadAt(part, start+at)
			if n == len(part) {
				delete(lost, at/512)
				break
			}
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if lost[at/512] == nil {
				lost[at/512] = err
			}
		}
	}
	if len(lost) == 0 {
		return nil
	}
	return lost
}

// at is the table's n bytes at off, which lie in one page.
func (p *page) at(off, n int64) ([]byte, error) {
	off %= pageSize
	if p.lost != nil {
		for unit := off / 512; unit <= (off+n-1)/512; unit++ {
			if err := p.lost[unit]; err != nil {
				return nil, err
			}
		}
	}
	return p.bytes[off : off+n], nil
}

// cursor reads a table, fast where reads are near each other.
type cursor struct {
	*pages
	here *page
	i    int64 // its index
}

// at is n bytes at off, which lie in one page.
func (c *cursor) at(off, n int64) ([]byte, error) {
	if i := off / pageSize; c.here == nil || c.i != i {
		c.here, c.i = c.page(off), i
	}
	return c.here.at(off, n)
}

// bit is a bit of a table of bits.
func (c *cursor) bit(i int64) (bool, error) {
	b, err := c.at(i/8, 1)
	return err == nil && b[0]>>(i%8)&1 != 0, err
}
