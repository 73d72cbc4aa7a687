package trees

import (
	"context"
	"io/fs"
	"sort"
	"testing"

	"vhdscope/vhd/volume/fsys"
)

// Covered checks that what a file system says of its volume, structures and
// the extents of files, lies in it and does not overlap. It returns how many
// bytes are free, and what nothing is told of.
func Covered(t *testing.T, volume fsys.FS, size int64) (free int64, gaps []fsys.Structure) {
	t.Helper()
	var list []fsys.Structure
	check(t, volume.(fsys.Mapping).Structures(func(s fsys.Structure) bool {
		if s.Name == fsys.Free {
			free += s.Length
		}
		list = append(list, s)
		return true
	}))
	met := map[uint64]bool{}
	block := volume.About().Cluster
	check(t, fsys.Walk(context.Background(), volume, ".", func(name string, e fs.DirEntry, err error) error {
		check(t, err)
		info, err := e.Info()
		check(t, err)
		if id := fsys.MetaOf(info).ID; !info.Mode().IsRegular() || met[id] {
			return nil
		} else {
			met[id] = true
		}
		f, err := volume.Open(name)
		check(t, err)
		extents, err := f.(fsys.File).Extents()
		check(t, err)
		for _, x := range extents {
			if x.Start >= 0 {
				list = append(list, fsys.Structure{Name: name, Start: x.Start, Length: (x.Length + block - 1) / block * block})
			}
		}
		return nil
	}))
	sort.Slice(list, func(i, j int) bool { return list[i].Start < list[j].Start })
	end := fsys.Structure{Name: "the start"}
	for _, s := range list {
		last := end.Start + end.Length
		switch {
		case s.Start < last:
			t.Errorf("%q at %d, length %d, lies in %q at %d, length %d", s.Name, s.Start, s.Length, end.Name, end.Start, end.Length)
			continue
		case s.Start > last:
			gaps = append(gaps, fsys.Structure{Name: "behind " + end.Name, Start: last, Length: s.Start - last})
		}
		end = s
	}
	if last := end.Start + end.Length; last > size {
		t.Errorf("%q ends at %d of %d", end.Name, last, size)
	} else if last < size {
		gaps = append(gaps, fsys.Structure{Name: "behind " + end.Name, Start: last, Length: size - last})
	}
	return free, gaps
}
