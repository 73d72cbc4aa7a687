package session

import (
	"context"
	"sync"

	"vhdscope/vhd"
)

const (
	// segment is what is planned as one; a shorter read is planned whole.
	// Two are under way at a time.
	segment  = 64 << 20
	segments = 2

	// coarse is the mean length of extents from which a browser puts a
	// segment together faster than it is gathered window by window.
	coarse = 128 << 10

	// chunk is what is gathered at a time, and gatherers how many at once.
	chunk     = 2 << 20
	gatherers = 4
)

// Read reads a range of a resolved disk, all of it or an error.
func (s *Session) Read(ctx context.Context, req *ReadRequest, progress Progress) (*Bytes, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Offset, req.Length); err != nil {
		return nil, err
	}
	r := &reading{chain: c, sources: c.sources(), buf: s.host.NewBuffer(req.Length), from: req.Offset, total: req.Length, progress: progress}
	c.readAhead(req.Offset, req.Length)
	if req.Length <= segment {
		err = r.segment(ctx, req.Offset, req.Length)
	} else {
		err = inParts(req.Offset, req.Offset+req.Length, segment, segments, func(off, n int64) error { return r.segment(ctx, off, n) })
	}
	if err != nil {
		return nil, err
	}
	value, err := r.buf.Value()
	return &Bytes{Bytes: value}, err
}

// readAhead prepares what a sequential reader will ask for next.
func (c *chain) readAhead(off, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := off + n
	if off == c.next && off > 0 {
		go c.disk.Prepare(end, min(n, segment, c.disk.Size()-end))
	}
	c.next = end
}

// sources are the files of the chain's layers.
func (c *chain) sources() []Source {
	list := make([]Source, 0, len(c.files))
	for _, f := range c.files {
		list = append(list, f.source)
	}
	return list
}

// reading is one read under way.
type reading struct {
	chain    *chain
	sources  []Source
	buf      Buffer
	from     int64 // of the range on the disk
	total    int64
	progress Progress

	mu   sync.Mutex
	done int64
}

// segment reads a part of the range: composed where its extents are coarse,
// else, and where that fails, gathered, which tells exactly what is wrong.
func (r *reading) segment(ctx context.Context, off, n int64) error {
	if extents := r.chain.coarseExtents(off, n); extents != nil && ctx.Err() == nil {
		if r.buf.Compose(r.sources, extents, off-r.from) == nil {
			r.report(n)
			return ctx.Err()
		}
	}
	return inParts(off, off+n, chunk, gatherers, func(off, n int64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		sink, err := r.buf.Sink(r.sources, off-r.from)
		if err != nil {
			return err
		}
		if _, err := r.chain.disk.ReadTo(sink, off, n); err != nil {
			return err
		}
		r.report(n)
		return nil
	})
}

// coarseExtents are the extents of a range, nil where they are too short to
// be read one by one, or not all can be read.
func (c *chain) coarseExtents(off, n int64) []vhd.Extent {
	if !c.disk.Prepare(off, n) {
		return nil
	}
	var list []vhd.Extent
	for e, err := range c.disk.Extents(off, n) {
		if err != nil || int64(len(list)) > n/coarse {
			return nil
		}
		list = append(list, e)
	}
	return list
}

// report tells that n more bytes are read.
func (r *reading) report(n int64) {
	r.mu.Lock()
	r.done += n
	done := r.done
	r.mu.Unlock()
	if r.progress != nil {
		r.progress(done, r.total)
	}
}

// inParts calls do for every part of [from, to), several at once. Parts begin
// at multiples of size, as blocks do. The error is that of the part which
// comes first of those that failed.
func inParts(from, to, size int64, atOnce int, do func(off, n int64) error) error {
	var (
		mu     sync.Mutex
		next   = from
		failed error
		at     int64
	)
	take := func() (off, n int64) {
		mu.Lock()
		defer mu.Unlock()
		if failed != nil {
			return 0, 0
		}
		off = next
		n = min(size-off%size, to-off)
		next += n
		return off, n
	}
	var wg sync.WaitGroup
	for range min(int64(atOnce), (to-from)/size+2) {
		wg.Go(func() {
			for off, n := take(); n > 0; off, n = take() {
				if err := do(off, n); err != nil {
					mu.Lock()
					if failed == nil || off < at {
						failed, at = err, off
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return failed
}
