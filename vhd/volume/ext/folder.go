package ext

import (
	"io/fs"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// maxFolder is how large a folder may be, in bytes.
const maxFolder = 64 << 20

// Names implements [tree.Source]. A folder is read block by block: the index
// that large ones have is hidden in records without an inode. A block that is
// damaged hides no name of another.
func (f *source) Names(folder uint64) ([]tree.Name, error) {
	n, err := f.inode(folder)
	if err != nil {
		return nil, err
	}
	if !n.folder() {
		return nil, fsys.Damaged(-1, "this is not a folder")
	}
	if err := n.problem(); err != nil {
		return nil, err
	}
	if n.size > maxFolder {
		return nil, fsys.Unsupported("the folder is larger than 64 MiB, which is not supported here")
	}
	l, err := f.layout(n)
	if err != nil {
		return nil, err
	}
	size := f.super.blockSize
	if l.mapped-int64(len(l.nodes)) > l.Blocks {
		return nil, fsys.Damaged(-1, "the folder has more blocks than its size says")
	}
	var names []tree.Name
	var failed error // the first
	fail := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	block := make([]byte, size)
	for _, e := range l.Extents {
		if e.Start < 0 || e.Length%size != 0 {
			fail(fsys.Damaged(-1, "a part of the folder is missing"))
			continue
		}
		for at := e.Start; at < e.Start+e.Length && len(names) <= tree.MaxEntries; at += size {
			if err := f.device.Fill(block, at); err != nil {
				fail(err)
				continue
			}
			var err error
			if names, err = appendNames(names, block, at); err != nil {
				fail(err)
			}
		}
	}
	return names, failed
}

// appendNames adds the names in a block of a folder, which lies at a place of
// the volume: records of an inode, their own length, and the name's. Damage
// hides those behind it in the block.
func appendNames(names []tree.Name, block []byte, at int64) ([]tree.Name, error) {
	for i := 0; i < len(block); {
		if i+8 > len(block) {
			return names, fsys.Damaged(at+int64(i), "an entry of the folder is damaged")
		}
		length, name := int(le.Uint16(block[i+4:])), int(block[i+6])
		if len(block) == 1<<16 && (length == 0 || length == 1<<16-1) {
			length = 1 << 16 // which has no place in 16 bits
		}
		if length < 8+name || length%4 != 0 || i+length > len(block) {
			return names, fsys.Damaged(at+int64(i), "an entry of the folder is damaged")
		}
		inode, text := le.Uint32(block[i:]), string(block[i+8:i+8+name])
		if inode != 0 && text != "." && text != ".." {
			names = append(names, tree.Name{Name: text, Inode: uint64(inode), Type: fs.ModeIrregular})
		}
		i += length
	}
	return names, nil
}
