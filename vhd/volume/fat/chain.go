package fat

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"vhdscope/vhd/volume/fsys"
)

// maxRuns is in how many pieces a file may lie: 32 MiB of extents.
const maxRuns = 1 << 20

// run is clusters that follow on each other in the volume.
type run struct{ first, count uint32 }

// chain follows the FAT from a cluster on, for n clusters, and returns what
// it found also with an error. A chain that is longer is not one: systems
// allocate in advance.
func (v *volume) chain(first, n uint32) ([]run, error) {
	runs, _, err := v.follow(first, n)
	return runs, err
}

// wholeChain follows the FAT to the chain's end, but for at most n clusters.
func (v *volume) wholeChain(first, n uint32) ([]run, error) {
	runs, ended, err := v.follow(first, n+1)
	if ended {
		return runs, nil
	}
	if err == nil {
		err = fsys.Damaged(v.table.offset(first), fmt.Sprintf("its chain of clusters from %d on is longer than %d", first, n))
	}
	return runs, err
}

// follow follows the FAT for n clusters or to the chain's end, whichever
// comes first; the latter is an error too.
func (v *volume) follow(first, n uint32) (runs []run, ended bool, err error) {
	links := v.table.links()
	before := uint32(0)
	for c, found := first, uint32(0); ; {
		if !v.has(c) {
			return runs, false, v.badLink(before, c)
		}
		if last := len(runs) - 1; last >= 0 && runs[last].first+runs[last].count == c {
			runs[last].count++
		} else {
			// Looked up whenever the pieces have doubled: so a chain that
			// returns to itself is not followed on and on.
			if bits.OnesCount(uint(len(runs))) == 1 {
				if err := v.checkTwice(runs); err != nil {
					return runs, false, err
				}
			}
			if len(runs) == maxRuns {
				return runs, false, fsys.Unsupported(fmt.Sprintf("what lies in more than %d pieces cannot be read here", maxRuns))
			}
			runs = append(runs, run{c, 1})
		}
		if found++; found == n {
			return runs, false, v.checkTwice(runs)
		}
		link, err := links.link(c)
		if err != nil {
			return runs, false, err
		}
		if link == linkEnd {
			if err := v.checkTwice(runs); err != nil {
				return runs, false, err
			}
			return runs, true, fsys.Damaged(v.table.offset(c), fmt.Sprintf("its chain of clusters ends with cluster %d, after %d of %d", c, found, n))
		}
		before, c = c, link
	}
}

// badLink is what is wrong with a link that leads to no cluster. before is 0
// where the link is that of a directory entry.
func (v *volume) badLink(before, link uint32) error {
	if before == 0 {
		return fsys.Damaged(-1, fmt.Sprintf("it begins at cluster %d, but the volume's are 2 to %d", link, v.clusters+1))
	}
	at := v.table.offset(before)
	switch link {
	case linkFree:
		return fsys.Damaged(at, fmt.Sprintf("its chain of clusters has cluster %d, which the FAT says is free", before))
	case linkBad:
		return fsys.Damaged(at, fmt.Sprintf("its chain of clusters has cluster %d, which the FAT says is bad", before))
	}
	return fsys.Damaged(at, fmt.Sprintf("its chain of clusters leads from cluster %d to %d, but the volume's are 2 to %d", before, link, v.clusters+1))
}

// checkTwice makes an error of runs that have a cluster twice.
func (v *volume) checkTwice(runs []run) error {
	if len(runs) < 2 {
		return nil
	}
	sorted := slices.Clone(runs)
	slices.SortFunc(sorted, func(a, b run) int { return cmp.Compare(a.first, b.first) })
	for i, r := range sorted[1:] {
		if before := sorted[i]; before.first+before.count > r.first {
			return fsys.Damaged(v.table.offset(r.first), fmt.Sprintf("its chain of clusters comes to cluster %d twice", r.first))
		}
	}
	return nil
}

// extents makes extents of a file's runs, up to its size. What was never
// written is zeros.
func (v *volume) extents(runs []run, e *entry) []fsys.Extent {
	list := make([]fsys.Extent, 0, len(runs)+1)
	done := int64(0)
	for _, r := range runs {
		n := min(int64(r.count)*v.cluster, e.valid-done)
		if n == 0 {
			break
		}
		list = append(list, fsys.Extent{Offset: done, Length: n, Start: v.offset(r.first)})
		done += n
	}
	if done < e.size {
		list = append(list, fsys.Extent{Offset: done, Length: e.size - done, Start: -1})
	}
	return list
}

// clustersOf is how many clusters hold that many bytes; false where the
// volume has fewer.
func (v *volume) clustersOf(size int64) (uint32, bool) {
	n := size / v.cluster
	if size%v.cluster != 0 {
		n++
	}
	return uint32(n), size >= 0 && n <= int64(v.clusters)
}
