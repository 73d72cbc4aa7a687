package session

import (
	"context"
	"sync"
)

const (
	// readChunk is what one goroutine reads at a time, and readers how many
	// do: a browser is at its best with a few large reads in flight.
	readChunk = 2 << 20
	readers   = 4
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
	buf, err := s.host.NewBuffer(req.Length)
	if err != nil {
		return nil, err
	}
	r := reading{chain: c, sources: c.sources(), buf: buf, from: req.Offset, next: req.Offset, end: req.Offset + req.Length, progress: progress}
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() { r.run(ctx) })
	}
	wg.Wait()
	if r.err != nil {
		return nil, r.err
	}
	return &Bytes{Bytes: buf.Value()}, nil
}

// reading is one read, shared by its goroutines.
type reading struct {
	chain     *chain
	sources   []Source
	buf       Buffer
	from, end int64
	progress  Progress

	mu   sync.Mutex
	next int64 // where the next chunk begins
	done int64
	err  error // of the chunk that failed first on the disk
	at   int64 // where that chunk begins
}

// sources are the files of the chain's layers.
func (c *chain) sources() []Source {
	list := make([]Source, 0, len(c.files))
	for _, f := range c.files {
		list = append(list, f.source)
	}
	return list
}

// take hands out the next chunk; n is 0 when there is none. Chunks begin on
// multiples of their size, where blocks do.
func (r *reading) take() (off, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, 0
	}
	off = r.next
	n = min(readChunk-off%readChunk, r.end-off)
	r.next += n
	return off, n
}

func (r *reading) run(ctx context.Context) {
	for off, n := r.take(); n > 0; off, n = r.take() {
		err := ctx.Err()
		if err == nil {
			_, err = r.chain.disk.ReadTo(r.buf.Sink(r.sources, off-r.from), off, n)
		}
		r.finish(off, n, err)
	}
}

func (r *reading) finish(off, n int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		if r.err == nil || off < r.at {
			r.err, r.at = err, off
		}
		return
	}
	r.done += n
	if r.progress != nil {
		r.progress(r.done, r.end-r.from)
	}
}
