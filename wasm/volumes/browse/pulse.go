package browse

import (
	"io"
	"sync"
	"time"

	"vhdscope/wasm/worker"
)

// pulse tells the page that work goes on where the code that does it has no
// way to: as long as it reads the volume, or waits for bytes, as a slow network
// has it do, requests under way repeat what progress they told last. The page
// takes long silence for a hang; so requests fall silent when more was read
// without progress than any needs, as by code that runs in a circle on a
// damaged volume. Code that runs in a circle without reading is silent by
// itself: no timer fires in a browser's worker while it runs.
type pulse struct {
	mu   sync.Mutex
	all  map[*beat]bool
	next time.Time
	read int64 // bytes, ever
	size int64 // of the volume that was read last

	ticking bool // a timer beats
}

// beat is the progress of a request under way.
type beat struct {
	pulse *pulse

	mu          sync.Mutex
	progress    worker.Progress
	done, total int64
	read        int64 // the pulse's, when progress was made last
}

const (
	// pause is how long no progress is repeated.
	pause = 400 * time.Millisecond

	// patience is how much may be read without progress, in sizes of the
	// volume.
	patience = 2
)

// begin notes a request, until done is called, and gives the progress that it
// tells.
func (p *pulse) begin(progress worker.Progress) (_ worker.Progress, done func()) {
	b := &beat{pulse: p, progress: progress}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[*beat]bool{}
	}
	p.all[b], b.read = true, p.read
	if !p.ticking {
		p.ticking = true
		time.AfterFunc(pause, p.tick)
	}
	return b.tell, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.all, b)
	}
}

// tick beats as long as requests are under way.
func (p *pulse) tick() {
	p.beat()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ticking = len(p.all) > 0; p.ticking {
		time.AfterFunc(pause, p.tick)
	}
}

// tell is the request's own progress.
func (b *beat) tell(done, total int64) {
	b.pulse.mu.Lock()
	read := b.pulse.read
	b.pulse.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if done != b.done {
		b.read = read
	}
	b.done, b.total = done, total
	if b.progress != nil {
		b.progress(done, total)
	}
}

// note counts bytes that were read of a volume of so many.
func (p *pulse) note(n, size int64) {
	p.mu.Lock()
	p.read, p.size = p.read+n, size
	p.mu.Unlock()
	p.beat()
}

// beat repeats the progress of the requests under way, unless that was done
// just now.
func (p *pulse) beat() {
	p.mu.Lock()
	read, size, now := p.read, p.size, time.Now()
	var due []*beat
	if !now.Before(p.next) {
		p.next = now.Add(pause)
		for b := range p.all {
			due = append(due, b)
		}
	}
	p.mu.Unlock()
	for _, b := range due {
		if !b.mu.TryLock() {
			continue // it tells of itself just now
		}
		if b.progress != nil && read-b.read <= patience*size {
			b.progress(b.done, b.total)
		}
		b.mu.Unlock()
	}
}

// watched is a volume whose reads the pulse notes.
type watched struct {
	io.ReaderAt
	size  int64
	pulse *pulse
}

func (w watched) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.ReaderAt.ReadAt(p, off)
	w.pulse.note(int64(n), w.size)
	return n, err
}
