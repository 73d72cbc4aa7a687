package session

import (
	"context"
	"sync"
	"time"

	"vhdscope/wasm/worker"
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
	cancel context.CancelFunc
	done   chan struct{} // closed when buf and err stand
	buf    worker.Buffer
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
	p := a.swap(nil)
	if p != nil && p.off == off && p.n == n {
		return p
	}
	p.drop()
	return nil
}

// swap puts a part in the place of the one that is there.
func (a *ahead) swap(p *aheadPart) *aheadPart {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, a.part = a.part, p
	return p
}

// drop forgets all that was read ahead.
func (a *ahead) drop() { a.swap(nil).drop() }

// follows notes a read and reports whether it went on where the last ended.
func (a *ahead) follows(off, n int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	yes := off > 0 && off == a.next
	a.next = off + n
	return yes
}

// start reads a range ahead.
func (a *ahead) start(off, n int64, read func(ctx context.Context, off, n int64) (worker.Buffer, error)) {
	if n < minAhead || n > maxAhead {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &aheadPart{off: off, n: n, cancel: cancel, done: make(chan struct{})}
	a.swap(p).drop()
	go func() {
		defer close(p.done)
		defer func() {
			if recover() != nil { // whoever asks for the range meets it again
				p.buf, p.err = nil, worker.ErrFault
			}
		}()
		p.buf, p.err = read(ctx, off, n)
	}()
	time.AfterFunc(keepAhead, func() { a.forget(p) })
}

// forget drops a range that nobody asked for. One that is still being read is
// given as much time again.
func (a *ahead) forget(p *aheadPart) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.part != p {
		return
	}
	select {
	case <-p.done:
		a.part = nil
		p.drop()
	default:
		time.AfterFunc(keepAhead, func() { a.forget(p) })
	}
}

// drop ends the reading of a part, which may be nil, and frees what it read.
func (p *aheadPart) drop() {
	if p == nil {
		return
	}
	p.cancel()
	go func() {
		<-p.done
		if p.buf != nil {
			p.buf.Free()
		}
	}()
}

// wait is what was read, when it is; nil where nothing was, or not all.
func (p *aheadPart) wait(ctx context.Context) (worker.Buffer, error) {
	if p == nil {
		return nil, nil
	}
	select {
	case <-p.done:
		return p.buf, p.err
	case <-ctx.Done():
		p.drop()
		return nil, ctx.Err()
	}
}
