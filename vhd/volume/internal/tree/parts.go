package tree

import (
	"path"
	"strconv"

	"vhdscope/vhd/volume/fsys"
)

// step is a folder that is to be looked into.
type step struct {
	inode uint64
	name  string
	depth int
}

// Structures yields the parts of everything in the tree. It tells whether all
// were taken. What is damaged is left out: it is an error where it is opened.
func (t *FS) Structures(yield func(fsys.Structure) bool) bool {
	met := map[uint64]bool{t.root: true}
	if !t.parts(t.root, ".", yield) {
		return false
	}
	for todo := []step{{t.root, ".", 0}}; len(todo) > 0; {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		var f *folder
		if err := t.device.Hold(func() error { f = t.list(at.inode); return nil }); err != nil {
			continue
		}
		for _, e := range f.entries {
			if e.node.IsDir() || e.node.Meta.Links > 1 {
				if met[e.inode] {
					continue
				}
				met[e.inode] = true
			}
			name := path.Join(at.name, e.node.Base)
			if !t.parts(e.inode, name, yield) {
				return false
			}
			if e.node.IsDir() && at.depth < fsys.MaxDepth {
				todo = append(todo, step{e.inode, name, at.depth + 1})
			}
		}
	}
	return true
}

func (t *FS) parts(inode uint64, name string, yield func(fsys.Structure) bool) bool {
	var parts []Part
	t.device.Hold(func() (err error) {
		parts, err = t.source.Parts(inode)
		return err
	})
	for _, p := range parts {
		if !yield(fsys.Structure{Name: named(p.Kind, name), Start: p.Start, Length: p.Length}) {
			return false
		}
	}
	return true
}

func named(kind, name string) string {
	switch {
	case kind != "folder" && kind != "link":
		return kind + " of " + strconv.Quote(name)
	case name == ".":
		return "root folder"
	}
	return kind + " " + strconv.Quote(name)
}

// Parts are the room of a layout, and its content where that has a kind.
func (l *Layout) Parts(kind string) []Part {
	var parts []Part
	for _, e := range l.Room {
		parts = append(parts, Part{"room", e.Start, e.Length})
	}
	for _, e := range l.Extents {
		if kind != "" && e.Start >= 0 {
			parts = append(parts, Part{kind, e.Start, (e.Length + l.Block - 1) / l.Block * l.Block})
		}
	}
	return parts
}
