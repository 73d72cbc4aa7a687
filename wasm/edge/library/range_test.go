package library

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

var (
	// §14.1.1 and §14.1.2, with the empty elements of §5.6.1.2.
	grammar = regexp.MustCompile(`^(?i:bytes)=[ \t]*(,[ \t]*)*([0-9]+-[0-9]*|-[0-9]+)([ \t]*,[ \t]*([0-9]+-[0-9]*|-[0-9]+)?)*[ \t]*$`)
	element = regexp.MustCompile(`([0-9]*)-([0-9]*)`)
)

// naively reads a Range field as the grammar has it, and goes through an
// image byte by byte to see which of them each range has: of the first that
// has any, the first and the last.
func naively(field string, size int64) (first, last int64, ignored, satisfiable bool) {
	if !grammar.MatchString(field) {
		return 0, 0, true, false
	}
	number := func(digits string) *big.Int {
		n, _ := new(big.Int).SetString(digits, 10)
		return n
	}
	_, set, _ := strings.Cut(field, "=")
	first = -1
	for _, spec := range element.FindAllStringSubmatch(set, -1) {
		from, to := number(spec[1]), number(spec[2])
		if from != nil && to != nil && to.Cmp(from) < 0 {
			return 0, 0, true, false
		}
		if from == nil && to.Sign() > 0 {
			satisfiable = true
		}
		if first >= 0 {
			continue
		}
		for i := range size {
			at, fromEnd := big.NewInt(i), big.NewInt(size-i)
			if from == nil && fromEnd.Cmp(to) <= 0 || from != nil && at.Cmp(from) >= 0 && (to == nil || at.Cmp(to) <= 0) {
				if first < 0 {
					first = i
				}
				last = i
				satisfiable = true
			}
		}
	}
	return first, last, satisfiable && first < 0, satisfiable
}

// FuzzRange: a Range field is read as a naive reading of the grammar has it.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{
		"bytes=0-4", "bytes=5-", "bytes=-3", "bytes=-0", "bytes=9-2", "bytes=, 1-2 ,\t-1,", "bytes=",
		"BYTES=40-50", "bytes=0-4,x", "bytes=99999999999999999999-", "bytes=99999999999999999999-99999999999999999998",
		"bytes=-99999999999999999999", "bytes=007-00000000000000000000009", "sectors=0-1", "bytes=1-2,,3-4", "bytes=+1-2",
	} {
		for _, size := range []uint8{0, 1, 10, 200} {
			f.Add(seed, size)
		}
	}
	f.Fuzz(func(t *testing.T, field string, size uint8) {
		got, err := requested(field, int64(size))
		first, last, ignored, satisfiable := naively(field, int64(size))
		switch {
		case (err != nil) != (!ignored && !satisfiable):
			t.Errorf("%q of %d: the error is %v", field, size, err)
		case (got != nil) != (!ignored && satisfiable):
			t.Errorf("%q of %d: %v", field, size, got)
		case got != nil && (got.offset != first || got.length != last-first+1):
			t.Errorf("%q of %d: %d bytes at %d, want %d to %d", field, size, got.length, got.offset, first, last)
		}
	})
}
