package session

import (
	"context"
	"sync"

	"vhdscope/vhd"
	"vhdscope/wasm/worker"
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
	chunk     = 8 << 20
	gatherers = 2
)

// Read reads a range of a resolved disk, all of it or an error.
func (s *Session) Read(ctx context.Context, req *ReadRequest, progress worker.Progress) (*Bytes, error) {
	c, err := s.chain(req.Disk)
	if err != nil {
		return nil, err
	}
	if err := c.inside(req.Offset, req.Length); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	known := c.ahead.take(req.Offset, req.Length)
	if c.ahead.follows(req.Offset, req.Length) {
		end := req.Offset + req.Length
		c.ahead.start(end, min(req.Length, c.disk.Size()-end), func(ctx context.Context, off, n int64) (worker.Buffer, error) {
			return c.read(ctx, s.host.NewBuffer(n), off, n, nil)
		})
	}
	buf, err := known.wait(ctx)
	if buf == nil {
		buf, err = c.read(ctx, s.host.NewBuffer(req.Length), req.Offset, req.Length, progress)
	} else if progress != nil {
		progress(req.Length, req.Length)
	}
	if err != nil {
		return nil, ChainError(err, c.files...)
	}
	value, err := buf.Value()
	return &Bytes{Bytes: value}, err
}

// read reads a range of the chain's disk into a buffer and returns that.
func (c *chain) read(ctx context.Context, buf worker.Buffer, off, n int64, progress worker.Progress) (_ worker.Buffer, err error) {
	r := &reading{chain: c, sources: c.sources(), buf: buf, from: off, total: n, progress: progress}
	if n <= segment {
		err = r.segment(ctx, off, n)
	} else {
		err = worker.InParts(off, off+n, segment, segments, func(off, n int64) error { return r.segment(ctx, off, n) })
	}
	if err != nil {
		buf.Free()
		return nil, err
	}
	return buf, nil
}

// sources are the files of the chain's layers.
func (c *chain) sources() []worker.Source {
	list := make([]worker.Source, 0, len(c.files))
	for _, f := range c.files {
		list = append(list, f.source)
	}
	return list
}

// reading is one read under way.
type reading struct {
	chain    *chain
	sources  []worker.Source
	buf      worker.Buffer
	from     int64 // of the range on the disk
	total    int64
	progress worker.Progress

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
	return worker.InParts(off, off+n, chunk, gatherers, func(off, n int64) error {
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

// report tells that n more bytes are read. Reports come in order.
func (r *reading) report(n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done += n
	if r.progress != nil {
		r.progress(r.done, r.total)
	}
}
