package fsys

import (
	"io/fs"
	"path"
)

// MaxDepth is how deep folders may lie in each other. Damaged volumes have
// folders that hold themselves.
const MaxDepth = 128

// maxWaiting is how many entries of the folders that one is in may be left
// when another is listed. Damaged volumes have folders of a million entries
// that are one and the same list, each in the one before.
const maxWaiting = 1 << 20

// Walker goes through everything in a folder and below, an entry at a time,
// each folder before what is in it:
//
//	for w := NewWalker(fsys, ".", false); w.Next(); {
//		use(w.Path(), w.Entry(), w.Err())
//	}
//
// A folder is gone through once, whatever the volume says of its place.
type Walker struct {
	fsys    FS
	deleted Remembering // nil where only what lives is asked for
	stack   []level
	seen    map[place]bool // folders
	path    string
	entry   fs.DirEntry
	err     error
	enter   bool // the folder that path names is next
}

// level is a folder that one is in.
type level struct {
	path string
	list []fs.DirEntry // that are left
}

// place is what makes a folder the same: what was deleted may have the ID of
// what lives.
type place struct {
	id      uint64
	deleted bool
}

// NewWalker begins in a folder, whose own entry is not among those that it
// gives. With deleted, what a file system still knows of deleted files comes
// too, after what lives in the same folder.
func NewWalker(fsys FS, folder string, deleted bool) *Walker {
	w := &Walker{fsys: fsys, seen: map[place]bool{}, path: folder, enter: true}
	if deleted {
		w.deleted, _ = fsys.(Remembering)
	}
	return w
}

// Next goes to the next entry and reports whether there is one. A folder that
// cannot be listed comes twice, the second time with Err.
func (w *Walker) Next() bool {
	if w.enter {
		w.enter = false
		if w.err = w.open(); w.err != nil {
			return true
		}
	}
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		if len(top.list) == 0 {
			w.stack = w.stack[:len(w.stack)-1]
			continue
		}
		w.entry, top.list = top.list[0], top.list[1:]
		w.path = path.Join(top.path, w.entry.Name())
		w.err, w.enter = nil, w.entry.IsDir()
		return true
	}
	return false
}

// Path is the entry's, from the file system's root.
func (w *Walker) Path() string { return w.path }

// Entry is where Next went to; nil where that is the walk's own folder, which
// cannot be listed.
func (w *Walker) Entry() fs.DirEntry { return w.entry }

// Err is why the entry, a folder, cannot be listed; nil where it was not
// tried.
func (w *Walker) Err() error { return w.err }

// Skip leaves out what is in the folder that Next went to last.
func (w *Walker) Skip() { w.enter = false }

// open lists the folder that path names. What can be listed of it is gone
// through, also with an error.
func (w *Walker) open() error {
	if len(w.stack) > MaxDepth {
		return Damaged(-1, "folders lie in each other too deep")
	}
	waiting := 0
	for _, l := range w.stack {
		waiting += len(l.list)
	}
	if waiting > maxWaiting {
		return Unsupported("the folders that it lies in have too many entries")
	}
	here, ok := w.place()
	if ok && w.seen[here] {
		return Damaged(-1, "the folder is the same as one at another place, or as one that it lies in")
	}
	w.seen[here] = true
	list, err := w.fsys.ReadDir(w.path)
	if w.deleted != nil {
		gone, goneErr := w.deleted.Deleted(w.path)
		list = append(list[:len(list):len(list)], gone...)
		if err == nil {
			err = goneErr
		}
	}
	if len(list) > 0 {
		w.stack = append(w.stack, level{w.path, list})
	}
	return err
}

// place is the folder's that path names; false where nothing is known of it.
func (w *Walker) place() (place, bool) {
	var info fs.FileInfo
	var err error
	if w.entry != nil {
		info, err = w.entry.Info()
	} else {
		info, err = w.fsys.Stat(w.path)
	}
	if err != nil {
		return place{}, false
	}
	meta := MetaOf(info)
	return place{meta.ID, meta.Deleted}, meta.ID != 0
}
