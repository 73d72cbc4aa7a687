package xfs

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/bits"
	"strconv"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

const (
	superMagic = "XFSB"
	maxVolume  = 1 << 50 // bytes; far above what a disk image holds
	minGroup   = 64      // blocks

	roFreeInodes = 0x1
	roOwners     = 0x2
	roShared     = 0x4

	incompatNeedsRepair = 0x10
	// ftype, spinodes, meta_uuid, bigtime, needsrepair, nrext64, exchrange,
	// parent, metadir
	incompatKnown = 0x1ff
)

// super is what the superblock says; after the XFS Algorithms & Data
// Structures book, chapter "Allocation Groups", and the kernel's xfs_format.h.
type super struct {
	blockSize   int64
	blocks      int64
	groups      int64 // allocation groups, …
	groupBlocks int64 // … of so many blocks but for the last
	groupBits   uint  // for a block of a group in a block number
	inodeBits   uint  // for an inode of a block in an inode number
	inodeSize   int64
	sector      int64
	folderBlock int64 // bytes
	root        uint64
	log         uint64 // the number of its first block; 0 where it is elsewhere
	logBlocks   int64
	needsRepair bool
	ro          uint32
	uuid, label string
}

var be = binary.BigEndian

// readSuper reads and checks the superblock of a volume of size bytes.
func readSuper(r io.ReaderAt, size int64) (*super, error) {
	b := make([]byte, 512)
	if size < int64(len(b)) {
		return nil, fsys.Damaged(-1, "the volume is too small for XFS")
	}
	if _, err := r.ReadAt(b, 0); err != nil && err != io.EOF {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: 0, Msg: "the superblock cannot be read", Err: err}
	}
	if string(b[:4]) != superMagic {
		return nil, fsys.Damaged(0, "there is no superblock of XFS")
	}
	if version := be.Uint16(b[100:]) & 15; version != 5 {
		return nil, fsys.Unsupported("XFS version " + strconv.Itoa(int(version)) + " is not supported here, only version 5, which mkfs.xfs makes since 2015")
	}
	incompat := be.Uint32(b[216:])
	if incompat&^incompatKnown != 0 {
		return nil, fsys.Unsupported("it uses features that are not known here")
	}
	blockLog, sectorLog, inodeLog, inodeBits, groupBits, folderLog := b[120], b[121], b[122], b[123], b[124], b[192]
	bad := func(msg string) error { return fsys.Damaged(0, "the superblock is damaged: "+msg) }
	switch {
	case blockLog < 10 || blockLog > 16 || be.Uint32(b[4:]) != 1<<blockLog:
		return nil, bad("there is no such block size")
	case sectorLog < 9 || sectorLog > 15 || be.Uint16(b[102:]) != 1<<sectorLog:
		return nil, bad("there is no such sector size")
	case inodeLog < 9 || inodeLog > 11 || be.Uint16(b[104:]) != 1<<inodeLog || inodeLog+inodeBits != blockLog:
		return nil, bad("there is no such size of an inode")
	case folderLog > 16 || blockLog+folderLog > 16:
		return nil, bad("there is no such size of a folder's block")
	}
	s := &super{
		blockSize:   1 << blockLog,
		blocks:      int64(be.Uint64(b[8:])),
		groups:      int64(be.Uint32(b[88:])),
		groupBlocks: int64(be.Uint32(b[84:])),
		groupBits:   uint(groupBits),
		inodeBits:   uint(inodeBits),
		inodeSize:   1 << inodeLog,
		sector:      1 << sectorLog,
		folderBlock: 1 << (blockLog + folderLog),
		root:        be.Uint64(b[56:]),
		log:         be.Uint64(b[48:]),
		logBlocks:   int64(be.Uint32(b[96:])),
		ro:          be.Uint32(b[212:]),
		needsRepair: incompat&incompatNeedsRepair != 0,
		uuid:        uuid(b[32:48]),
		label:       text(b[108:120]),
	}
	switch {
	case s.blocks < 1 || s.blocks > maxVolume/s.blockSize:
		return nil, bad("the number of blocks is wrong")
	case s.groupBlocks < minGroup || s.groups < 1 || s.groupBits != uint(bits.Len64(uint64(s.groupBlocks-1))) ||
		s.blocks <= (s.groups-1)*s.groupBlocks || s.blocks > s.groups*s.groupBlocks:
		return nil, bad("the allocation groups are wrong")
	case s.blocks > size/s.blockSize*4+1<<20:
		// A volume that was cut off is still looked into.
		return nil, bad("the file system is much larger than its volume")
	}
	return s, nil
}

// about is what a person should know of the volume.
func (s *super) about(size int64) fsys.About {
	a := fsys.About{Type: "XFS", Label: s.label, UUID: s.uuid, Cluster: s.blockSize}
	if s.needsRepair {
		a.Notes = append(a.Notes, "The volume is marked as needing repair")
	}
	if s.blocks > size/s.blockSize {
		a.Notes = append(a.Notes, "The volume ends before its file system does: what lay behind is missing")
	}
	return a
}

// block is the place among the volume's blocks that a block number means:
// that of a group, and of a block in it.
func (s *super) block(number uint64) (int64, bool) {
	group := number >> s.groupBits
	at := int64(number & (1<<s.groupBits - 1))
	if group >= uint64(s.groups) || at >= s.groupBlocks {
		return 0, false
	}
	at += int64(group) * s.groupBlocks
	return at, at < s.blocks
}

// inodeOffset is where an inode lies in the volume.
func (s *super) inodeOffset(number uint64) (int64, bool) {
	block, ok := s.block(number >> s.inodeBits)
	return block*s.blockSize + int64(number&(1<<s.inodeBits-1))*s.inodeSize, ok
}

// uuid is a UUID as blkid writes it, "" for none.
func uuid(b []byte) string {
	if [16]byte(b) == [16]byte{} {
		return ""
	}
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// text is a string that ends at a zero or with its field.
func text(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return strings.ToValidUTF8(s, "�")
}
