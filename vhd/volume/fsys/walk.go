package fsys

import (
	"context"
	"io/fs"
)

// Walk calls visit for everything in a folder and below, each folder before
// what is in it, the folder itself not. What cannot be listed is visited once
// more, with the error; of the walk's own folder the entry is nil then. An
// error of visit ends the walk, but for [fs.SkipDir].
func Walk(ctx context.Context, fsys FS, folder string, visit func(name string, entry fs.DirEntry, err error) error) error {
	w := NewWalker(fsys, folder, false)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !w.Next() {
			return nil
		}
		switch err := visit(w.Path(), w.Entry(), w.Err()); err {
		case nil:
		case fs.SkipDir:
			w.Skip()
		default:
			return err
		}
	}
}
