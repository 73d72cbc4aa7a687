package xfs

import (
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// layout is where the content of a file lies.
type layout struct {
	*tree.Layout
	source *source
	key    uint64  // the least that the next extent may start at, in the file
	nodes  []int64 // blocks of the volume that hold the map itself
	mapped int64   // blocks of the volume that were given to the file
}

// layout reads the extents of a file, folder or link, which stand in the inode
// or in a tree.
func (f *source) layout(n *inode) (*layout, error) {
	l := &layout{Layout: tree.NewLayout(n.size, f.super.blockSize), source: f}
	var err error
	switch n.format {
	case formatExtents:
		if n.extents > uint64(len(n.fork)/16) {
			return nil, fsys.Damaged(n.at, "the extents of the file are damaged")
		}
		err = l.records(n.fork, int(n.extents), n.at)
	case formatTree:
		level, count := int(be.Uint16(n.fork)), int(be.Uint16(n.fork[2:]))
		err = l.below(n.fork[4:], level, count, n.at)
	default:
		err = fsys.Damaged(n.at, "the extents of the file are damaged")
	}
	if err == nil {
		err = l.Finish(f.device.Size())
	}
	return l, err
}

// records reads extents of 128 bits: whether it was never written, and the
// block in the file, the block number and the count of blocks in 54, 52 and 21
// of them.
func (l *layout) records(b []byte, count int, at int64) error {
	for i := range count {
		high, low := be.Uint64(b[16*i:]), be.Uint64(b[16*i+8:])
		key, number, length := high<<1>>10, high<<55>>12|low>>21, int64(low&(1<<21-1))
		if key < l.key || length == 0 {
			return fsys.Damaged(at, "the extents of the file are damaged")
		}
		l.key = key + uint64(length)
		start, err := l.place(number, length, at)
		if err != nil {
			return err
		}
		if err := l.Hole(int64(min(key, 1<<60))); err != nil {
			return err
		}
		if high>>63 != 0 {
			l.Spare(start, length)
			start = -1
		}
		if err := l.Add(start, length); err != nil {
			return err
		}
	}
	return nil
}

// below reads the nodes that a node's keys and block numbers lead to; there is
// as much room for the ones as for the others. level is that of the node.
// Extents only grow and nodes are not empty, so no node is walked twice.
func (l *layout) below(b []byte, level, count int, at int64) error {
	room := len(b) / 16
	if level < 1 || level > 9 || count < 1 || count > room {
		return fsys.Damaged(at, "the tree of the file's extents is damaged")
	}
	for i := range count {
		if err := l.node(be.Uint64(b[8*room+8*i:]), level-1, at); err != nil {
			return err
		}
	}
	return nil
}

const (
	nodeMagic  = "BMA3"
	nodeHeader = 72
)

// node reads a node of a tree of extents and those below.
func (l *layout) node(number uint64, level int, at int64) error {
	block, err := l.place(number, 1, at)
	if err != nil {
		return err
	}
	l.nodes = append(l.nodes, block)
	size := l.source.super.blockSize
	at = block * size
	b := make([]byte, size)
	if err := l.source.device.Fill(b, at); err != nil {
		return err
	}
	count := int(be.Uint16(b[6:]))
	if string(b[:4]) != nodeMagic || int(be.Uint16(b[4:])) != level {
		return fsys.Damaged(at, "the tree of the file's extents is damaged")
	}
	if level > 0 {
		return l.below(b[nodeHeader:], level, count, at)
	}
	if count < 1 || count > (len(b)-nodeHeader)/16 {
		return fsys.Damaged(at, "the tree of the file's extents is damaged")
	}
	return l.records(b[nodeHeader:], count, at)
}

// place is where blocks lie in the volume, checked. at is where their number
// stands.
func (l *layout) place(number uint64, count, at int64) (int64, error) {
	s := l.source.super
	start, ok := s.block(number)
	if !ok || count > s.groupBlocks-start%s.groupBlocks {
		return 0, fsys.Damaged(at, "the map of the file leads out of the volume")
	}
	l.mapped += count
	if l.mapped > s.blocks {
		return 0, fsys.Damaged(at, "the map of the file has more blocks than the volume")
	}
	return start, nil
}
