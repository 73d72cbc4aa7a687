package blobio

const (
	maxStreams  = 8  // sequential readers told apart on one file
	firstWindow = 4  // pages of the first read ahead of a stream
	maxWindow   = 16 // pages of the largest: 1 MiB
)

// stream is one place in a file from which someone may be reading forward.
type stream struct {
	next   int64  // where its last request ended, in bytes
	window int64  // pages of its last read ahead; 0: none yet
	used   uint64 // when it last moved, by the clock of its streams
}

// streams remembers the places where a file was last read, so that several
// sequential readers of it do not hide each other. Cache.mu guards it.
type streams struct {
	list  []stream
	clock uint64
}

// follow finds the stream that a request for the bytes [off, end) carries on,
// and moves it to end. A request carries on a stream when it goes beyond it
// and starts in the page where it stands, or in the next one. It returns nil
// where there is no such stream.
func (s *streams) follow(off, end int64) *stream {
	var best *stream
	for i := range s.list {
		t := &s.list[i]
		ahead := off/PageSize - (t.next-1)/PageSize
		if ahead != 0 && ahead != 1 || end <= t.next {
			continue
		}
		if best == nil || best.next < t.next {
			best = t
		}
	}
	if best != nil {
		s.move(best, end)
	}
	return best
}

// start remembers a request that ended at end and carried on no stream, in
// place of the stream that has not moved for longest.
func (s *streams) start(end int64) *stream {
	if len(s.list) < maxStreams {
		if s.list == nil {
			s.list = make([]stream, 0, maxStreams) // never moved: callers hold pointers into it
		}
		s.list = append(s.list, stream{})
		t := &s.list[len(s.list)-1]
		s.move(t, end)
		return t
	}
	t := &s.list[0]
	for i := range s.list {
		if s.list[i].used < t.used {
			t = &s.list[i]
		}
	}
	t.window = 0
	s.move(t, end)
	return t
}

func (s *streams) move(t *stream, end int64) {
	s.clock++
	t.next, t.used = end, s.clock
}

// grow returns how many pages the stream's next read should bring, twice as
// many as the one before. A cache of capacity pages is never asked to give
// more than a quarter of itself to one read ahead.
func (t *stream) grow(capacity int) int64 {
	t.window = min(max(2*t.window, firstWindow), maxWindow, int64(capacity/4))
	return t.window
}
