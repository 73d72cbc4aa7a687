package output

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd"
)

// TestLostOf: losses come in order, and those that follow on each other for
// one reason are one.
func TestLostOf(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	got := LostOf([]vhd.Loss{{Offset: 512, Length: 512, Err: a}, {Offset: 4096, Length: 512, Err: a}, {Offset: 0, Length: 512, Err: a}, {Offset: 1024, Length: 512, Err: b}})
	if want := []Lost{{0, 1024, "a"}, {1024, 512, "b"}, {4096, 512, "a"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := LostOf(nil); got == nil || len(got) > 0 {
		t.Errorf("of none: %v", got)
	}
}

// TestLostOfMany: of more losses than anybody reads the last entry covers the
// rest, and says so.
func TestLostOfMany(t *testing.T) {
	var all []vhd.Loss
	for i := range int64(maxLost + 500) {
		all = append(all, vhd.Loss{Offset: i * 1024, Length: 512, Err: errors.New("gone")})
	}
	got := LostOf(all[:maxLost])
	if last := got[maxLost-1]; len(got) != maxLost || last != (Lost{(maxLost - 1) * 1024, 512, "gone"}) {
		t.Errorf("of %d: %d, the last %v", maxLost, len(got), last)
	}
	got = LostOf(all)
	last := got[len(got)-1]
	if len(got) != maxLost || last.Offset != (maxLost-1)*1024 || last.Offset+last.Length != (maxLost+499)*1024+512 || !strings.Contains(last.Message, "501 ranges") {
		t.Errorf("of %d: %d, the last %v", len(all), len(got), last)
	}
}

// TestLostOfFarMoreThanIsListed: while a file is made, no more is kept of what
// is lost than will be listed and a little.
func TestLostOfFarMoreThanIsListed(t *testing.T) {
	var s losses
	const n = 100 * maxLost
	gone := errors.New("gone")
	for i := range int64(n) {
		s.add(vhd.Loss{Offset: i * 1024, Length: 512, Err: gone})
		if len(s.list) > 4*maxLost {
			t.Fatalf("%d ranges are kept", len(s.list))
		}
	}
	got := s.listed()
	last := got[len(got)-1]
	if len(got) != maxLost || last.Offset != (maxLost-1)*1024 || last.Offset+last.Length != (n-1)*1024+512 || !strings.Contains(last.Message, dec(n-maxLost+1)+" ranges") {
		t.Errorf("%d, the last %v", len(got), last)
	}
}
