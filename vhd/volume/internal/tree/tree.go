// Package tree makes an [fsys.FS] of what ext, XFS and squashfs have alike:
// inodes by number, and folders that name them.
package tree

import (
	"errors"
	"io/fs"
	"sort"
	"strings"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// MaxEntries is how many entries a folder may have: what is known of them all
// is in memory at once.
const MaxEntries = 1 << 19

const (
	keptEntries = 1 << 17  // of folders that were listed
	maxText     = 64 << 20 // bytes of names and targets in a folder
)

// Source reads a file system. The tree calls its methods in [device.Device.Hold].
type Source interface {
	// Names lists a folder in any order, without "." and "..". What could be
	// read comes with the error.
	Names(folder uint64) ([]Name, error)
	// Stat is what is known of an inode, without its name.
	Stat(inode uint64) (*fsys.Node, error)
	// Open opens an inode that Stat says is a regular file without a problem.
	Open(inode uint64, info *fsys.Node) (fsys.File, error)
	// Parts is what belongs to an inode in the volume but is no content of a
	// regular file: a folder's list, a link's target, a map of extents.
	Parts(inode uint64) ([]Part, error)
}

// Part is a run of the volume, in bytes, and what it is.
type Part struct {
	Kind          string // "folder", "link", "map", "attributes"; shown as `map of "a/b"`
	Start, Length int64
}

// Name is an entry of a folder.
type Name struct {
	Name  string // as the volume has it
	Inode uint64
	Type  fs.FileMode // what the folder says it is, for when the inode cannot be read
}

// FS is a tree of a source's folders and files.
type FS struct {
	device  *device.Device
	source  Source
	root    uint64
	about   fsys.About
	folders map[uint64]*folder // listed ones; used in Hold
	kept    int                // their entries
}

type folder struct {
	entries []entry // by name
	err     error
}

type entry struct {
	node  *fsys.Node
	inode uint64
}

// New returns the tree below an inode, of a volume that says about of itself.
func New(d *device.Device, source Source, root uint64, about fsys.About) *FS {
	return &FS{device: d, source: source, root: root, about: about, folders: map[uint64]*folder{}}
}

// About implements [fsys.FS].
func (t *FS) About() fsys.About { return t.about }

// ReadDir implements [fs.ReadDirFS].
func (t *FS) ReadDir(name string) (list []fs.DirEntry, err error) {
	err = t.device.Hold(func() error {
		at, err := t.find(name)
		if err != nil {
			return err
		}
		if !at.node.IsDir() {
			return fsys.Unsupported("this is not a folder")
		}
		f := t.list(at.inode)
		list = make([]fs.DirEntry, len(f.entries))
		for i, e := range f.entries {
			list[i] = e.node
		}
		return f.err
	})
	return list, failed("readdir", name, err)
}

// Stat implements [fs.StatFS].
func (t *FS) Stat(name string) (info fs.FileInfo, err error) {
	err = t.device.Hold(func() error {
		at, err := t.find(name)
		if err == nil {
			info = at.node
		}
		return err
	})
	return info, failed("stat", name, err)
}

// Open implements [fs.FS].
func (t *FS) Open(name string) (file fs.File, err error) {
	err = t.device.Hold(func() error {
		at, err := t.find(name)
		switch {
		case err != nil:
			return err
		case at.node.IsDir():
			file = fsys.NewFolder(at.node, func() ([]fs.DirEntry, error) { return t.ReadDir(name) })
			return nil
		case at.node.Meta.Problem != nil:
			return at.node.Meta.Problem
		case !at.node.FileMode.IsRegular():
			return fsys.Unsupported("this is not a regular file: it has no content of its own")
		}
		file, err = t.source.Open(at.inode, at.node)
		return err
	})
	if err != nil {
		return nil, failed("open", name, err)
	}
	return file, nil
}

func failed(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// find follows a path from the root.
func (t *FS) find(name string) (entry, error) {
	if !fs.ValidPath(name) {
		return entry{}, fs.ErrInvalid
	}
	if name == "." {
		root, err := t.source.Stat(t.root)
		if err != nil {
			return entry{}, err
		}
		root.Base = "."
		return entry{root, t.root}, nil
	}
	var at entry
	inode := t.root
	for rest := name; rest != ""; {
		var step string
		step, rest, _ = strings.Cut(rest, "/")
		f := t.list(inode)
		i := sort.Search(len(f.entries), func(i int) bool { return f.entries[i].node.Base >= step })
		if i == len(f.entries) || f.entries[i].node.Base != step {
			if f.err != nil {
				return entry{}, f.err
			}
			return entry{}, fs.ErrNotExist
		}
		at = f.entries[i]
		if rest != "" && !at.node.IsDir() {
			return entry{}, fs.ErrNotExist
		}
		inode = at.inode
	}
	return at, nil
}

// list is a folder's entries. Inodes are read in their order on the volume,
// so that a folder of very many does not read the same pages over and over;
// names of one inode share what is known of it.
func (t *FS) list(inode uint64) *folder {
	if f := t.folders[inode]; f != nil {
		return f
	}
	names, err := t.source.Names(inode)
	tooMany := fsys.Unsupported("the folder has more entries than can be shown here")
	if len(names) > MaxEntries {
		names, err = names[:MaxEntries], tooMany
	}
	if t.kept+len(names) > keptEntries {
		clear(t.folders)
		t.kept = 0
	}
	sort.Slice(names, func(i, j int) bool { return names[i].Inode < names[j].Inode })
	f := &folder{entries: make([]entry, 0, len(names))}
	var known *fsys.Node // of the last inode
	text := 0
	for i, n := range names {
		if i == 0 || n.Inode != names[i-1].Inode {
			known = t.stat(n)
			text += len(known.Meta.Target)
		}
		if text += len(n.Name); text > maxText {
			err = tooMany
			break
		}
		node := *known
		node.Base = fsys.Name(n.Name)
		f.entries = append(f.entries, entry{&node, n.Inode})
	}
	sort.Slice(f.entries, func(i, j int) bool { return f.entries[i].node.Base < f.entries[j].node.Base })
	f.unique()
	f.err = err
	if err == nil || errors.Is(err, fsys.ErrDamaged) || errors.Is(err, fsys.ErrUnsupported) {
		// Others may be over when it is tried again.
		t.folders[inode] = f
		t.kept += len(f.entries)
	}
	return f
}

// stat is what is known of an entry; where its inode cannot be read, what the
// folder says.
func (t *FS) stat(n Name) *fsys.Node {
	node, err := t.source.Stat(n.Inode)
	if err != nil {
		return &fsys.Node{FileMode: n.Type, Meta: fsys.Meta{Allocated: -1, Problem: err}}
	}
	return node
}

// unique renames entries that share a name, which only damage makes.
func (f *folder) unique() {
	again := false
	for i := 1; i < len(f.entries); i++ {
		again = again || f.entries[i].node.Base == f.entries[i-1].node.Base
	}
	if !again {
		return
	}
	names := fsys.Names{}
	for _, e := range f.entries {
		e.node.Base = names.Unique(e.node.Base, "again")
	}
	sort.Slice(f.entries, func(i, j int) bool { return f.entries[i].node.Base < f.entries[j].node.Base })
}
