package blobio

import (
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Remote is the Source over a file of a web server, of which it asks for
// ranges. Every answer is held against what was asked for, and against the
// [Version] that the file had when it was opened: bytes of another version, or
// another place, are never given.
//
// What may have been bad luck is tried again, up to four times without any
// progress: no answer, a connection that broke or was silent for 15 seconds,
// the statuses 408, 429 and 5xx (after the time that Retry-After gives), bytes
// that are not those asked for. Once that was in vain, one try is enough until
// something comes again: who is refused a read may attempt others in its place,
// and somebody waits for the end of them all. Reads may be concurrent, and are
// a request each, or, where one broke off, more.
type Remote struct {
	web                      Web
	name, url, authorization string
	version                  Version
	down                     atomic.Bool // all tries were in vain, and nothing came since

	mu       sync.Mutex
	watchers *watcher
}

// Version tells a remote file from what it is at other times. Where a server
// gives no strong ETag the time tells, which counts in seconds; where it gives
// neither, only the size.
type Version struct {
	Size     int64
	ETag     string // a strong one, as sent; "" where there is none
	Modified int64  // Last-Modified, in Unix milliseconds; 0 where there is none
}

const (
	tries   = 4                      // in a row that bring nothing
	backOff = 300 * time.Millisecond // after the first; then twice as long each time
	silence = 15 * time.Second       // without a byte, after which a connection counts as broken
)

// NewRemote returns a Source over the file of a URL. Authorization is the
// header of that name, or "". Errors call the file by name.
func NewRemote(web Web, name, url, authorization string, v Version) *Remote {
	return &Remote{web: web, name: name, url: url, authorization: authorization, version: v}
}

// Pin asks, with one request, which version of the file its server has now,
// whatever it had. Of an empty file, of which there is no range, it tells the
// size alone. The error is a *WebError.
func (r *Remote) Pin() (Version, error) {
	now := NewRemote(r.web, r.name, r.url, r.authorization, Version{Size: unknown})
	_, err := now.read(make([]byte, 1), 0)
	return now.version, err
}

const unknown = -1 // size, of a version that an answer is to tell

// Size returns the file's size in bytes.
func (r *Remote) Size() int64 { return r.version.Size }

// Name returns the file's name.
func (r *Remote) Name() string { return r.name }

// ReadCost returns how many bytes come in the time that one more request
// takes: some 40 ms at 100 Mbit/s.
func (r *Remote) ReadCost() int64 { return 512 << 10 }

// OnFailure has f called with the error of every read that fails, until stop
// is: who makes findings of what cannot be read must know that it was not the
// file.
func (r *Remote) OnFailure(f func(error)) (stop func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := &watcher{f, r.watchers}
	r.watchers = w
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for p := &r.watchers; *p != nil; p = &(*p).next {
			if *p == w {
				*p = w.next
				return
			}
		}
	}
}

// watcher is told of failures, and so is the next one.
type watcher struct {
	f    func(error)
	next *watcher
}

// failed tells the watchers.
func (r *Remote) failed(err error) {
	r.mu.Lock()
	var all []func(error)
	for w := r.watchers; w != nil; w = w.next {
		all = append(all, w.f)
	}
	r.mu.Unlock()
	for _, f := range all {
		f(err)
	}
}

// ReadAt implements io.ReaderAt. Errors other than io.EOF are a *ReadError;
// bytes before a failure are read: p[:n] is always right.
func (r *Remote) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, readError(r.name, off, len(p), errNegativeOffset)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= r.version.Size {
		return 0, io.EOF
	}
	n, err := r.read(p[:min(int64(len(p)), r.version.Size-off)], off)
	if err != nil {
		err = readError(r.name, off, len(p), err)
		r.failed(err)
		return n, err
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// read fills p, with as many requests as that takes.
func (r *Remote) read(p []byte, off int64) (n int, _ error) {
	for failed := 0; ; {
		m, err := r.ask(p[n:], off+int64(n))
		if m > 0 {
			failed = 0
			r.down.Store(false)
		}
		if n += m; err == nil {
			return n, nil
		}
		if failed++; failed == tries {
			r.down.Store(true)
		}
		if !err.again || r.down.Load() {
			return n, err
		}
		pause := backOff << (failed - 1)
		pause += time.Duration(time.Now().Nanosecond()) % (pause / 2) // so that many do not come back as one
		time.Sleep(max(pause, time.Duration(err.pause)*time.Second))
	}
}

// ask fills p with one request. Fewer bytes come with an error, but for the
// first byte of a file that turns out to be empty.
func (r *Remote) ask(p []byte, off int64) (n int, _ *WebError) {
	asked := strconv.FormatInt(off, 10) + "-" + strconv.FormatInt(off+int64(len(p))-1, 10)
	x := r.web(r.url, "bytes="+asked, r.authorization)
	defer x.Cancel() // of a body that is longer, too
	var silent atomic.Bool
	timer := time.AfterFunc(silence, func() {
		silent.Store(true)
		x.Cancel()
	})
	defer timer.Stop()
	what := "no answer came" // and not the browser's own words, which tell a person less
	a, err := x.Answer()
	if err == nil {
		what = "the connection broke"
		if r.version.Size == unknown && a.empty() {
			r.version.Size = 0
			return 0, nil
		}
		refusal := a.refused()
		if refusal == nil {
			refusal = r.accept(a, asked)
		}
		if refusal != nil {
			return 0, refusal
		}
	}
	for more := p; err == nil; {
		timer.Reset(silence)
		if n == len(p) {
			more = make([]byte, 1) // there must not be
		}
		var m int
		m, err = a.Body(more)
		if n == len(p) && m > 0 {
			return 0, wrong("more bytes than it said")
		}
		n += m
		more = p[n:]
	}
	if n == len(p) {
		return n, nil
	}
	switch {
	case err == io.EOF:
		what = "its answer ended early"
	case silent.Load():
		what = "nothing came for 15 seconds"
	}
	return n, &WebError{Code: CodeNetwork, what: "the network or the server failed: " + what, again: true}
}

// accept holds an answer against what was asked for and the version that is
// known, or learns that.
func (r *Remote) accept(a *Answer, asked string) *WebError {
	size, refusal := a.size(asked)
	if refusal != nil {
		return refusal
	}
	is := Version{size, a.Header("ETag"), a.Modified}
	if was := r.version; was.Size == unknown {
		if strings.HasPrefix(is.ETag, "W/") {
			is.ETag = ""
		}
		r.version = is
	} else if is.Size != was.Size || was.ETag != "" && is.ETag != was.ETag ||
		was.ETag == "" && was.Modified != 0 && is.Modified != was.Modified {
		return &WebError{Code: CodeChanged, what: "its size, ETag or date is another: " + ErrChanged.Error()}
	}
	return nil
}
