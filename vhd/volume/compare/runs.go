package compare

import (
	"cmp"
	"iter"
	"slices"
	"sort"

	"vhdscope/vhd/volume/device"
)

// maxRuns bounds the memory that a list of runs takes: 64 MiB.
const maxRuns = 4 << 20

type run = device.Range

// runs are runs of a volume in order, with gaps between them.
type runs []run

func end(r run) int64 { return r.Start + r.Length }

// within gives the parts of the runs that lie in a range.
func (l runs) within(start, length int64) iter.Seq[run] {
	return func(yield func(run) bool) {
		stop := start + length
		i := sort.Search(len(l), func(i int) bool { return end(l[i]) > start })
		for ; i < len(l) && l[i].Start < stop; i++ {
			from, to := max(l[i].Start, start), min(end(l[i]), stop)
			if from < to && !yield(run{Start: from, Length: to - from}) {
				return
			}
		}
	}
}

// meet reports whether a range has a byte in common with the runs.
func (l runs) meet(start, length int64) bool {
	for range l.within(start, length) {
		return true
	}
	return false
}

// without gives the parts of the runs that other runs leave.
func (l runs) without(other runs) iter.Seq[run] {
	return func(yield func(run) bool) {
		for _, r := range l {
			for o := range other.within(r.Start, r.Length) {
				if o.Start > r.Start && !yield(run{Start: r.Start, Length: o.Start - r.Start}) {
					return
				}
				r = run{Start: end(o), Length: end(r) - end(o)}
			}
			if r.Length > 0 && !yield(r) {
				return
			}
		}
	}
}

// gathering makes runs of ranges that come in any order and may overlap. Where
// they are more than maxRuns, small gaps between them are closed.
type gathering struct {
	list []run
	tidy int   // of the list: in order and joined
	gap  int64 // gaps up to which were closed
}

func (g *gathering) add(r run) {
	if r.Length <= 0 || r.Start < 0 {
		return
	}
	if last := len(g.list) - 1; last >= 0 && end(g.list[last]) == r.Start {
		g.list[last].Length += r.Length
		return
	}
	g.list = append(g.list, r)
	if len(g.list) > 2*g.tidy+1024 {
		g.clean()
	}
}

// clean puts the list in order and joins what touches.
func (g *gathering) clean() {
	slices.SortFunc(g.list, func(a, b run) int { return cmp.Compare(a.Start, b.Start) })
	g.join()
	for len(g.list) > maxRuns {
		g.gap = max(512, 2*g.gap)
		g.join()
	}
	g.tidy = len(g.list)
}

func (g *gathering) join() {
	n := 0
	for _, r := range g.list {
		if n > 0 && r.Start-end(g.list[n-1]) <= g.gap {
			last := &g.list[n-1]
			last.Length = max(end(*last), end(r)) - last.Start
			continue
		}
		g.list[n] = r
		n++
	}
	g.list = g.list[:n]
}

func (g *gathering) runs() runs {
	g.clean()
	return g.list
}
