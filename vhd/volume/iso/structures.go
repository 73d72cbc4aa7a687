package iso

import (
	"path"

	"vhdscope/vhd/volume/fsys"
)

// Structures implements [fsys.Mapping]. What a folder lies in is named after
// it; "slack space" is what files have of blocks behind their data. What no
// folder leads to is not known to be free.
func (v *volume) Structures(yield func(fsys.Structure) bool) error {
	add := func(name string, start, length int64) bool {
		length = min(length, v.size-start)
		return length <= 0 || yield(fsys.Structure{Name: name, Start: start, Length: length})
	}
	if !add("system area", 0, DescriptorStart) || !add("volume descriptors", DescriptorStart, v.descriptors.end-DescriptorStart) {
		return nil
	}
	for _, d := range [][]byte{v.descriptors.primary, v.descriptors.joliet} {
		if d == nil {
			continue
		}
		size := (int64(le.Uint32(d[132:])) + v.block - 1) / v.block * v.block
		for _, block := range []uint32{le.Uint32(d[140:]), le.Uint32(d[144:]), be.Uint32(d[148:]), be.Uint32(d[152:])} {
			if block > 0 && !add("path table", int64(block)*v.block, size) {
				return nil
			}
		}
	}
	return v.folderStructures(add)
}

// folderStructures goes through all folders, each once.
func (v *volume) folderStructures(add func(name string, start, length int64) bool) (failed error) {
	type waiting struct {
		e    *entry
		path string
	}
	seen := map[int64]bool{}
	for stack := []waiting{{v.root, "/"}}; len(stack) > 0; {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[w.e.start] || w.e.Meta.Problem != nil {
			continue
		}
		seen[w.e.start] = true
		name := "root directory"
		if w.e != v.root {
			name = `folder "` + w.path + `"`
		}
		f := v.folder(w.e.place)
		if f.err != nil && failed == nil {
			failed = f.err
		}
		if !add(name, w.e.start, f.length) {
			return failed
		}
		for _, e := range f.entries {
			if e.IsDir() {
				stack = append(stack, waiting{e, path.Join(w.path, e.Base)})
				continue
			}
			for _, x := range e.extents {
				if end := x.Start + x.Length; end%v.block != 0 && !add("slack space", end, v.block-end%v.block) {
					return failed
				}
			}
		}
	}
	return failed
}
