package blobio

import "errors"

// flight is a read of the pages [first, end) that is under way. done is
// closed when they are in the cache, or the read has failed.
type flight struct {
	first, end int64
	done       chan struct{}
}

// flightOver returns the read under way that will bring page index, or nil.
// cache.mu is held.
func (r *Reader) flightOver(index int64) *flight {
	for _, f := range r.flights {
		if f.first <= index && index < f.end {
			return f
		}
	}
	return nil
}

// plan returns the pages [first, end) to read, in one read, for a request for
// the bytes [pos, stop) whose first page is missing: up to the last missing
// page of the request, and on to window pages where the pages behind the
// request are missing too. It ends before a page that is already on its way.
// Cached pages in between are read again: that is cheaper than a second read.
// cache.mu is held.
func (r *Reader) plan(pos, stop, window int64) (first, end int64) {
	first = pos / PageSize
	end = first + 1
	wanted := (stop-1)/PageSize + 1
	for i := end; i < wanted; i++ {
		if r.flightOver(i) != nil {
			return first, end
		}
		if r.pages[i] == nil {
			end = i + 1
		}
	}
	if end < wanted {
		return first, end
	}
	for end < first+window && end <= (r.size-1)/PageSize && r.pages[end] == nil && r.flightOver(end) == nil {
		end++
	}
	return first, end
}

// fetch reads missing pages from the one that holds pos on, keeps them, and
// copies to p the bytes from pos on that they hold. It returns how many, which
// is at least one where the error is nil.
//
// cache.mu is held on entry and on return, and not while the source is read.
func (r *Reader) fetch(p []byte, pos, window int64) (n int, err error) {
	c := r.cache
	first, end := r.plan(pos, pos+int64(len(p)), window)
	start := first * PageSize
	length := int(min((end-first)*PageSize, r.size-start))
	skip := int(pos - start)
	want := min(len(p), length-skip)

	f := &flight{first: first, end: end, done: make(chan struct{})}
	r.flights = append(r.flights, f)
	c.stats.Misses += int64(r.missing(first, (pos+int64(want)-1)/PageSize))
	c.stats.Reads++
	c.stats.Bytes += int64(length)
	c.mu.Unlock()

	buf := c.borrow(length)
	whole := false
	defer func() { // also when the source panics: others wait for this flight
		c.mu.Lock()
		if whole && !r.closed {
			for i := first; i < end; i++ {
				at := int(i-first) * PageSize
				c.store(r, i, (*buf)[at:min(at+PageSize, length)])
			}
		}
		c.give(buf)
		r.land(f)
	}()

	got, err := readFull(r.src, *buf, start)
	if err == nil {
		whole = true
		return copy(p[:want], (*buf)[skip:]), nil
	}
	_, web := errors.AsType[*WebError](err)
	if want < length && !web && !errors.Is(err, errShort) {
		// The failure may lie in bytes that nobody asked for. A server's does not.
		return r.fetchExact(p[:want], pos)
	}
	n = copy(p[:want], (*buf)[min(skip, got):got])
	if web && n == want {
		return n, nil
	}
	return n, err
}

// fetchExact reads p and nothing beside it, past the cache. cache.mu is free.
func (r *Reader) fetchExact(p []byte, pos int64) (int, error) {
	c := r.cache
	c.mu.Lock()
	c.stats.Reads++
	c.stats.Bytes += int64(len(p))
	c.mu.Unlock()
	return readFull(r.src, p, pos)
}

// missing counts the pages from first to last, both included, that are not
// cached. cache.mu is held.
func (r *Reader) missing(first, last int64) int {
	n := 0
	for i := first; i <= last; i++ {
		if r.pages[i] == nil {
			n++
		}
	}
	return n
}

// land ends a flight. cache.mu is held.
func (r *Reader) land(f *flight) {
	for i, g := range r.flights {
		if g == f {
			r.flights = append(r.flights[:i], r.flights[i+1:]...)
			break
		}
	}
	close(f.done)
}
