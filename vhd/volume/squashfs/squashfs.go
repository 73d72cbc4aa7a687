// Package squashfs reads squashfs of version 4 that is compressed by gzip,
// LZMA, XZ or Zstandard.
//
// github.com/sylabs/squashfs was tried: what a block or an inode says of its
// size it allocates, up to gigabytes, it reads files only from their start,
// unpacks the same metadata for every inode anew, and does not tell where
// fragments lie. The decompressors that it uses are used here, within bounds.
package squashfs

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
	device   *device.Device
	super    *super
	unpack   decompressor
	unpacked map[int64]metadata // by place
	contents [4]unpackedBlock   // the last used first
}

type unpackedBlock struct {
	block block
	bytes []byte
}

// Open opens a volume of size bytes.
func Open(r io.ReaderAt, size int64) (fsys.FS, error) {
	f := &source{device: device.New(r, size), unpacked: map[int64]metadata{}}
	err := f.device.Hold(func() (err error) {
		if f.super, err = readSuper(f.device, size); err != nil {
			return err
		}
		if f.unpack, err = newDecompressor(f.super.compression); err != nil {
			return err
		}
		root, err := f.inode(f.super.root)
		if err == nil && root.kind != typeFolder {
			err = fsys.Damaged(-1, "the root folder is damaged")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &FS{tree.New(f.device, f, f.super.root, f.super.about(size)), f}, nil
}
