package fat

import (
	"io"

	"vhdscope/vhd/volume/fsys"
)

// spansOf is where a folder's entries lie, as far as its chain can be
// followed.
func (v *volume) spansOf(e *entry) ([]span, error) {
	if e.first == 0 && e == v.top {
		return []span{v.fixedRoot}, nil
	}
	runs, err := v.runsOf(e)
	spans := make([]span, 0, len(runs))
	for _, r := range runs {
		spans = append(spans, span{v.offset(r.first), int64(r.count) * v.cluster})
	}
	return spans, err
}

// runsOf is the clusters of a file or folder, as far as they can be told.
func (v *volume) runsOf(e *entry) ([]run, error) {
	if e.deleted {
		return v.deletedRuns(e)
	}
	n, _ := v.clustersOf(e.valid) // checked with the entry, as all below
	if e.IsDir() {
		n, _ = v.clustersOf(e.size)
	}
	switch {
	case n == 0 && (!e.IsDir() || e.first == 0):
		return nil, nil
	case n == 0:
		most, _ := v.clustersOf(maxFolder)
		return v.wholeChain(e.first, min(most, v.clusters))
	case e.contiguous:
		return []run{{e.first, n}}, nil
	}
	return v.chain(e.first, n)
}

// slots calls visit for each directory entry in the spans and its place in
// the volume until visit returns false. Where the volume cannot be read visit
// gets nil, and slots goes on; it returns the first such error.
func (v *volume) slots(spans []span, visit func(slot []byte, at int64) bool) error {
	var first error
	for _, s := range spans {
		for at := s.start; at < s.start+s.length; {
			b := make([]byte, min(1<<20, s.start+s.length-at))
			if n, _ := v.r.ReadAt(b, at); n < len(b) {
				// One sector at a time, so that only those that cannot be
				// read are missing.
				b = b[:min(v.sector, int64(len(b)))]
				n, err := v.r.ReadAt(b, at)
				if n < len(b) {
					if err == nil || err == io.EOF {
						err = io.ErrUnexpectedEOF
					}
					if first == nil {
						first = &fsys.Error{Kind: fsys.ErrDamaged, Offset: at, Msg: "a part of the folder cannot be read", Err: err}
					}
					if !visit(nil, at) {
						return first
					}
					at += int64(len(b))
					continue
				}
			}
			for ; len(b) >= entrySize; b = b[entrySize:] {
				if !visit(b[:entrySize:entrySize], at) {
					return first
				}
				at += entrySize
			}
		}
	}
	return first
}
