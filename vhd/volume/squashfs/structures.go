package squashfs

import (
	"sort"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Structures implements [fsys.Mapping]: tables follow on each other up to the
// end. The latter four end with a list of the places of their blocks, or with
// a header, and start where the first place in that says.
func (f *FS) Structures(yield func(fsys.Structure) bool) error {
	s := f.source.super
	list := []fsys.Structure{{Name: "superblock", Start: 0, Length: superSize}}
	var tables []fsys.Structure
	for _, t := range []struct {
		name   string
		at     int64
		listed bool
	}{
		{"table of inodes", s.inodeTable, false}, {"table of folders", s.folderTable, false}, {"table of fragments", s.fragmentTable, true},
		{"table for NFS", s.exportTable, true}, {"table of owners", s.ownerTable, true}, {"table of attributes", s.attributeTable, true},
	} {
		if t.at < 0 {
			continue
		}
		start := t.at
		if t.listed {
			b := make([]byte, 8)
			err := f.source.device.Hold(func() error { return f.source.device.Fill(b, t.at) })
			if first := le.Uint64(b); err == nil && first >= superSize && first < uint64(t.at) {
				start = int64(first)
			}
		}
		tables = append(tables, fsys.Structure{Name: t.name, Start: start})
	}
	sort.SliceStable(tables, func(i, j int) bool { return tables[i].Start < tables[j].Start })
	for i := range tables {
		end := s.size
		if i+1 < len(tables) {
			end = tables[i+1].Start
		}
		tables[i].Length = end - tables[i].Start
	}
	list = append(list, tables...)
	if size := f.source.device.Size(); size > s.size {
		list = append(list, fsys.Structure{Name: fsys.Free, Start: s.size, Length: size - s.size})
	}
	for _, at := range list {
		if at.Length > 0 && !yield(at) {
			return nil
		}
	}
	return nil
}

// Parts implements [tree.Source]. All that is not content lies in tables.
func (f *source) Parts(uint64) ([]tree.Part, error) { return nil, nil }
