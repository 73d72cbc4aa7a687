package ext

import (
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// layout is where the content of a file lies.
type layout struct {
	*tree.Layout
	source *source
	key    int64          // the least that the next key of a tree may be
	nodes  []int64        // blocks of the volume that hold the map itself
	met    map[int64]bool // the same
	mapped int64          // blocks of the volume that were given to the file
}

// layout reads the map of a file, folder or link, which is a tree of extents
// in ext4 and blocks of block numbers before.
func (f *source) layout(n *inode) (*layout, error) {
	l := &layout{Layout: tree.NewLayout(n.size, f.super.blockSize), source: f, met: map[int64]bool{}}
	var err error
	if n.flags&flagExtents != 0 {
		err = l.tree(n.body[:], -1, -1)
	} else {
		err = l.pointers(n)
	}
	if err == nil {
		err = l.Finish(f.device.Size())
	}
	return l, err
}

// place checks that blocks of the volume can belong to a file. at is where
// their numbers stand.
func (l *layout) place(start, count, at int64) error {
	s := l.source.super
	if start < 1 || start < s.first || count > s.blocks-start {
		return fsys.Damaged(at, "the map of the file leads out of the volume")
	}
	l.mapped += count
	if l.mapped > s.blocks {
		return fsys.Damaged(at, "the map of the file has more blocks than the volume")
	}
	return nil
}

// node reads a block of the map. None is in it twice: one that leads to itself
// would be read for hours.
func (l *layout) node(block, at int64) ([]byte, error) {
	if err := l.place(block, 1, at); err != nil {
		return nil, err
	}
	if l.met[block] {
		return nil, fsys.Damaged(at, "the map of the file has a block twice")
	}
	l.met[block] = true
	l.nodes = append(l.nodes, block)
	b := make([]byte, l.source.super.blockSize)
	return b, l.source.device.Fill(b, block*l.source.super.blockSize)
}

// tree reads a node of a tree of extents and those below. depth is what the
// node above asks for, -1 for the root; at is where the node lies, -1 for one
// in the inode.
func (l *layout) tree(b []byte, depth int, at int64) error {
	bad := func() error { return fsys.Damaged(at, "the tree of the file's extents is damaged") }
	count := int(le.Uint16(b[2:]))
	d := int(le.Uint16(b[6:]))
	if le.Uint16(b) != 0xf30a || d > 5 || depth >= 0 && (d != depth || count == 0) || 12+count*12 > len(b) {
		return bad()
	}
	for i := range count {
		e := b[12+i*12:]
		key := int64(le.Uint32(e))
		if key < l.key {
			return bad()
		}
		if d > 0 {
			block := int64(le.Uint32(e[4:])) | int64(le.Uint16(e[8:]))<<32
			below, err := l.node(block, at)
			if err == nil {
				err = l.tree(below, d-1, block*l.source.super.blockSize)
			}
			if err != nil {
				return err
			}
			continue
		}
		if err := l.Hole(key); err != nil {
			return err
		}
		length := int64(le.Uint16(e[4:]))
		start := int64(le.Uint32(e[8:])) | int64(le.Uint16(e[6:]))<<32
		unwritten := length > 1<<15
		if unwritten {
			length -= 1 << 15
		}
		if length == 0 {
			return bad()
		}
		l.key = key + length
		if err := l.place(start, length, at); err != nil {
			return err
		}
		if unwritten {
			l.Spare(start, length)
			start = -1
		}
		if err := l.Add(start, length); err != nil {
			return err
		}
	}
	return nil
}
