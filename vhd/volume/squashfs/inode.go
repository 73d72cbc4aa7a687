package squashfs

import (
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Types of inodes. Those of seven more are the same, with more fields.
const (
	typeFolder = 1 + iota
	typeFile
	typeLink
	typeBlockDevice
	typeCharDevice
	typePipe
	typeSocket
	extended = typeSocket
)

// fileTypes are the types as the upper bits of a mode.
var fileTypes = [...]uint16{typeFolder: 0x4000, typeFile: 0x8000, typeLink: 0xa000, typeBlockDevice: 0x6000, typeCharDevice: 0x2000, typePipe: 0x1000, typeSocket: 0xc000}

const noFragment = 1<<32 - 1

// inode is what is known of a file but for its name.
type inode struct {
	kind       int
	mode       uint16
	uid, gid   uint16 // places in the table of owners
	modified   uint32
	number     uint32
	links      uint32
	size       uint64
	start      uint64 // of the content in the volume, or of the list in the table of folders
	skip       int    // in the list's block
	fragment   uint32 // that holds the end of the file
	inFragment uint32
	rest       cursor // behind these fields: the sizes of the blocks, the target
}

// inode reads an inode. What leads to it is the place of its block in their
// table, and 16 bits of a place in that.
func (f *source) inode(ref uint64) (*inode, error) {
	at := int64(ref >> 16)
	if at >= f.super.size-f.super.inodeTable {
		return nil, fsys.Damaged(-1, "there is no such inode")
	}
	at += f.super.inodeTable
	c := cursor{f, at, int(ref & 0xffff)}
	b := make([]byte, 16)
	if err := c.take(b); err != nil {
		return nil, err
	}
	n := &inode{
		kind:     int(le.Uint16(b)),
		mode:     le.Uint16(b[2:]) & 0o7777,
		uid:      le.Uint16(b[4:]),
		gid:      le.Uint16(b[6:]),
		modified: le.Uint32(b[8:]),
		number:   le.Uint32(b[12:]),
		fragment: noFragment,
	}
	more := n.kind > extended
	if more {
		n.kind -= extended
	}
	if n.kind < typeFolder || n.kind > typeSocket || n.number == 0 {
		return nil, fsys.Damaged(at, "an inode is damaged")
	}
	n.mode |= fileTypes[n.kind]
	err := n.fields(&c, more)
	n.rest = c
	return n, err
}

// fields reads what only an inode of its kind has.
func (n *inode) fields(c *cursor, more bool) error {
	b := make([]byte, 40)
	take := func(length int) error { return c.take(b[:length]) }
	switch {
	case n.kind == typeFolder && more:
		err := take(24)
		n.links, n.size, n.start, n.skip = le.Uint32(b), uint64(le.Uint32(b[4:])), uint64(le.Uint32(b[8:])), int(le.Uint16(b[18:]))
		return err
	case n.kind == typeFolder:
		err := take(16)
		n.start, n.links, n.size, n.skip = uint64(le.Uint32(b)), le.Uint32(b[4:]), uint64(le.Uint16(b[8:])), int(le.Uint16(b[10:]))
		return err
	case n.kind == typeFile && more:
		err := take(40)
		n.start, n.size, n.links, n.fragment, n.inFragment = le.Uint64(b), le.Uint64(b[8:]), le.Uint32(b[24:]), le.Uint32(b[28:]), le.Uint32(b[32:])
		return err
	case n.kind == typeFile:
		err := take(16)
		n.start, n.fragment, n.inFragment, n.size = uint64(le.Uint32(b)), le.Uint32(b[4:]), le.Uint32(b[8:]), uint64(le.Uint32(b[12:]))
		n.links = 1
		return err
	case n.kind == typeLink:
		err := take(8)
		n.links, n.size = le.Uint32(b), uint64(le.Uint32(b[4:]))
		return err
	}
	err := take(4)
	n.links = le.Uint32(b)
	return err
}

// maxTarget is how long the target of a link can be.
const maxTarget = 4096

// Stat implements [tree.Source].
func (f *source) Stat(ref uint64) (*fsys.Node, error) {
	n, err := f.inode(ref)
	if err != nil {
		return nil, err
	}
	node := &fsys.Node{
		Bytes:    int64(min(n.size, 1<<62)),
		FileMode: tree.Mode(n.mode),
		Modified: time.Unix(int64(n.modified), 0).UTC(),
		Meta: fsys.Meta{
			ID:         uint64(n.number),
			Links:      int(n.links),
			Attributes: tree.Permissions(n.mode),
			Allocated:  -1,
		},
	}
	if n.kind == typeFile && n.size > 1<<62 {
		node.Meta.Problem = fsys.Damaged(n.rest.at, "the size of the file is wrong")
	}
	uid, err := f.owner(n.uid)
	if err == nil {
		var gid uint32
		if gid, err = f.owner(n.gid); err == nil {
			node.Meta.Owner = tree.Owner(uid, gid)
		}
	}
	if n.kind == typeLink {
		node.Meta.Target, node.Meta.Problem = n.target()
	}
	return node, nil
}

// target is where a link leads.
func (n *inode) target() (string, error) {
	if n.size > maxTarget {
		return "", fsys.Damaged(n.rest.at, "the target of the link is damaged")
	}
	b := make([]byte, n.size)
	c := n.rest
	err := c.take(b)
	return string(b), err
}

// owner is the number of a user or group, which inodes have in a table.
func (f *source) owner(i uint16) (uint32, error) {
	if int64(i) >= f.super.owners {
		return 0, fsys.Damaged(f.super.ownerTable, "there is no such owner")
	}
	b := make([]byte, 4)
	err := f.entry(f.super.ownerTable, int64(i), b)
	return le.Uint32(b), err
}
