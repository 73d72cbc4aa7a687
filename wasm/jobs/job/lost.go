package job

import (
	"cmp"
	"errors"
	"slices"

	"vhdscope/vhd"
)

// maxLost is how many ranges are listed: nobody reads more.
const maxLost = 1000

// lostOf are losses as the page shows them, in the order of the file. Those
// that follow on each other for the same reason are one; of very many, the
// last entry covers the rest.
func lostOf(losses []vhd.Loss) []Lost {
	slices.SortFunc(losses, func(a, b vhd.Loss) int { return cmp.Compare(a.Offset, b.Offset) })
	list := []Lost{}
	rest := int64(0)
	for _, l := range losses {
		message := reason(l.Err)
		if n := len(list); n > 0 {
			last := &list[n-1]
			if last.Offset+last.Length == l.Offset && last.Message == message {
				last.Length += l.Length
				continue
			}
			if n == maxLost {
				last.Length, rest = l.Offset+l.Length-last.Offset, rest+1
				continue
			}
		}
		list = append(list, Lost{Offset: l.Offset, Length: l.Length, Message: message})
	}
	if rest > 0 {
		list[maxLost-1].Message = "from here on " + dec(rest+1) + " ranges are lost, between others that are not: " + list[maxLost-1].Message
	}
	return list
}

// reason is why a range is lost, in words: without the rule and the place,
// which the words tell where they matter.
func reason(err error) string {
	if format, ok := errors.AsType[*vhd.FormatError](err); ok {
		return format.Msg
	}
	return err.Error()
}
