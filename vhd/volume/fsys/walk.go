package fsys

import (
	"context"
	"io/fs"
	"path"
)

// MaxDepth is how deep folders may lie in each other. Damaged volumes have
// folders that hold themselves.
const MaxDepth = 128

// Walk calls visit for everything in a folder and below, each folder before
// what is in it, the folder itself not. What cannot be listed is visited once
// more, with the error. An error of visit ends the walk, but for [fs.SkipDir].
func Walk(ctx context.Context, fsys FS, folder string, visit func(name string, entry fs.DirEntry, err error) error) error {
	w := walker{ctx, fsys, visit, map[uint64]bool{}}
	return w.folder(folder, nil, 0)
}

type walker struct {
	ctx   context.Context
	fsys  FS
	visit func(string, fs.DirEntry, error) error
	above map[uint64]bool // the folders that one is in, by ID
}

func (w *walker) folder(name string, entry fs.DirEntry, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if depth > MaxDepth {
		return w.visit(name, entry, Damaged(-1, "folders lie in each other too deep"))
	}
	id := uint64(0)
	if entry != nil {
		if info, err := entry.Info(); err == nil {
			id = MetaOf(info).ID
		}
	}
	if id != 0 {
		if w.above[id] {
			return w.visit(name, entry, Damaged(-1, "the folder lies in itself"))
		}
		w.above[id] = true
		defer delete(w.above, id)
	}
	list, err := w.fsys.ReadDir(name)
	if err != nil {
		if err := w.visit(name, entry, err); err != nil && err != fs.SkipDir {
			return err
		}
	}
	for _, e := range list {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		below := path.Join(name, e.Name())
		err := w.visit(below, e, nil)
		if err == nil && e.IsDir() {
			err = w.folder(below, e, depth+1)
		}
		if err != nil && err != fs.SkipDir {
			return err
		}
	}
	return nil
}
