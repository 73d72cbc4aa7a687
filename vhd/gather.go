package vhd

import (
	"slices"
	"sync"
)

// gatherer reads one window of a disk at a time, layer by layer from the
// leaf down. What is wanted of a layer is a list of ranges; what it leaves to
// its parent is the list for the next.
type gatherer struct {
	p        []byte // the window
	off      int64  // of the window on the disk
	want     []extent
	left     []extent // to the next layer
	pieces   []piece
	prefetch prefetch
	scratch  []byte

	bad int // the first byte of p that cannot be read; len(p) for none
	err error
}

// piece is a run of the window that a layer's file holds.
type piece struct {
	source int64 // byte offset in the file
	to     int   // where in the window
	length int
}

var gatherers = sync.Pool{New: func() any { return new(gatherer) }}

// read fills p from byte off of the disk. The count is of the bytes before
// the first that cannot be read.
func (g *gatherer) read(d *Disk, p []byte, off int64) (int, error) {
	g.p, g.off, g.bad, g.err = p, off, len(p), nil
	g.want = append(g.want[:0], extent{off, off + int64(len(p))})
	for i, im := range d.layers {
		g.left = g.left[:0]
		g.layer(i, im)
		g.want, g.left = g.left, g.want
		if len(g.want) == 0 {
			break
		}
	}
	if len(g.want) > 0 {
		g.fail(g.want[0].from, d.noParent())
	}
	g.p = nil
	return g.bad, g.err
}

// fail notes that the disk's byte off is the first of some that cannot be
// read.
func (g *gatherer) fail(off int64, err error) {
	if at := int(off - g.off); at < g.bad {
		g.bad, g.err = at, err
	}
}

// layer takes from layer i what it has of the wanted ranges.
func (g *gatherer) layer(i int, im *Image) {
	cost := im.readCost()
	g.pieces = g.pieces[:0]
	g.prefetch.bitmaps(im, g.want, cost)
	for _, w := range g.want {
		stop := min(w.to, im.disk)
		for off := w.from; off < stop; {
			r, err := im.runAt(off, stop)
			to := int(off - g.off)
			switch {
			case err != nil:
				g.fail(off, inLayer(err, i))
			case r.verdict == here:
				g.add(piece{r.source, to, int(r.length)})
			case r.verdict == zeros:
				clear(g.p[to : to+int(r.length)])
			default:
				g.leave(extent{off, off + r.length})
			}
			off += r.length
		}
		if from := max(w.from, stop); from < w.to { // see Disk.walk
			clear(g.p[from-g.off : w.to-g.off])
		}
	}
	g.readPieces(i, im, cost)
}

// add notes a piece; one that continues the last, in the file too, joins it.
func (g *gatherer) add(c piece) {
	if n := len(g.pieces); n > 0 {
		l := &g.pieces[n-1]
		if l.to+l.length == c.to && l.source+int64(l.length) == c.source {
			l.length += c.length
			return
		}
	}
	g.pieces = append(g.pieces, c)
}

// leave notes a range that the next layer is asked for.
func (g *gatherer) leave(e extent) {
	if n := len(g.left); n > 0 && g.left[n-1].to == e.from {
		g.left[n-1].to = e.to
		return
	}
	g.left = append(g.left, e)
}

// readPieces reads the noted pieces, those that lie close together in the
// file in one read.
func (g *gatherer) readPieces(layer int, im *Image, cost int64) {
	bySource := func(a, b piece) int {
		switch {
		case a.source < b.source:
			return -1
		case a.source > b.source:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(g.pieces, bySource) {
		slices.SortFunc(g.pieces, bySource)
	}
	for rest := g.pieces; len(rest) > 0; {
		from, end := rest[0].source, rest[0].source+int64(rest[0].length)
		n := 1
		for n < len(rest) && rest[n].source-end <= cost && rest[n].source+int64(rest[n].length)-from <= maxSpan {
			end = max(end, rest[n].source+int64(rest[n].length))
			n++
		}
		g.readSpan(layer, im, rest[:n], extent{from, end})
		rest = rest[n:]
	}
}

// readSpan reads pieces that lie in one span of the file: from what was
// prefetched, in one read, or, where that fails, one by one, so that a byte
// between them that the file will not give does no harm.
func (g *gatherer) readSpan(layer int, im *Image, pieces []piece, span extent) {
	buf := g.prefetch.get(span)
	if buf == nil && len(pieces) > 1 {
		n := int(span.to - span.from)
		g.scratch = slices.Grow(g.scratch[:0], n)[:n]
		if _, err := readFull(im.r, g.scratch, span.from); err == nil {
			buf = g.scratch
		}
	}
	for _, c := range pieces {
		to := g.p[c.to : c.to+c.length]
		if buf != nil {
			copy(to, buf[c.source-span.from:])
		} else if n, err := readFull(im.r, to, c.source); err != nil {
			at := c.source + int64(n)
			g.fail(g.off+int64(c.to+n), inLayer(readFailed("data of the disk", at, err), layer))
		}
	}
}
