package fsystest

import (
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
)

// View is a file system as it was at a moment. It is an [fsys.FS] and a
// [fsys.Mapping].
type View struct {
	// Nodes is everything in it, by path; the root is ".".
	Nodes map[string]*Node

	// Reads are the runs of the volume that were read.
	Reads []device.Range

	// Lazy makes entries of folders tell less than Stat, as NTFS has it: no
	// streams, not how many names there are, and old times and sizes.
	Lazy bool

	// Broken makes what has such a path an error: of a folder where it is
	// listed, of a file where it is read. Nowhere has the paths of files that
	// do not tell where they lie.
	Broken, Nowhere map[string]error

	volume []byte
	block  int64
	table  int64 // bytes
	used   []bool
	dirs   map[int64]bool // blocks of folders
}

// Node is a name in a view.
type Node struct {
	*fsys.Node
	Forks map[string]ViewFork // by name; "" is the content
	kids  []string
}

// ViewFork is what a fork holds and where.
type ViewFork struct {
	Bytes   []byte
	Extents []fsys.Extent
}

// View gives the file system as it is now. Written forgets what was written
// before.
func (s *System) View() *View {
	v := &View{Nodes: map[string]*Node{}, Broken: map[string]error{}, Nowhere: map[string]error{}, volume: slices.Clone(s.volume), block: s.block,
		table: int64(len(s.slots)) * slot, used: slices.Clone(s.used), dirs: map[int64]bool{}}
	v.add(s, ".", s.root)
	return v
}

// Written gives the sectors that were written since it was asked last.
func (s *System) Written() []device.Range {
	var list []device.Range
	for _, i := range slices.Sorted(maps.Keys(s.written)) {
		if n := len(list) - 1; n >= 0 && list[n].Start+list[n].Length == i*Sector {
			list[n].Length += Sector
			continue
		}
		list = append(list, device.Range{Start: i * Sector, Length: Sector})
	}
	s.written = map[int64]bool{}
	return list
}

func (v *View) add(s *System, name string, f *File) {
	n := &Node{Node: &fsys.Node{Base: path.Base(name), FileMode: 0o644, Modified: f.Modified, Meta: fsys.Meta{
		ID: s.id(f), Links: f.Links, Created: f.Created, Changed: f.Changed, Accessed: f.Accessed,
		Attributes: f.Attributes, Allocated: -1, Target: f.Target}}, Forks: map[string]ViewFork{}}
	v.Nodes[name] = n
	switch f.kind {
	case 'd':
		n.FileMode = fs.ModeDir | 0o755
		v.dirs[f.extra] = true
		for _, below := range Names(f) {
			n.kids = append(n.kids, path.Join(name, below))
			v.add(s, path.Join(name, below), f.Entries[below])
		}
	case 'l':
		n.FileMode = fs.ModeSymlink | 0o777
		n.Bytes = int64(len(f.Target))
	case 'f':
		n.Bytes = int64(len(f.Data.Bytes))
		n.Forks[""] = ViewFork{f.Data.Bytes, s.extents(f, &f.Data)}
	}
	for _, stream := range slices.Sorted(maps.Keys(f.Streams)) {
		k := f.Streams[stream]
		n.Meta.Streams = append(n.Meta.Streams, fsys.Stream{Name: stream, Size: int64(len(k.Bytes))})
		n.Forks[stream] = ViewFork{k.Bytes, s.extents(f, k)}
	}
}

// About implements [fsys.FS].
func (v *View) About() fsys.About { return fsys.About{Type: "model", Cluster: v.block} }

// Stat implements [fs.StatFS].
func (v *View) Stat(name string) (fs.FileInfo, error) {
	if n := v.Nodes[name]; n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

// ReadDir implements [fs.ReadDirFS].
func (v *View) ReadDir(name string) (list []fs.DirEntry, err error) {
	n := v.Nodes[name]
	if n == nil || !n.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	if err := v.Broken[name]; err != nil {
		return nil, err
	}
	for _, below := range n.kids {
		entry := *v.Nodes[below].Node
		if v.Lazy {
			entry.Bytes, entry.Modified = 0, entry.Meta.Created
			entry.Meta = fsys.Meta{ID: entry.Meta.ID, Created: entry.Meta.Created, Allocated: -1}
		}
		list = append(list, &entry)
	}
	return list, nil
}

// Open implements [fs.FS]: of files and of "name:stream".
func (v *View) Open(name string) (fs.File, error) {
	file, stream, _ := strings.Cut(name, ":")
	n := v.Nodes[file]
	if n == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	k, ok := n.Forks[stream]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	info := n.Node
	if stream != "" {
		info = &fsys.Node{Base: n.Base, Bytes: int64(len(k.Bytes)), Modified: n.Modified}
	}
	return &viewFile{info: info, view: v, name: name, extents: k.Extents}, nil
}

// Structures implements [fsys.Mapping].
func (v *View) Structures(yield func(fsys.Structure) bool) error {
	if !yield(fsys.Structure{Name: "table of files", Start: 0, Length: v.table}) {
		return nil
	}
	for i, used := range v.used {
		s := fsys.Structure{Name: fsys.Free, Start: int64(i) * v.block, Length: v.block}
		if v.dirs[int64(i)] {
			s.Name = "folders"
		} else if used {
			continue
		}
		if !yield(s) {
			return nil
		}
	}
	return nil
}

// viewFile is an open file. It reads the volume at its extents.
type viewFile struct {
	info    *fsys.Node
	view    *View
	name    string
	extents []fsys.Extent
	at      int64
}

func (f *viewFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *viewFile) Close() error               { return nil }

func (f *viewFile) Extents() ([]fsys.Extent, error) {
	if err := f.view.Nowhere[f.name]; err != nil {
		return nil, err
	}
	return f.extents, nil
}

func (f *viewFile) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.at)
	f.at += int64(n)
	return n, err
}

func (f *viewFile) ReadAt(p []byte, off int64) (n int, err error) {
	if err := f.view.Broken[f.name]; err != nil {
		return 0, err
	}
	for _, e := range f.extents {
		from, to := max(off, e.Offset), min(off+int64(len(p)), e.Offset+e.Length)
		if from < to {
			f.view.read(p[from-off:to-off], e, from-e.Offset)
			n = int(to - off)
		}
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}

// read reads a part of an extent.
func (v *View) read(p []byte, e fsys.Extent, from int64) {
	to := from + int64(len(p))
	switch {
	case e.Start < 0:
		clear(p)
	case e.Stored > 0:
		v.Reads = append(v.Reads, device.Range{Start: e.Start + from/2, Length: (to+1)/2 - from/2})
		for i := range p {
			at := from + int64(i)
			p[i] = v.volume[e.Start+at/2] ^ byte(at&1)
		}
	default:
		v.Reads = append(v.Reads, device.Range{Start: e.Start + from, Length: to - from})
		copy(p, v.volume[e.Start+from:])
	}
}
