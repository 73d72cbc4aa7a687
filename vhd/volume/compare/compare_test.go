package compare

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys/fsystest"
)

// history is a random history: operations before the first view, and between
// the two, each with a seed of its own so that some can be left out.
type history struct {
	weak, lazy       bool
	blocks           int
	earlier, between []uint64
}

func newHistory(seed uint64) history {
	r := rand.New(rand.NewPCG(seed, 7))
	h := history{weak: r.IntN(3) == 0, lazy: r.IntN(2) == 0, blocks: 128 << r.IntN(2)}
	for range r.IntN(80) {
		h.earlier = append(h.earlier, r.Uint64())
	}
	for range r.IntN(30) {
		h.between = append(h.between, r.Uint64())
	}
	return h
}

// views does what the history says.
func (h history) views() (before, after *fsystest.View, touched []device.Range) {
	s := fsystest.New(h.blocks, 1024)
	s.Weak = h.weak
	for _, seed := range h.earlier {
		s.Random(rand.New(rand.NewPCG(seed, 0)))
	}
	before = s.View()
	s.Written()
	for _, seed := range h.between {
		s.Random(rand.New(rand.NewPCG(seed, 0)))
	}
	after = s.View()
	before.Lazy, after.Lazy = h.lazy, h.lazy
	return before, after, s.Written()
}

// wrong is what Compare tells otherwise than the model of a history; "" for
// nothing.
func (h history) wrong() string {
	before, after, touched := h.views()
	changes, err := Compare(context.Background(), before, after, slices.Values(touched), nil)
	if err != nil {
		return err.Error()
	}
	m := newModel(before, after, h.blocks*1024, touched)
	var got []string
	for _, c := range changes.Files {
		got = append(got, line(c))
	}
	slices.Sort(got)
	if want := m.files(); !slices.Equal(got, want) {
		return "got\n\t" + strings.Join(got, "\n\t") + "\nwant\n\t" + strings.Join(want, "\n\t")
	}
	elsewhere := map[string]int64{}
	for _, r := range changes.Elsewhere {
		elsewhere[r.Name] = r.Bytes
	}
	if want := m.elsewhere(); !maps.Equal(elsewhere, want) {
		return fmt.Sprintf("elsewhere %v, want %v", elsewhere, want)
	}
	if b, a := m.wronglyRead(); b >= 0 || a >= 0 {
		return fmt.Sprintf("byte %d of the volume before or %d after was read for nothing", b, a)
	}
	return ""
}

// shrunk leaves out operations for as long as something stays wrong.
func (h history) shrunk() history {
	for _, list := range []*[]uint64{&h.between, &h.earlier} {
		for i := 0; i < len(*list); {
			whole := *list
			*list = slices.Delete(slices.Clone(whole), i, i+1)
			if h.wrong() == "" {
				*list = whole
				i++
			}
		}
	}
	return h
}

// TestChangesAreThoseOfTheModel: of random histories of a file system Compare
// tells exactly what the model's list of names, identities and bytes tells,
// and reads no byte of a file that lies where it did and was not written.
func TestChangesAreThoseOfTheModel(t *testing.T) {
	seeds := 300
	if testing.Short() {
		seeds = 100
	}
	for seed := range seeds {
		h := newHistory(uint64(seed))
		if h.wrong() == "" {
			continue
		}
		h = h.shrunk()
		t.Fatalf("seed %d, weak %v, lazy %v, after %d operations and %d more: %s", seed, h.weak, h.lazy, len(h.earlier), len(h.between), h.wrong())
	}
}
