package vhd

import (
	"cmp"
	"io"
	"slices"
	"sync"
)

const (
	// window is how much of the disk is read as one: its pieces are sorted
	// out by layer, so that each layer is asked once and not run by run.
	window = 2 << 20

	// maxGap is the most bytes that are read in vain to save a read: a read
	// of a Blob costs as much as some 200 KiB of bandwidth.
	maxGap = 64 << 10

	// maxSpan bounds one such read, gaps and all.
	maxSpan = 2 * window
)

// ReadAt reads the disk as a virtual machine would. It implements
// io.ReaderAt: fewer bytes than asked for come with an error, io.EOF at the
// disk's end, else a [*FormatError] for the first byte that cannot be read.
func (d *Disk) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, d.outside(off, int64(len(p)))
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= d.size {
		return 0, io.EOF
	}
	var atEnd error
	if int64(len(p)) > d.size-off {
		p, atEnd = p[:d.size-off], io.EOF
	}
	g := gatherers.Get().(*gatherer)
	defer gatherers.Put(g)
	done := 0
	for done < len(p) {
		at := off + int64(done)
		n := int(min(int64(len(p)-done), window-at%window))
		m, err := g.read(d, p[done:done+n], at)
		done += m
		if err != nil {
			return done, err
		}
	}
	return done, atEnd
}

// piece is a run of the window that one layer supplies.
type piece struct {
	source int64 // byte offset in the layer's file
	to     int   // where in the window
	length int
}

// gatherer collects the pieces of a window by layer and reads them in few
// large reads.
type gatherer struct {
	layers  [][]piece
	scratch []byte
}

var gatherers = sync.Pool{New: func() any { return new(gatherer) }}

// read fills p from off. The count is of the bytes before the first that
// cannot be read.
func (g *gatherer) read(d *Disk, p []byte, off int64) (int, error) {
	for len(g.layers) < len(d.layers) {
		g.layers = append(g.layers, nil)
	}
	for i := range g.layers {
		g.layers[i] = g.layers[i][:0]
	}
	n, failed := len(p), error(nil)
	for e, err := range d.Extents(off, int64(len(p))) {
		to := int(e.Offset - off)
		if err != nil {
			n, failed = to, err
			break
		}
		if e.Layer < 0 {
			clear(p[to : to+int(e.Length)])
			continue
		}
		g.layers[e.Layer] = append(g.layers[e.Layer], piece{e.Source, to, int(e.Length)})
	}
	for i, pieces := range g.layers[:len(d.layers)] {
		bad, err := g.readPieces(d.layers[i].r, pieces, p)
		if err != nil && bad < n {
			n, failed = bad, inLayer(err, i)
		}
	}
	return n, failed
}

// readPieces reads one layer's pieces into p. With an error, bad is the
// first byte of p that was not read.
func (g *gatherer) readPieces(r io.ReaderAt, pieces []piece, p []byte) (bad int, err error) {
	bySource := func(a, b piece) int { return cmp.Compare(a.source, b.source) }
	if !slices.IsSortedFunc(pieces, bySource) {
		slices.SortFunc(pieces, bySource)
	}
	bad = len(p)
	for len(pieces) > 0 {
		n, end := 1, pieces[0].source+int64(pieces[0].length)
		for n < len(pieces) && pieces[n].source-end <= maxGap && pieces[n].source-pieces[0].source < maxSpan-window {
			end = max(end, pieces[n].source+int64(pieces[n].length))
			n++
		}
		if at, e := g.readSpan(r, pieces[:n], end, p); e != nil && at < bad {
			bad, err = at, e
		}
		pieces = pieces[n:]
	}
	return bad, err
}

// readSpan reads pieces that lie close together, up to byte end of the file,
// in one read. Where that fails they are read one by one, so that a byte in
// a gap that the file will not give does no harm.
func (g *gatherer) readSpan(r io.ReaderAt, pieces []piece, end int64, p []byte) (bad int, err error) {
	from := pieces[0].source
	if len(pieces) > 1 {
		if int64(cap(g.scratch)) < end-from {
			g.scratch = make([]byte, end-from)
		}
		buf := g.scratch[:end-from]
		if _, err := readFull(r, buf, from); err == nil {
			for _, c := range pieces {
				copy(p[c.to:c.to+c.length], buf[c.source-from:])
			}
			return 0, nil
		}
	}
	bad = len(p)
	for _, c := range pieces {
		if n, e := readFull(r, p[c.to:c.to+c.length], c.source); e != nil && c.to+n < bad {
			bad, err = c.to+n, readFailed("data of the disk", c.source+int64(n), e)
		}
	}
	return bad, err
}
