package fat

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

const (
	maxFolder  = 256 << 20 // bytes of a folder's clusters; the most that exFAT allows
	maxEntries = 1 << 20   // of a folder
	maxKept    = 96 << 20  // bytes of memory for folders, and for one of them
)

// folder is a folder's content.
type folder struct {
	of      *entry
	living  []*entry // by name
	deleted []*entry // by name
	err     error    // what is missing
	cost    int      // bytes of memory, about
	used    int64

	// What only the root has.
	label          string
	bitmap, upCase *entry
	upCaseSum      uint32
}

// list reads a folder.
func (v *volume) list(e *entry) *folder {
	f := &folder{of: e}
	spans, err := v.spansOf(e)
	f.err = err
	if v.exFAT {
		d := &exDirectory{folder: f, v: v}
		err = v.slots(spans, d.read)
		d.finish()
		if err == nil {
			err = d.broken
		}
	} else {
		d := &directory{folder: f, v: v}
		err = v.slots(spans, d.read)
	}
	if f.err == nil {
		f.err = err
	}
	slices.SortFunc(f.living, byName)
	f.unify()
	return f
}

// add adds an entry as one that lives or is deleted. What is in a deleted
// folder is too. It is false where the folder can take no more.
func (f *folder) add(e *entry, deleted bool) bool {
	f.cost += 128 + len(e.name)
	if f.cost > maxKept || len(f.living)+len(f.deleted) == maxEntries {
		f.err = fsys.Unsupported(fmt.Sprintf("the folder has more entries than can be listed here: %d are shown", len(f.living)))
		return false
	}
	if e.deleted = deleted || f.of.deleted; e.deleted {
		f.deleted = append(f.deleted, e)
	} else {
		f.living = append(f.living, e)
	}
	return true
}

// byName is an order that is the same every time also where a damaged folder
// has a name twice.
func byName(a, b *entry) int {
	if c := strings.Compare(a.name, b.name); c != 0 {
		return c
	}
	return cmp.Compare(a.first, b.first)
}

// unify gives other names to entries that have the same one. Only damaged
// folders have those.
func (f *folder) unify() {
	twice := false
	for i := 1; i < len(f.living); i++ {
		twice = twice || f.living[i].name == f.living[i-1].name
	}
	if !twice {
		return
	}
	names := fsys.Names{}
	for _, e := range f.living {
		e.name = names.Unique(e.name, "again")
	}
	slices.SortFunc(f.living, byName)
}

// find is the entry of a name, nil for none.
func (f *folder) find(name string) *entry {
	for _, list := range [][]*entry{f.living, f.deleted} {
		i, found := slices.BinarySearchFunc(list, name, func(e *entry, name string) int { return strings.Compare(e.name, name) })
		if found {
			return list[i]
		}
	}
	return nil
}

// folder is a folder's content, read or kept.
func (v *volume) folder(e *entry) *folder {
	if e.problem != nil {
		return &folder{of: e, err: e.problem}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	f := v.kept[e.place()]
	if f == nil {
		f = v.list(e)
		v.keep(f)
	}
	v.clock++
	f.used = v.clock
	return f
}

// keep finishes a folder and keeps it.
func (v *volume) keep(f *folder) {
	f.nameDeleted()
	v.judge(f.deleted)
	v.makeRoom(f.cost)
	v.kept[f.of.place()] = f
	v.cost += f.cost
}

// makeRoom drops the folders that were not used for longest.
func (v *volume) makeRoom(cost int) {
	for v.cost+cost > maxKept && len(v.kept) > 0 {
		var at place
		var oldest *folder
		for p, f := range v.kept {
			if oldest == nil || f.used < oldest.used {
				at, oldest = p, f
			}
		}
		v.cost -= oldest.cost
		delete(v.kept, at)
	}
}
