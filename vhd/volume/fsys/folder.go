package fsys

import (
	"io"
	"io/fs"
)

// Folder is an open folder of an [FS].
type Folder struct {
	info fs.FileInfo
	list func() ([]fs.DirEntry, error)
	rest []fs.DirEntry
	err  error
	read bool
}

// NewFolder returns a folder whose entries are listed when they are first
// asked for.
func NewFolder(info fs.FileInfo, list func() ([]fs.DirEntry, error)) *Folder {
	return &Folder{info: info, list: list}
}

// Stat implements [fs.File].
func (f *Folder) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close implements [fs.File].
func (f *Folder) Close() error { return nil }

// Read implements [fs.File]: a folder has no bytes.
func (f *Folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.info.Name(), Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (f *Folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.read {
		f.rest, f.err = f.list()
		f.read = true
	}
	if n <= 0 {
		list, err := f.rest, f.err
		f.rest, f.err = nil, nil
		return list, err
	}
	if len(f.rest) == 0 {
		if f.err != nil {
			return nil, f.err
		}
		return nil, io.EOF
	}
	list := f.rest[:min(n, len(f.rest))]
	f.rest = f.rest[len(list):]
	return list, nil
}
