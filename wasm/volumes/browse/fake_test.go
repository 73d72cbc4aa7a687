package browse

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"vhdscope/vhd/vhdtest"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/wasm/output/outputtest"
)

// fake is a file system of which each entry is told what it is.
type fake struct {
	nodes   map[string]*fakeNode // by path; "." is the root
	deleted map[string][]string  // names, by folder
}

// fakeNode is a file, or else what its mode says.
type fakeNode struct {
	fsys.Node
	data    io.ReaderAt // of Bytes bytes
	extents []fsys.Extent
	bad     error // of listing, opening or reading
	from    int64 // where reading fails
}

// newFake has files with the content that is given by path, and their folders.
func newFake(files map[string]string) *fake {
	f := &fake{nodes: map[string]*fakeNode{}, deleted: map[string][]string{}}
	f.add(".", fs.ModeDir|0o755)
	for name, data := range files {
		f.file(name, data)
	}
	return f
}

func (f *fake) add(name string, mode fs.FileMode) *fakeNode {
	if name != "." && f.nodes[path.Dir(name)] == nil {
		f.add(path.Dir(name), fs.ModeDir|0o755)
	}
	n := &fakeNode{Node: fsys.Node{Base: path.Base(name), FileMode: mode, Modified: time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)}}
	n.Meta.Allocated = -1
	f.nodes[name] = n
	return n
}

func (f *fake) file(name, data string) *fakeNode {
	n := f.add(name, 0o644)
	n.data, n.Bytes = strings.NewReader(data), int64(len(data))
	return n
}

func (f *fake) link(name, target string) {
	f.add(name, fs.ModeSymlink|0o777).Meta.Target = target
}

func (f *fake) About() fsys.About { return fsys.About{Type: "fake"} }

func (f *fake) find(name string) (*fakeNode, error) {
	if n := f.nodes[name]; n != nil {
		return n, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func (f *fake) Stat(name string) (fs.FileInfo, error) {
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (f *fake) ReadDir(name string) (list []fs.DirEntry, err error) {
	dir, err := f.find(name)
	if err != nil {
		return nil, err
	}
	for p, n := range f.nodes {
		if p != "." && path.Dir(p) == name && !n.Meta.Deleted {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, dir.bad
}

func (f *fake) Deleted(name string) (list []fs.DirEntry, err error) {
	for _, base := range f.deleted[name] {
		list = append(list, f.nodes[path.Join(name, base)])
	}
	return list, nil
}

func (f *fake) Open(name string) (fs.File, error) {
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	if n.bad != nil && n.from == 0 {
		return nil, n.bad
	}
	return &fakeFile{n}, nil
}

type fakeFile struct{ node *fakeNode }

func (f *fakeFile) Stat() (fs.FileInfo, error)      { return f.node, nil }
func (f *fakeFile) Close() error                    { return nil }
func (f *fakeFile) Read([]byte) (int, error)        { return 0, errors.New("files are read at places") }
func (f *fakeFile) Extents() ([]fsys.Extent, error) { return f.node.extents, nil }
func (f *fakeFile) ReadAt(p []byte, off int64) (int, error) {
	if f.node.bad != nil && off+int64(len(p)) > f.node.from {
		n, _ := f.node.data.ReadAt(p[:max(0, f.node.from-off)], off)
		return n, f.node.bad
	}
	return f.node.data.ReadAt(p, off)
}

// zeros are as many as are asked for.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

// with has a file system mounted on a disk of zeros.
func with(t testing.TB, h *outputtest.Host, f fsys.FS) *Volume {
	t.Helper()
	disk := vhdtest.Spec{Type: vhdtest.Fixed, Size: 1 << 20}.Build()
	v := opened(t, h, named{"disk.vhd", disk})
	v.volume = &mounted{chain: v.chain, fs: f, start: 4096, size: 1<<20 - 4096, owners: newOwners()}
	return v
}
