package vhdtest

import "sort"

// segment is a stretch of a file that is backed by something. start is where
// it begins in its source, so that it can be cut without touching the source.
type segment struct {
	off, length int64
	source      Source
	start       int64
}

func (s segment) end() int64 { return s.off + s.length }

func bytesSource(b []byte) Source {
	return func(p []byte, off int64) { copy(p, b[off:]) }
}

func fillSource(value byte) Source {
	return func(p []byte, _ int64) {
		for i := range p {
			p[i] = value
		}
	}
}

// segments is ordered by offset and never overlaps. What lies between two of
// them reads as zeros.
type segments []segment

// at is the index of the first segment that ends behind off.
func (s segments) at(off int64) int {
	return sort.Search(len(s), func(i int) bool { return s[i].end() > off })
}

// read fills p with what stands at off.
func (s segments) read(p []byte, off int64) {
	clear(p)
	end := off + int64(len(p))
	for i := s.at(off); i < len(s) && s[i].off < end; i++ {
		from, to := max(off, s[i].off), min(end, s[i].end())
		s[i].source(p[from-off:to-off], s[i].start+from-s[i].off)
	}
}

// cut returns the segments without what lies in [off, end).
func (s segments) cut(off, end int64) segments {
	first := s.at(off)
	last := first
	var rest segments
	for ; last < len(s) && s[last].off < end; last++ {
		old := s[last]
		if old.off < off {
			head := old
			head.length = off - old.off
			rest = append(rest, head)
		}
		if old.end() > end {
			tail := old
			tail.off, tail.length = end, old.end()-end
			tail.start += end - old.off
			rest = append(rest, tail)
		}
	}
	return s.splice(first, last, rest)
}

// put returns the segments with n in place of whatever was there.
func (s segments) put(n segment) segments {
	if n.length == 0 {
		return s
	}
	s = s.cut(n.off, n.end())
	i := s.at(n.off)
	return s.splice(i, i, segments{n})
}

// splice replaces s[first:last]. Appending at the end, the common case while
// an image is laid out, moves nothing.
func (s segments) splice(first, last int, with segments) segments {
	if first == len(s) {
		return append(s, with...)
	}
	if first == last && len(with) == 0 {
		return s
	}
	out := make(segments, 0, len(s)-(last-first)+len(with))
	out = append(out, s[:first]...)
	out = append(out, with...)
	return append(out, s[last:]...)
}
