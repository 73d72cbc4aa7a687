package library

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A span is a part of an image: length bytes at offset.
type span struct{ offset, length int64 }

var errUnsatisfiable = errors.New("library: no range overlaps the image")

// requested returns the part that a Range field asks for of an image of size
// bytes, or nil where the field is to be ignored and all of it sent:
//
//   - A unit other than bytes must be ignored (§14.2). What is no valid list
//     of ranges may be ignored or rejected (§14.2), and is ignored.
//   - Of several ranges the first satisfiable one is sent, alone. That is
//     allowed: the answer says which it is, and the client asks again for the
//     others (§14.2, §15.3.7). All of a disk would be of use to nobody.
//   - The error is errUnsatisfiable where no range overlaps the image
//     (§14.1.2). The end of an empty image does, whatever its length, but no
//     Content-Range can say so (§14.4): there the field is ignored.
func requested(field string, size int64) (*span, error) {
	unit, set, found := strings.Cut(field, "=")
	if !found || !strings.EqualFold(unit, "bytes") { // §14.1: in any case
		return nil, nil
	}
	var first *span
	valid, satisfiable := false, false
	for spec := range strings.SplitSeq(set, ",") {
		spec = strings.Trim(spec, " \t")
		if spec == "" {
			continue // §5.6.1.2
		}
		r, ok := parseByteRange(spec)
		if !ok {
			return nil, nil
		}
		valid = true
		if first == nil && r.satisfiable(size) {
			satisfiable = true
			first = r.within(size)
		}
	}
	if valid && !satisfiable {
		return nil, errUnsatisfiable
	}
	return first, nil
}

// A byteRange is first-last, or the last bytes of an image: §14.1.2. A number
// that an int64 cannot hold is its maximum, as no image is as large.
type byteRange struct {
	first, last int64
	suffix      int64 // how many bytes at the end, or -1
}

// parseByteRange reads an int-range or a suffix-range: §14.1.1.
func parseByteRange(spec string) (byteRange, bool) {
	first, last, found := strings.Cut(spec, "-")
	if !found || !digits(first+last) {
		return byteRange{}, false
	}
	switch {
	case first == "":
		return byteRange{suffix: number(last)}, true
	case last == "":
		return byteRange{number(first), math.MaxInt64, -1}, true
	}
	return byteRange{number(first), number(last), -1}, !less(last, first)
}

func (r byteRange) satisfiable(size int64) bool {
	if r.suffix >= 0 {
		return r.suffix > 0
	}
	return r.first < size
}

// within returns what a satisfiable range is of size bytes, or nil if that is
// nothing.
func (r byteRange) within(size int64) *span {
	switch {
	case size == 0:
		return nil
	case r.suffix >= 0:
		length := min(r.suffix, size)
		return &span{size - length, length}
	}
	return &span{r.first, min(r.last, size-1) - r.first + 1}
}

// digits tells whether s is a number: 1*DIGIT.
func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func number(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// less compares numbers of any size.
func less(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return len(a) < len(b) || len(a) == len(b) && a < b
}
