// Package ext reads ext2, ext3 and ext4.
//
// It is a reader of its own. github.com/masahiro331/go-ext4-filesystem was
// tried: it stops at a damaged record of a folder without a word, makes room
// for whatever an inode says, holds a table of all blocks of a file to read
// it, and tells neither where a file lies nor any time but one.
package ext

import (
	"io"

	"vhdscope/vhd/volume/device"
	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// FS is a mounted volume.
type FS struct {
	*tree.FS
	source *source
}

// source reads the volume. Its methods are called in [device.Device.Hold].
type source struct {
	device *device.Device
	super  *super
}

// Open opens a volume of size bytes.
func Open(r io.ReaderAt, size int64) (fsys.FS, error) {
	f := &source{device: device.New(r, size)}
	err := f.device.Hold(func() (err error) {
		if f.super, err = readSuper(f.device, size); err != nil {
			return err
		}
		root, err := f.inode(rootInode)
		if err == nil && !root.folder() {
			err = fsys.Damaged(-1, "the root folder is damaged")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &FS{tree.New(f.device, f, rootInode, f.super.about(size)), f}, nil
}

// Open implements [tree.Source].
func (f *source) Open(number uint64, info *fsys.Node) (fsys.File, error) {
	n, err := f.inode(number)
	if err != nil {
		return nil, err
	}
	l, err := f.layout(n)
	if err != nil {
		return nil, err
	}
	return fsys.NewMapped(info, f.device.Volume(), l.Extents), nil
}

// maxTarget is how long the target of a link can be: less than a block.
const maxTarget = 4096

// target is where a link leads. Short ones stand in the inode where files have
// their map.
func (f *source) target(n *inode) (string, error) {
	if n.size <= 0 || n.size > maxTarget {
		return "", fsys.Damaged(-1, "the target of the link is damaged")
	}
	if n.size < int64(len(n.body)) && n.flags&flagExtents == 0 {
		return string(n.body[:n.size]), nil
	}
	l, err := f.layout(n)
	if err != nil {
		return "", err
	}
	b := make([]byte, n.size)
	_, err = fsys.NewMapped(&fsys.Node{Bytes: n.size}, f.device, l.Extents).ReadAt(b, 0)
	return string(b), err
}
