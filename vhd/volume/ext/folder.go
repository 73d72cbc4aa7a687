package ext

import (
	"io/fs"
	"strconv"
	"strings"

	"github.com/masahiro331/go-ext4-filesystem/ext4"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// maxFolder is how large a folder may be, in bytes.
const maxFolder = 64 << 20

// Names implements [tree.Source]. The library lists one folder only, its
// root: its cache of inodes gives it the wanted one for that, and sees by
// their numbers which inodes the entries have.
func (f *source) Names(folder uint64) ([]tree.Name, error) {
	n, err := f.inode(folder)
	if err != nil {
		return nil, err
	}
	if !n.folder() {
		return nil, fsys.Damaged(-1, "this is not a folder")
	}
	if err := f.checkFolder(n); err != nil {
		return nil, err
	}
	f.cache.list(n)
	var list []fs.DirEntry
	err = f.device.Guard(func() (err error) {
		list, err = f.library.ReadDir("/")
		return err
	})
	if err != nil {
		return nil, damaged("the folder is damaged", err)
	}
	if len(list) != len(f.cache.asked) {
		return nil, fsys.Damaged(-1, "the folder is damaged")
	}
	names := make([]tree.Name, len(list))
	for i, e := range list {
		names[i] = tree.Name{Name: e.Name(), Inode: f.cache.asked[i], Type: fs.ModeIrregular}
	}
	return names, nil
}

// checkFolder checks a folder before the library reads it: that would stop at
// a bad record without a word, and trusts the map.
func (f *source) checkFolder(n *inode) error {
	if err := n.problem(); err != nil {
		return err
	}
	size := f.super.blockSize
	if n.size > maxFolder {
		return fsys.Unsupported("the folder is larger than 64 MiB, which is not supported here")
	}
	l, err := f.layout(n)
	if err != nil {
		return err
	}
	if l.mapped-int64(len(l.nodes)) > l.Blocks {
		return fsys.Damaged(-1, "the folder has more blocks than its size says")
	}
	entries := 0
	block := make([]byte, size)
	for _, e := range l.Extents {
		if e.Start < 0 || e.Length%size != 0 {
			return fsys.Damaged(-1, "a part of the folder is missing")
		}
		for at := e.Start; at < e.Start+e.Length; at += size {
			if err := f.read(block, at); err != nil {
				return err
			}
			for i := 0; i < len(block); {
				if i+8 > len(block) {
					return fsys.Damaged(at+int64(i), "an entry of the folder is damaged")
				}
				length, name := int(le.Uint16(block[i+4:])), int(block[i+6])
				if length < 8+name || length%4 != 0 || i+length > len(block) {
					return fsys.Damaged(at+int64(i), "an entry of the folder is damaged")
				}
				i += length
				if entries++; entries > 2*tree.MaxEntries {
					return fsys.Unsupported("the folder has more entries than can be shown here")
				}
			}
		}
	}
	return nil
}

// cache is what the library takes for its cache of inodes.
type cache struct {
	root  *ext4.Inode
	first bool
	asked []uint64
}

// list prepares for the library's listing of its root.
func (c *cache) list(n *inode) {
	c.root = &ext4.Inode{
		Mode:           n.mode,
		SizeLo:         uint32(n.size),
		Flags:          n.flags &^ ext4.INDEX_FL, // blocks in their order are enough
		BlockOrExtents: n.body,
	}
	c.first, c.asked = true, nil
}

// Get implements [ext4.Cache].
func (c *cache) Get(key string) (any, bool) {
	if c.first {
		c.first = false
		return *c.root, true
	}
	number, _ := strconv.ParseUint(strings.TrimPrefix(key, "ext4:"), 10, 64) // 0, which no inode has, of another key
	c.asked = append(c.asked, number)
	return ext4.Inode{}, true
}

// Add implements [ext4.Cache].
func (c *cache) Add(string, any) bool { return false }
