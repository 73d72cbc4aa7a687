package fat

import (
	"io/fs"
	"slices"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

// Nothing tells for sure where a deleted file lay: FAT frees its chain, and
// what became free may have been used and freed again since. What is shown is
// a guess, and only where all its clusters are free now: of FAT, the clusters
// that follow on the first one; of exFAT, the same where the file had no
// chain, or the chain where it is still there.
var (
	errReused = fsys.Damaged(-1, "its clusters are in use again, at least in part: its content is lost")
	errNoMap  = fsys.Damaged(-1, "its content is not known: nothing tells whether its clusters are in use again")
	errChain  = fsys.Damaged(-1, "its content is not known: its chain of clusters is gone")
	errHigh   = fsys.Damaged(-1, "its content is not known: Windows erased the upper half of the number of its first cluster")
)

// maxJudged is for how many clusters of a folder's deleted files it is looked
// up whether they are free when the folder is listed; of the rest it is when
// they are opened.
const maxJudged = 1 << 20

// Deleted implements [fsys.Remembering].
func (v *volume) Deleted(name string) ([]fs.DirEntry, error) {
	e, err := v.lookup(name)
	if err == nil && !e.IsDir() {
		err = errNoFolder
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	f := v.folder(e)
	if f.err != nil {
		err = &fs.PathError{Op: "readdir", Path: name, Err: f.err}
	}
	return entriesOf(f.deleted), err
}

// nameDeleted gives the deleted entries names of their own.
func (f *folder) nameDeleted() {
	if len(f.deleted) == 0 {
		return
	}
	names := fsys.Names{}
	for _, e := range f.living {
		names[e.name] = true
	}
	for _, e := range f.deleted {
		e.name = names.Unique(e.name, "deleted")
	}
	slices.SortFunc(f.deleted, byName)
}

// judge finds out whether the content of deleted entries is lost.
func (v *volume) judge(list []*entry) {
	budget := int64(maxJudged)
	for _, e := range list {
		if n, ok := v.clustersOf(e.size); ok && int64(n) <= budget && e.problem == nil {
			budget -= int64(n) + 1
			_, e.problem = v.deletedRuns(e)
		}
	}
}

// deletedRuns is the clusters where a deleted file or folder lay, by a guess.
func (v *volume) deletedRuns(e *entry) ([]run, error) {
	n, _ := v.clustersOf(e.size)
	if e.first == 0 {
		return nil, nil
	}
	if e.IsDir() && !v.exFAT {
		n = 1 // its size is not kept
	}
	var runs []run
	switch {
	case n == 0:
		return nil, nil
	case v.exFAT && v.bitmap == nil:
		return nil, errNoMap
	case v.exFAT && !e.contiguous:
		var err error
		if runs, err = v.chain(e.first, n); err != nil {
			return nil, errChain
		}
	case v.bits == 32 && !v.exFAT && e.first < 1<<16 && v.clusters+1 >= 1<<16:
		return nil, errHigh // "DIR_FstClusHI"
	case int64(e.first)-2+int64(n) > int64(v.clusters):
		return nil, errReused // it cannot have lain there
	default:
		runs = []run{{e.first, n}}
	}
	for _, r := range runs {
		if free, err := v.free(r); err != nil {
			return nil, err
		} else if !free {
			return nil, errReused
		}
	}
	return runs, nil
}

// free tells whether clusters are in use by nothing.
func (v *volume) free(r run) (bool, error) {
	links, bits := v.table.links(), cursor{pages: v.bitmap}
	for c := r.first; c < r.first+r.count; c++ {
		if v.bitmap != nil {
			if used, err := bits.bit(int64(c - 2)); used || err != nil {
				return false, err
			}
		} else if link, err := links.link(c); link != linkFree || err != nil {
			return false, err
		}
	}
	return true, nil
}

// goneName gathers what is left of a deleted long name: the parts in order,
// without their numbers.
type goneName struct {
	units    []uint16 // the last part first
	checksum uint8
}

func (g *goneName) add(slot []byte) {
	if slot[13] != g.checksum || len(g.units) == maxParts*unitsOfPart {
		g.units = g.units[:0]
	}
	g.checksum = slot[13]
	g.units = append(g.units, make([]uint16, unitsOfPart)...)
	unitsOf(slot, g.units[len(g.units)-unitsOfPart:])
}

// restore gives a deleted entry the first letter of its 8.3 name as far as
// that is known, and returns its long name. The checksum in the long name
// leaves one possible letter: where that is none, the name is not this
// entry's.
func (g *goneName) restore(slot []byte) string {
	slot[0] = '_'
	if len(g.units) == 0 {
		return ""
	}
	sum := g.checksum
	for i := 10; i > 0; i-- {
		sum -= slot[i]
		sum = sum<<1 | sum>>7
	}
	if sum != 0x05 && (sum <= ' ' || sum == 0x7F || sum >= 'a' && sum <= 'z' || strings.IndexByte(`"*+,./:;<=>?[\]|`, sum) >= 0) {
		return ""
	}
	slot[0] = sum
	var units []uint16
	for i := len(g.units) - unitsOfPart; i >= 0; i -= unitsOfPart {
		units = append(units, g.units[i:i+unitsOfPart]...)
	}
	return textOf(units)
}
