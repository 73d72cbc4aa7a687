package output

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"sync"

	"vhdscope/vhd"
)

// maxLost is how many ranges are listed: nobody reads more.
const maxLost = 1000

// losses gathers what is lost while a file is made. Of very many ranges it
// keeps the first, and what covers the others.
type losses struct {
	mu   sync.Mutex
	list []Lost
	rest int64 // ranges that the last of the list covers beside its first
}

// add notes a loss. It may be called concurrently, and in any order.
func (s *losses) add(l vhd.Loss) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 4*maxLost {
		s.join()
	}
	s.list = append(s.list, Lost{Offset: l.Offset, Length: l.Length, Message: reason(l.Err)})
}

// join puts the list in order. Ranges that follow on each other for the same
// reason become one, and so do all that are too many.
func (s *losses) join() {
	slices.SortFunc(s.list, func(a, b Lost) int { return cmp.Compare(a.Offset, b.Offset) })
	joined := s.list[:0]
	for _, l := range s.list {
		n := len(joined)
		if n == 0 {
			joined = append(joined, l)
			continue
		}
		switch last := &joined[n-1]; {
		case last.Offset+last.Length == l.Offset && last.Message == l.Message:
			last.Length += l.Length
		case n == maxLost:
			last.Length = max(last.Length, l.Offset+l.Length-last.Offset)
			s.rest++
		default:
			joined = append(joined, l)
		}
	}
	s.list = joined
}

// listed is what was lost as the page shows it, in the order of the file. Of
// very many ranges, the last entry covers the rest and says so.
func (s *losses) listed() []Lost {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.join()
	list := append([]Lost{}, s.list...)
	if s.rest > 0 {
		last := &list[maxLost-1]
		last.Message = "from here on " + dec(s.rest+1) + " ranges are lost, between others that are not: " + last.Message
	}
	return list
}

// LostOf lists losses that are known at once.
func LostOf(all []vhd.Loss) []Lost {
	var s losses
	for _, l := range all {
		s.add(l)
	}
	return s.listed()
}

// reason is why a range is lost, in words: without the rule and the place,
// which the words tell where they matter.
func reason(err error) string {
	if format, ok := errors.AsType[*vhd.FormatError](err); ok {
		return format.Msg
	}
	return err.Error()
}

// dec writes a number in decimal.
func dec(n int64) string { return strconv.FormatInt(n, 10) }
