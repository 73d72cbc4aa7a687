package iso

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"

	"vhdscope/vhd/volume/fsys"
)

// volume is a mounted volume.
type volume struct {
	r           io.ReaderAt
	size        int64
	block       int64
	descriptors descriptors
	about       fsys.About
	root        *entry
	joliet      bool
	rockRidge   bool
	skip        int    // bytes before the system use fields of a record
	discs, disc uint16 // of the set that it belongs to, and which of them it is

	mu        sync.Mutex
	kept      map[place]*folder
	cost      int // of what is kept
	clock     int64
	area      []byte // the continuation areas that were read last
	areaStart int64
	areaRoom  int // bytes of them that a folder may yet have
}

// About implements [fsys.FS].
func (v *volume) About() fsys.About { return v.about }

// Stat implements [fs.StatFS].
func (v *volume) Stat(name string) (fs.FileInfo, error) {
	e, err := v.lookup(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return &e.Node, nil
}

// ReadDir implements [fs.ReadDirFS]. With an error it returns the entries that
// could be read.
func (v *volume) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := v.lookup(name)
	if err == nil && !e.IsDir() {
		err = errors.New("not a folder")
	}
	if err == nil {
		err = e.Meta.Problem
	}
	if err != nil {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	f := v.folder(e.place)
	entries := make([]fs.DirEntry, len(f.entries))
	for i, e := range f.entries {
		entries[i] = &e.Node
	}
	if f.err != nil {
		return entries, &fs.PathError{Op: "readdir", Path: name, Err: f.err}
	}
	return entries, nil
}

// Open implements [fs.FS].
func (v *volume) Open(name string) (fs.File, error) {
	e, err := v.lookup(name)
	switch {
	case err != nil:
	case e.IsDir():
		return fsys.NewFolder(&e.Node, func() ([]fs.DirEntry, error) { return v.ReadDir(name) }), nil
	case e.Meta.Problem != nil:
		err = e.Meta.Problem
	case !e.FileMode.IsRegular():
		err = fsys.Unsupported("this is no regular file: it has no content")
	default:
		return fsys.NewMapped(&e.Node, v.r, e.extents), nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: err}
}

// lookup finds what a path names.
func (v *volume) lookup(name string) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	e := v.root
	if name == "." {
		return e, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		if !e.IsDir() {
			return nil, fs.ErrNotExist
		}
		if e.Meta.Problem != nil {
			return nil, e.Meta.Problem
		}
		f := v.folder(e.place)
		if e = f.find(part); e == nil {
			if f.err != nil {
				return nil, f.err // it may be in what is missing
			}
			return nil, fs.ErrNotExist
		}
	}
	return e, nil
}
