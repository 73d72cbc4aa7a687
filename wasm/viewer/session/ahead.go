package session

import (
	"context"
	"sync"
	"time"
)

// ahead reads what a sequential reader will ask for next while it still works
// on what it has: the browser is then never without a read.
type ahead struct {
	mu   sync.Mutex
	next int64 // where the last read ended
	part *aheadPart
}

// aheadPart is one range that is read ahead, or being so.
type aheadPart struct {
	off, n int64
	done   chan struct{}
	value  any
	err    error
}

const (
	// Shorter reads are not worth it, and longer ones too much to hold.
	minAhead = 1 << 20
	maxAhead = segment

	// keepAhead is how long a range waits for a reader that has gone away.
	keepAhead = 2 * time.Second
)

// take hands out what was read ahead of this range; nil for nothing. What was
// read ahead of another is dropped.
func (a *ahead) take(off, n int64) *aheadPart {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.part
	a.part = nil
	if p != nil && p.off == off && p.n == n {
		return p
	}
	return nil
}

// follows notes a read and reports whether it went on where the last ended.
func (a *ahead) follows(off, n int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	yes := off > 0 && off == a.next
	a.next = off + n
	return yes
}

// start reads a range ahead.
func (a *ahead) start(off, n int64, read func(off, n int64) (any, error)) {
	if n < minAhead || n > maxAhead {
		return
	}
	p := &aheadPart{off: off, n: n, done: make(chan struct{})}
	a.mu.Lock()
	a.part = p
	a.mu.Unlock()
	go func() {
		p.value, p.err = read(off, n)
		close(p.done)
		time.AfterFunc(keepAhead, func() { a.forget(p) })
	}()
}

// forget drops a range that nobody asked for.
func (a *ahead) forget(p *aheadPart) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.part == p {
		a.part = nil
	}
}

// wait is what was read, when it is.
func (p *aheadPart) wait(ctx context.Context) (any, error) {
	select {
	case <-p.done:
		return p.value, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
