package compare

import (
	"math/rand/v2"
	"slices"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// marks are the bytes of runs.
func marks(l []run, n int64) []bool {
	m := make([]bool, n)
	for _, r := range l {
		for i := r.Start; i < r.Start+r.Length; i++ {
			m[i] = true
		}
	}
	return m
}

// TestRunsAreSetsOfBytes compares runs that are gathered in any order, and
// what is taken from them, with marks on bytes.
func TestRunsAreSetsOfBytes(t *testing.T) {
	const n = 3000
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		random := func() (runs, []run) {
			var g gathering
			var all []run
			for range r.IntN(3000) {
				one := run{Start: r.Int64N(n)}
				one.Length = min(r.Int64N(4), n-one.Start)
				g.add(one)
				all = append(all, one)
			}
			g.add(run{Start: -5, Length: 3})
			return g.runs(), all
		}
		a, all := random()
		b, _ := random()
		for i, one := range a {
			if one.Length <= 0 || i > 0 && one.Start <= end(a[i-1]) {
				t.Fatalf("seed %d: run %d, %v, does not lie behind a gap", seed, i, one)
			}
		}
		ma, mb := marks(a, n), marks(b, n)
		if !slices.Equal(ma, marks(all, n)) {
			t.Fatalf("seed %d: gathered otherwise than given", seed)
		}
		from, to := r.Int64N(n), r.Int64N(n)
		in := marks(slices.Collect(a.within(from, to-from)), n)
		less := marks(slices.Collect(a.without(b)), n)
		any := false
		for i := range int64(n) {
			inside := i >= from && i < to && ma[i]
			any = any || inside
			if in[i] != inside {
				t.Fatalf("seed %d: byte %d within [%d, %d): %v", seed, i, from, to, in[i])
			}
			if less[i] != (ma[i] && !mb[i]) {
				t.Fatalf("seed %d: byte %d without the others: %v", seed, i, less[i])
			}
		}
		if a.meet(from, to-from) != any {
			t.Fatalf("seed %d: meet [%d, %d): %v", seed, from, to, !any)
		}
	}
}

// TestTooManyRunsAreJoined: gaps are closed, the smallest first, and nothing
// is lost.
func TestTooManyRunsAreJoined(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	var g gathering
	for i := range int64(maxRuns + 10) {
		g.add(run{Start: 2000 * i, Length: 1})
	}
	g.add(run{Start: 1 << 40, Length: 7})
	l := g.runs()
	if want := (runs{{Start: 0, Length: 2000*(maxRuns+9) + 1}, {Start: 1 << 40, Length: 7}}); !slices.Equal(l, want) || g.gap != 2048 {
		t.Errorf("%d runs, gaps of up to %d are closed", len(l), g.gap)
	}
}

// TestConcernedTakesAnyExtents: what a damaged volume says of where a file
// lies gives parts in order, inside the file, whatever it is.
func TestConcernedTakesAnyExtents(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 3))
		number := func() int64 {
			switch r.IntN(4) {
			case 0:
				return r.Int64N(1 << 62)
			case 1:
				return -1
			}
			return r.Int64N(5000)
		}
		random := func() (list []fsys.Extent) {
			for range r.IntN(6) {
				list = append(list, fsys.Extent{Offset: number(), Length: number(), Start: number(), Stored: max(number(), 0)})
			}
			return list
		}
		c := &comparison{touched: runs{{Start: 100, Length: 5}, {Start: 3000, Length: 1000}}}
		size, at := r.Int64N(10000), int64(0)
		for i, p := range c.concerned(random(), random(), size) {
			if p.Length <= 0 || p.Offset < at || i > 0 && p.Offset == at || p.Offset+p.Length > size {
				t.Fatalf("seed %d: part %d is %v behind byte %d of %d", seed, i, p, at, size)
			}
			at = p.Offset + p.Length
		}
	}
}
