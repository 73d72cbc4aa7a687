package ext

import (
	"strconv"
	"time"

	"vhdscope/vhd/volume/fsys"
	"vhdscope/vhd/volume/internal/tree"
)

// Flags of an inode.
const (
	flagCompressed = 0x4
	flagEncrypted  = 0x800
	flagHugeFile   = 0x40000
	flagExtents    = 0x80000
	flagInline     = 0x10000000
)

// inode is what is known of a file but for its name.
type inode struct {
	number     uint64
	mode       uint16
	uid, gid   uint32
	size       int64
	links      int
	flags      uint32
	generation uint32
	sectors    int64 // of 512 bytes; blocks with flagHugeFile
	acl        int64 // the block of its attributes; 0 for none
	body       [60]byte

	modified, accessed, changed, created time.Time
}

// inodeOffset is where an inode lies in the volume.
func (f *source) inodeOffset(number uint64) (int64, error) {
	if number < 1 || number > uint64(f.super.inodes) {
		return 0, fsys.Damaged(-1, "there is no inode "+strconv.FormatUint(number, 10))
	}
	i := int64(number - 1)
	g, err := f.group(i / f.super.inodesPerGroup)
	if err != nil {
		return 0, err
	}
	return g.inodeTable*f.super.blockSize + i%f.super.inodesPerGroup*f.super.inodeSize, nil
}

// inode reads an inode.
func (f *source) inode(number uint64) (*inode, error) {
	at, err := f.inodeOffset(number)
	if err != nil {
		return nil, err
	}
	b := make([]byte, min(f.super.inodeSize, 256))
	if err := f.device.Fill(b, at); err != nil {
		return nil, err
	}
	n := &inode{
		number:     number,
		mode:       le.Uint16(b[0:]),
		uid:        uint32(le.Uint16(b[2:])) | uint32(le.Uint16(b[120:]))<<16,
		gid:        uint32(le.Uint16(b[24:])) | uint32(le.Uint16(b[122:]))<<16,
		size:       int64(le.Uint32(b[4:])),
		links:      int(le.Uint16(b[26:])),
		flags:      le.Uint32(b[32:]),
		generation: le.Uint32(b[100:]),
		sectors:    int64(le.Uint32(b[28:])),
		acl:        int64(le.Uint32(b[104:])),
		body:       [60]byte(b[40:100]),
	}
	if n.regular() {
		n.size |= int64(le.Uint32(b[108:])) << 32
	}
	if f.super.ro&roHugeFile != 0 {
		n.sectors |= int64(le.Uint16(b[116:])) << 32
	}
	if f.super.incompat&incompat64 != 0 {
		n.acl |= int64(le.Uint16(b[118:])) << 32
	}
	n.times(b)
	return n, nil
}

// times reads the times: seconds of 32 bits, and where the inode is large
// enough two more bits of them and nanoseconds.
func (n *inode) times(b []byte) {
	end := 128
	if len(b) > 130 {
		end = min(128+int(le.Uint16(b[128:])), len(b))
	}
	at := func(seconds, extra int) time.Time {
		sec, nano := int64(int32(le.Uint32(b[seconds:]))), int64(0)
		if extra+4 <= end {
			x := le.Uint32(b[extra:])
			sec += int64(x&3) << 32
			nano = min(int64(x>>2), 999999999)
		}
		return time.Unix(sec, nano).UTC()
	}
	n.accessed, n.changed, n.modified = at(8, 140), at(12, 132), at(16, 136)
	if 148 <= end {
		n.created = at(144, 148)
	}
}

func (n *inode) regular() bool { return n.mode&0xf000 == 0x8000 }
func (n *inode) folder() bool  { return n.mode&0xf000 == 0x4000 }
func (n *inode) link() bool    { return n.mode&0xf000 == 0xa000 }

// problem is why the content of a file cannot be read.
func (n *inode) problem() error {
	switch {
	case n.mode == 0:
		return fsys.Damaged(-1, "the inode is not in use")
	case n.size < 0:
		return fsys.Damaged(-1, "the size of the file is wrong")
	case n.flags&flagInline != 0:
		return fsys.Unsupported("the content lies in the inode (the feature inline_data), which is not supported here")
	case !n.regular() && !n.link():
		return nil
	case n.flags&flagEncrypted != 0:
		return &fsys.Error{Kind: fsys.ErrEncrypted, Offset: -1, Msg: "the file is encrypted"}
	case n.flags&flagCompressed != 0:
		return fsys.Unsupported("the file is compressed, which is not supported here")
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
			ID:         n.number | uint64(n.generation)<<32,
			Links:      n.links,
			Created:    n.created,
			Changed:    n.changed,
			Accessed:   n.accessed,
			Attributes: tree.Permissions(n.mode),
			Owner:      tree.Owner(n.uid, n.gid),
			Allocated:  n.sectors * 512,
			Problem:    n.problem(),
		},
	}
	if n.flags&flagHugeFile != 0 && f.super.ro&roHugeFile != 0 {
		node.Meta.Allocated = n.sectors * f.super.blockSize
	}
	if n.link() && node.Meta.Problem == nil {
		node.Meta.Target, node.Meta.Problem = f.target(n)
	}
	return node, nil
}
