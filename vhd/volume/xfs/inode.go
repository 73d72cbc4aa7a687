package xfs

import (
	"strconv"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Where the fork of data is kept.
const (
	formatLocal   = 1 // in the inode
	formatExtents = 2
	formatTree    = 3
)

const (
	flagRealtime = 0x1 // of di_flags

	flagBigTime    = 0x8  // of di_flags2
	flagBigCounter = 0x10 // the number of extents has 64 bits and another place

	coreSize = 176 // what stands before the forks
)

// inode is what is known of a file but for its name.
type inode struct {
	number   uint64
	at       int64 // in the volume
	mode     uint16
	format   byte
	uid, gid uint32
	links    uint32
	size     int64
	blocks   uint64 // of the volume
	extents  uint64
	flags    uint16
	fork     []byte // of the data

	modified, accessed, changed, created time.Time
}

// inode reads an inode.
func (f *source) inode(number uint64) (*inode, error) {
	at, ok := f.super.inodeOffset(number)
	if !ok {
		return nil, fsys.Damaged(-1, "there is no inode "+strconv.FormatUint(number, 10))
	}
	b := make([]byte, f.super.inodeSize)
	if err := f.device.Fill(b, at); err != nil {
		return nil, err
	}
	if string(b[:2]) != "IN" || b[4] != 3 || be.Uint64(b[152:]) != number {
		return nil, fsys.Damaged(at, "the inode is damaged")
	}
	fork := b[coreSize:]
	if offset := int(b[82]) * 8; offset > len(fork) {
		return nil, fsys.Damaged(at, "the inode is damaged")
	} else if offset > 0 {
		fork = fork[:offset]
	}
	n := &inode{
		number:  number,
		at:      at,
		mode:    be.Uint16(b[2:]),
		format:  b[5],
		uid:     be.Uint32(b[8:]),
		gid:     be.Uint32(b[12:]),
		links:   be.Uint32(b[16:]),
		size:    int64(be.Uint64(b[56:])),
		blocks:  be.Uint64(b[64:]),
		extents: uint64(be.Uint32(b[76:])),
		flags:   be.Uint16(b[90:]),
		fork:    fork,
	}
	flags := be.Uint64(b[120:])
	if flags&flagBigCounter != 0 {
		n.extents = be.Uint64(b[24:])
	}
	when := func(at int) time.Time {
		t := be.Uint64(b[at:])
		if flags&flagBigTime != 0 {
			return time.Unix(int64(t/1e9)-1<<31, int64(t%1e9)).UTC()
		}
		return time.Unix(int64(int32(t>>32)), min(int64(uint32(t)), 999999999)).UTC()
	}
	n.accessed, n.modified, n.changed, n.created = when(32), when(40), when(48), when(144)
	return n, nil
}

func (n *inode) regular() bool { return n.mode&0xf000 == 0x8000 }
func (n *inode) folder() bool  { return n.mode&0xf000 == 0x4000 }
func (n *inode) link() bool    { return n.mode&0xf000 == 0xa000 }

// problem is why the content of a file cannot be read.
func (n *inode) problem() error {
	switch {
	case n.mode == 0:
		return fsys.Damaged(n.at, "the inode is not in use")
	case n.size < 0:
		return fsys.Damaged(n.at, "the size of the file is wrong")
	case n.regular() && n.flags&flagRealtime != 0:
		return fsys.Unsupported("the content lies in the real-time section, which is another disk")
	case n.regular() && n.format == formatLocal:
		return fsys.Unsupported("the content lies in the inode, which is not supported here")
	}
	return nil
}

// Stat implements [tree.Source].
func (f *source) Stat(number uint64) (*fsys.Node, error) {
	n, err := f.inode(number)
	if err != nil {
		return nil, err
	}
	node := &fsys.Node{
		Bytes:    max(n.size, 0),
		FileMode: tree.Mode(n.mode),
		Modified: n.modified,
		Meta: fsys.Meta{
			ID:         n.number,
			Links:      int(n.links),
			Created:    n.created,
			Changed:    n.changed,
			Accessed:   n.accessed,
			Attributes: tree.Permissions(n.mode),
			Owner:      tree.Owner(n.uid, n.gid),
			Allocated:  -1,
			Problem:    n.problem(),
		},
	}
	if n.blocks <= uint64(f.super.blocks) {
		node.Meta.Allocated = int64(n.blocks) * f.super.blockSize
	}
	if n.link() && node.Meta.Problem == nil {
		node.Meta.Target, node.Meta.Problem = f.target(n)
	}
	return node, nil
}
