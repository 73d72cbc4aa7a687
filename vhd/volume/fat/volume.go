package fat

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"

	"golang.org/x/text/encoding/charmap"

	"vhdscope/vhd/volume/fsys"
)

// volume is a mounted volume.
type volume struct {
	geometry
	r        io.ReaderAt
	size     int64
	codePage *charmap.Charmap
	table    *table
	top      *entry // the root directory

	// Of exFAT; nil where they are missing or damaged.
	bitmap              *pages // bit n of byte i is that of cluster 8i+n+2
	bitmapEntry, upCase *entry

	mu    sync.Mutex
	kept  map[place]*folder
	cost  int // of what is kept
	clock int64
}

// About implements [fsys.FS].
func (v *volume) About() fsys.About { return v.about }

// Stat implements [fs.StatFS].
func (v *volume) Stat(name string) (fs.FileInfo, error) {
	e, err := v.lookup(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return e.node(), nil
}

// ReadDir implements [fs.ReadDirFS]. With an error it returns the entries
// that could be read.
func (v *volume) ReadDir(name string) ([]fs.DirEntry, error) {
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
	return entriesOf(f.living), err
}

func entriesOf(list []*entry) []fs.DirEntry {
	entries := make([]fs.DirEntry, len(list))
	for i, e := range list {
		entries[i] = e
	}
	return entries
}

// Open implements [fs.FS]. Where a file's bytes lie is found here.
func (v *volume) Open(name string) (fs.File, error) {
	e, err := v.lookup(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	if e.IsDir() {
		return &openFolder{v: v, name: name, e: e}, nil
	}
	f, err := v.open(e)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

// open opens a file, whose bytes are read at its extents.
func (v *volume) open(e *entry) (*fsys.Mapped, error) {
	if e.problem != nil {
		return nil, e.problem
	}
	runs, err := v.runsOf(e)
	if err != nil {
		return nil, err
	}
	return fsys.NewMapped(e.node(), v.r, v.extents(runs, e)), nil
}

var errNoFolder = errors.New("not a folder")

// lookup finds what a path names.
func (v *volume) lookup(name string) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, fs.ErrInvalid
	}
	e := v.top
	if name == "." {
		return e, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		if !e.IsDir() {
			return nil, fs.ErrNotExist
		}
		f := v.folder(e)
		if e = f.find(part); e == nil {
			if f.err != nil {
				return nil, f.err // it may be in what is missing
			}
			return nil, fs.ErrNotExist
		}
	}
	return e, nil
}

// openFolder is an open folder.
type openFolder struct {
	v    *volume
	name string
	e    *entry
	rest []fs.DirEntry // what ReadDir has yet to give
	read bool
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.e.node(), nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("is a folder")}
}

// ReadDir implements [fs.ReadDirFile].
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	var err error
	if !f.read {
		f.rest, err = f.v.ReadDir(f.name)
		f.read = true
	}
	list := f.rest
	if n > 0 {
		if len(list) == 0 && err == nil {
			err = io.EOF
		}
		list = list[:min(n, len(list))]
	}
	f.rest = f.rest[len(list):]
	return list, err
}
