package vhd

import (
	"slices"
	"sync"
)

// gatherer reads one window of a disk at a time, layer by layer from the
// leaf down. What is wanted of a layer is a list of ranges; what it leaves to
// its parent is the list for the next.
type gatherer struct {
	sink     Sink
	off      int64 // of the window on the disk
	to       int64 // of the window in the sink
	want     []extent
	left     []extent // to the next layer
	pieces   []Piece  // of the layer at hand; From is the offset in its file
	prefetch prefetch

	bad int64 // the first byte of the disk that cannot be read; the window's end for none
	err error
}

var gatherers = sync.Pool{New: func() any { return new(gatherer) }}

// read reads n bytes from byte off of the disk to byte to of the sink. The
// count is of the bytes before the first that cannot be read.
func (g *gatherer) read(d *Disk, sink Sink, off, n, to int64) (int64, error) {
	g.sink, g.off, g.to, g.bad, g.err = sink, off, to, off+n, nil
	g.want = append(g.want[:0], extent{off, off + n})
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
	g.sink = nil
	return g.bad - off, g.err
}

// fail notes that the disk's byte off is the first of some that cannot be
// read.
func (g *gatherer) fail(off int64, err error) {
	if off < g.bad {
		g.bad, g.err = off, err
	}
}

// layer takes from layer i what it has of the wanted ranges.
func (g *gatherer) layer(i int, im *Image) {
	cost := im.readCost()
	g.pieces = g.pieces[:0]
	g.prefetch.bitmaps(g.sink, i, im, g.want, cost)
	defer g.prefetch.release()
	for _, w := range g.want {
		stop := min(w.to, im.disk)
		for off := w.from; off < stop && off < g.bad; {
			r, err := im.runAt(off, stop)
			switch {
			case err != nil:
				g.fail(off, inLayer(err, i))
			case r.verdict == here:
				g.add(Piece{r.source, g.place(off), r.length})
			case r.verdict == zeros:
				g.sink.Zero(g.place(off), r.length)
			default:
				g.left = appendRange(g.left, extent{off, off + r.length})
			}
			off += r.length
		}
		if from := max(w.from, stop); from < w.to { // see Disk.walk
			g.sink.Zero(g.place(from), w.to-from)
		}
	}
	g.readPieces(i, cost)
}

// place is where a byte of the disk goes in the sink.
func (g *gatherer) place(off int64) int64 { return off - g.off + g.to }

// add notes a piece; one that continues the last, in the file too, joins it.
func (g *gatherer) add(c Piece) {
	if n := len(g.pieces); n > 0 {
		l := &g.pieces[n-1]
		if l.To+l.Length == c.To && l.From+l.Length == c.From {
			l.Length += c.Length
			return
		}
	}
	g.pieces = append(g.pieces, c)
}

// appendRange appends a range to a list, or lets it continue the last one.
func appendRange(list []extent, e extent) []extent {
	if n := len(list); n > 0 && list[n-1].to == e.from {
		list[n-1].to = e.to
		return list
	}
	return append(list, e)
}

// readPieces reads the noted pieces, those that lie close together in the
// file in one read.
func (g *gatherer) readPieces(layer int, cost int64) {
	g.sortPieces()
	for rest := g.pieces; len(rest) > 0; {
		from, end := rest[0].From, rest[0].From+rest[0].Length
		n := 1
		for n < len(rest) && rest[n].From-end <= cost && rest[n].From+rest[n].Length-from <= maxSpan {
			from = min(from, rest[n].From)
			end = max(end, rest[n].From+rest[n].Length)
			n++
		}
		g.readSpan(layer, rest[:n], extent{from, end})
		rest = rest[n:]
	}
}

// sortPieces puts the pieces in the order of the sectors of the file, in which
// blocks need not lie. Blocks that share bytes may begin in one sector.
func (g *gatherer) sortPieces() {
	sorted := true
	for i := 1; i < len(g.pieces) && sorted; i++ {
		sorted = g.pieces[i-1].From <= g.pieces[i].From
	}
	if sorted {
		return
	}
	pieces := make([]Piece, 0, len(g.pieces))
	for _, i := range orderOf(len(g.pieces), func(i int) int64 { return g.pieces[i].From / SectorSize }) {
		pieces = append(pieces, g.pieces[i])
	}
	g.pieces = pieces
}

// readSpan reads pieces that lie in one span of the file: from what was
// prefetched, in one read, or, where that fails, one by one, so that a byte
// between them that the file will not give does no harm.
func (g *gatherer) readSpan(layer int, pieces []Piece, e extent) {
	if fetched, from := g.prefetch.get(e); fetched != nil {
		copyFrom(fetched, from, pieces)
		return
	}
	if len(pieces) > 1 {
		if fetched, err := g.sink.Fetch(layer, e.from, e.to-e.from); err == nil {
			copyFrom(fetched, e.from, pieces)
			fetched.Release()
			return
		}
	}
	for _, c := range pieces {
		if c.To-g.to+g.off >= g.bad {
			continue // nobody reads past the first byte that cannot be read
		}
		if done, err := g.sink.Read(layer, c.From, c.Length, c.To); err != nil {
			g.fail(c.To+done-g.to+g.off, inLayer(readFailed("data of the disk", c.From+done, err), layer))
		}
	}
}

// copyFrom copies pieces whose From counts from the start of the file out of
// what was fetched from byte base on.
func copyFrom(f Fetched, base int64, pieces []Piece) {
	for i := range pieces {
		pieces[i].From -= base
	}
	f.Copy(pieces)
}

// scratch is memory for fetched bytes, which are many and soon let go.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

func takeScratch(n int64) []byte {
	p := *scratch.Get().(*[]byte)
	return slices.Grow(p[:0], int(n))[:n]
}

func giveScratch(p []byte) { scratch.Put(&p) }
