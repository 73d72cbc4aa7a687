package xfs

import (
	"io/fs"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// maxFolder is how large a folder may be, in bytes.
const maxFolder = 64 << 20

// Names implements [tree.Source]. A block that is damaged hides no name of
// another.
func (f *source) Names(folder uint64) ([]tree.Name, error) {
	n, err := f.inode(folder)
	switch {
	case err != nil:
		return nil, err
	case !n.folder():
		return nil, fsys.Damaged(n.at, "this is not a folder")
	case n.size < 0 || n.size > maxFolder:
		return nil, fsys.Unsupported("the folder is larger than 64 MiB, which is not supported here")
	case n.format == formatLocal:
		return f.shortNames(n)
	case n.size%f.super.folderBlock != 0:
		return nil, fsys.Damaged(n.at, "the size of the folder is wrong")
	}
	l, err := f.layout(n)
	if err != nil {
		return nil, err
	}
	var names []tree.Name
	var failed error // the first
	fail := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	content := fsys.NewMapped(&fsys.Node{Bytes: n.size}, f.device, l.Extents)
	b := make([]byte, f.super.folderBlock)
	for _, e := range l.Extents {
		if e.Start < 0 {
			continue // blocks of a folder that became empty are given back
		}
		first := e.Offset / f.super.folderBlock * f.super.folderBlock
		if first < e.Offset {
			first += f.super.folderBlock // begun by the extent before
		}
		for at := first; at < e.Offset+e.Length && len(names) <= tree.MaxEntries; at += f.super.folderBlock {
			if _, err := content.ReadAt(b, at); err != nil {
				fail(err)
				continue
			}
			if names, err = blockNames(b, names, e.Start+at-e.Offset); err != nil {
				fail(err)
			}
		}
	}
	return names, failed
}

// shortNames reads a folder that fits into its inode: a count of entries, how
// many inode numbers need 64 bits (all have as many then), and the parent.
func (f *source) shortNames(n *inode) ([]tree.Name, error) {
	bad := fsys.Damaged(n.at, "an entry of the folder is damaged")
	b := n.fork[:min(int64(len(n.fork)), n.size)]
	if len(b) < 6 {
		return nil, bad
	}
	count, wide := int(b[0]), 4
	if b[1] != 0 {
		wide = 8
	}
	if len(b) < 2+wide {
		return nil, bad
	}
	b = b[2+wide:]
	var names []tree.Name
	for range count {
		if len(b) < 3 || len(b) < 3+int(b[0])+1+wide {
			return names, bad
		}
		end := 3 + int(b[0])
		inode := uint64(be.Uint32(b[end+1:]))
		if wide == 8 {
			inode = be.Uint64(b[end+1:])
		}
		names = append(names, tree.Name{Name: string(b[3:end]), Inode: inode, Type: typeOf(b[end])})
		b = b[end+1+wide:]
	}
	return names, nil
}

const (
	loneMagic   = "XDB3" // the only block of a folder, with an index at its end
	dataMagic   = "XDD3"
	blockHeader = 64
	unusedTag   = 0xffff
)

// blockNames reads the names of a block of a folder, which lies at a place of
// the volume.
func blockNames(b []byte, names []tree.Name, at int64) ([]tree.Name, error) {
	end := len(b)
	switch string(b[:4]) {
	case loneMagic:
		count := int64(be.Uint32(b[end-8:]))
		if count > int64(end-8-blockHeader)/8 {
			return names, fsys.Damaged(at, "a block of the folder is damaged")
		}
		end -= 8 + 8*int(count)
	case dataMagic:
	default:
		return names, fsys.Damaged(at, "a block of the folder is damaged")
	}
	for i := blockHeader; i < end; {
		bad := fsys.Damaged(at+int64(i), "an entry of the folder is damaged")
		if i+16 > end && be.Uint16(b[i:]) != unusedTag {
			return names, bad
		}
		if be.Uint16(b[i:]) == unusedTag {
			length := int(be.Uint16(b[i+2:]))
			if length < 8 || length%8 != 0 || length > end-i {
				return names, bad
			}
			i += length
			continue
		}
		length := (8 + 1 + int(b[i+8]) + 1 + 2 + 7) / 8 * 8
		if b[i+8] == 0 || length > end-i {
			return names, bad
		}
		name := string(b[i+9 : i+9+int(b[i+8])])
		if name != "." && name != ".." {
			names = append(names, tree.Name{Name: name, Inode: be.Uint64(b[i:]), Type: typeOf(b[i+9+len(name)])})
		}
		i += length
	}
	return names, nil
}

// typeOf is what an entry says that it is.
func typeOf(b byte) fs.FileMode {
	switch b {
	case 1:
		return 0
	case 2:
		return fs.ModeDir
	case 3:
		return fs.ModeDevice | fs.ModeCharDevice
	case 4:
		return fs.ModeDevice
	case 5:
		return fs.ModeNamedPipe
	case 6:
		return fs.ModeSocket
	case 7:
		return fs.ModeSymlink
	}
	return fs.ModeIrregular
}
