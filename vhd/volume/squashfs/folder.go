package squashfs

import (
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// maxFolder is how large a folder's list may be, in bytes.
const maxFolder = 64 << 20

// Names implements [tree.Source]. A folder's list has runs of entries whose
// inodes lie in one block of their table.
func (f *source) Names(ref uint64) ([]tree.Name, error) {
	n, err := f.inode(ref)
	if err != nil {
		return nil, err
	}
	if n.kind != typeFolder {
		return nil, fsys.Damaged(-1, "this is not a folder")
	}
	if n.size > maxFolder {
		return nil, fsys.Unsupported("the folder is larger than 64 MiB, which is not supported here")
	}
	c := cursor{f, f.super.folderTable + int64(n.start), n.skip}
	b := make([]byte, 65536)
	var names []tree.Name
	for left := int64(n.size) - 3; left > 0; { // "." and ".." count for three
		head := b[:12]
		if err := c.take(head); err != nil {
			return names, err
		}
		left -= 12
		count, block := le.Uint32(head), uint64(le.Uint32(head[4:]))
		if count >= 256 {
			return names, fsys.Damaged(c.at, "a list of a folder is damaged")
		}
		for range count + 1 {
			if err := c.take(head[:8]); err != nil {
				return names, err
			}
			skip, kind, length := uint64(le.Uint16(head)), int(le.Uint16(head[4:])), int64(le.Uint16(head[6:]))+1
			left -= 8 + length
			if left < 0 || length > 256 || kind < typeFolder || kind > typeSocket {
				return names, fsys.Damaged(c.at, "a list of a folder is damaged")
			}
			if err := c.take(b[:length]); err != nil {
				return names, err
			}
			if len(names) > tree.MaxEntries {
				return names, nil
			}
			names = append(names, tree.Name{Name: string(b[:length]), Inode: block<<16 | skip, Type: tree.Mode(fileTypes[kind])})
		}
	}
	return names, nil
}
