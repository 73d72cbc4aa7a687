package squashfs

import (
	"encoding/binary"
	"io"
	"strconv"

	"vhdscope/vhd/volume/fsys"
)

const (
	superSize = 96
	magic     = "hsqs"
	noTable   = 1<<64 - 1

	maxBlock = 1 << 20
)

// super is what the superblock says; after the kernel's squashfs_fs.h.
type super struct {
	block       int64 // bytes of content that are compressed at once
	compression int
	fragments   int64 // entries of their table
	owners      int64
	root        uint64
	size        int64 // of the file system

	// where the tables start, and what comes behind them
	ownerTable, inodeTable, folderTable, fragmentTable, exportTable, attributeTable int64
}

var le = binary.LittleEndian

// readSuper reads and checks the superblock of a volume of size bytes.
func readSuper(r io.ReaderAt, size int64) (*super, error) {
	if size < superSize {
		return nil, fsys.Damaged(-1, "the volume is too small for squashfs")
	}
	b := make([]byte, superSize)
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: 0, Msg: "the superblock cannot be read", Err: err}
	}
	if string(b[:4]) != magic {
		return nil, fsys.Damaged(0, "there is no superblock of squashfs")
	}
	if version := le.Uint16(b[28:]); version != 4 {
		return nil, fsys.Unsupported("squashfs version " + strconv.Itoa(int(version)) + " is not supported here, only version 4")
	}
	s := &super{
		block:       int64(le.Uint32(b[12:])),
		compression: int(le.Uint16(b[20:])),
		fragments:   int64(le.Uint32(b[16:])),
		owners:      int64(le.Uint16(b[26:])),
		root:        le.Uint64(b[32:]),
	}
	log := le.Uint16(b[22:])
	if log < 12 || log > 20 || s.block != 1<<log {
		return nil, fsys.Damaged(0, "the superblock is damaged: there is no such block size")
	}
	if used := le.Uint64(b[40:]); used < superSize || used > 1<<50 {
		return nil, fsys.Damaged(0, "the superblock is damaged: the size is wrong")
	} else {
		s.size = int64(used)
	}
	for _, t := range []struct {
		to       *int64
		at       int
		optional bool
	}{
		{&s.ownerTable, 48, false}, {&s.attributeTable, 56, true}, {&s.inodeTable, 64, false},
		{&s.folderTable, 72, false}, {&s.fragmentTable, 80, true}, {&s.exportTable, 88, true},
	} {
		start := le.Uint64(b[t.at:])
		switch {
		case start == noTable && t.optional:
			*t.to = -1
		case start < superSize || start >= uint64(s.size):
			return nil, fsys.Damaged(0, "the superblock is damaged: a table lies outside")
		default:
			*t.to = int64(start)
		}
	}
	if s.folderTable < s.inodeTable {
		return nil, fsys.Damaged(0, "the superblock is damaged: a table lies outside")
	}
	return s, nil
}

// about is what a person should know of the volume.
func (s *super) about(size int64) fsys.About {
	a := fsys.About{Type: "squashfs"}
	if s.size > size {
		a.Notes = append(a.Notes, "The volume ends before its file system does: what lay behind is missing")
	}
	return a
}
