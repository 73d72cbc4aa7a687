package output

import (
	"bytes"
	"testing"

	"vhdscope/vhd"
)

// putter is a sink that only takes bytes.
type putter struct {
	vhd.Sink
	p []byte
}

func (s *putter) Put(p []byte, to int64) { copy(s.p[to:], p) }

// TestErasing: zeros take the place of what was there, and of nothing else.
func TestErasing(t *testing.T) {
	for _, n := range []int64{0, 1, 1<<20 - 1, 1 << 20, 3<<20 + 5} {
		b := &putter{p: bytes.Repeat([]byte{7}, 4<<20)}
		erasing{b}.Zero(10, n)
		want := bytes.Repeat([]byte{7}, 4<<20)
		clear(want[10 : 10+n])
		if !bytes.Equal(b.p, want) {
			t.Errorf("%d zeros are not where they should be", n)
		}
	}
}
