// Package xfs reads XFS of version 5.
//
// No library does. github.com/masahiro331/go-xfs-filesystem takes the counter
// of extents from its old place, so that on volumes that mkfs.xfs makes today
// (the feature nrext64) it reads every file as zeros and lists no larger
// folder; and it tells neither inode numbers nor targets nor extents. What is
// needed to read, not to write, is little.
package xfs

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
	var about fsys.About
	err := f.device.Hold(func() (err error) {
		if f.super, err = readSuper(f.device, size); err != nil {
			return err
		}
		root, err := f.inode(f.super.root)
		if err == nil && !root.folder() {
			err = fsys.Damaged(root.at, "the root folder is damaged")
		}
		about = f.super.about(size)
		if f.dirty() {
			about.Notes = append(about.Notes, "The log was not replayed: the newest changes may be missing")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &FS{tree.New(f.device, f, f.super.root, about), f}, nil
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
