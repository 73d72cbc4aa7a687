package ext

import (
	"encoding/binary"
	"encoding/hex"
	"io"
	"math/bits"
	"strings"

	"vhdscope/vhd/volume/fsys"
)

// Where the superblock lies and what it says, after the Linux kernel's
// Documentation/filesystems/ext4.
const (
	superOffset = 1024
	superSize   = 1024
	superMagic  = 0xef53

	rootInode   = 2
	resizeInode = 7

	stateClean  = 1
	stateErrors = 2

	compatJournal     = 0x4
	compatResizeInode = 0x10
	compatSparse2     = 0x200
	compatOrphans     = 0x1000

	incompatCompression = 0x1
	incompatRecover     = 0x4
	incompatJournalDev  = 0x8
	incompatMetaGroups  = 0x10
	incompat64          = 0x80
	incompatMultiMount  = 0x100
	incompatDirData     = 0x1000
	incompatInline      = 0x8000
	// filetype, recover, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode,
	// csum_seed, largedir, encrypt, casefold
	incompatKnown = 0x2 | incompatRecover | incompatMetaGroups | 0x40 | incompat64 | incompatMultiMount | 0x200 | 0x400 | 0x2000 | 0x4000 | 0x10000 | 0x20000
	incompatExt3  = 0x2 | incompatRecover | incompatMetaGroups

	roSparse   = 0x1
	roExt3     = 0x7 // sparse_super, large_file, btree_dir
	roHugeFile = 0x8
	roQuota    = 0x100
	roBigAlloc = 0x200
)

// super is what the superblock says. Numbers of blocks are of blocks of
// blockSize bytes, also where clusters of several are given out.
type super struct {
	blockSize, cluster     int64 // bytes
	first, blocks          int64 // the first block that is in a group, and how many there are
	blocksPerGroup, groups int64
	inodes, inodesPerGroup int64
	inodeSize              int64
	descSize               int64 // of a group descriptor
	reserved               int64 // blocks after each copy of the descriptors, for more of them
	firstMetaGroup         int64
	backups                [2]int64 // groups with copies, of sparse_super2

	compat, incompat, ro uint32
	state                uint16
	journal, orphans     uint32    // inodes; 0 for none
	quotas               [3]uint32 // of users, groups and projects, the same
	multiMount           int64     // a block; 0 for none
	uuid, label          string
}

var le = binary.LittleEndian

// readSuper reads and checks the superblock of a volume of size bytes.
func readSuper(r io.ReaderAt, size int64) (*super, error) {
	if size < superOffset+superSize {
		return nil, fsys.Damaged(-1, "the volume is too small for ext2, ext3 or ext4")
	}
	b := make([]byte, superSize)
	if _, err := r.ReadAt(b, superOffset); err != nil && err != io.EOF {
		return nil, &fsys.Error{Kind: fsys.ErrDamaged, Offset: superOffset, Msg: "the superblock cannot be read", Err: err}
	}
	if le.Uint16(b[56:]) != superMagic {
		return nil, fsys.Damaged(superOffset, "there is no superblock of ext2, ext3 or ext4")
	}
	s := &super{
		first:          int64(le.Uint32(b[20:])),
		blocks:         int64(le.Uint32(b[4:])),
		blocksPerGroup: int64(le.Uint32(b[32:])),
		inodes:         int64(le.Uint32(b[0:])),
		inodesPerGroup: int64(le.Uint32(b[40:])),
		inodeSize:      128,
		descSize:       32,
		state:          le.Uint16(b[58:]),
		uuid:           uuid(b[104:120]),
		label:          text(b[120:136]),
	}
	if le.Uint32(b[76:]) > 0 { // revision
		s.inodeSize = int64(le.Uint16(b[88:]))
		s.compat, s.incompat, s.ro = le.Uint32(b[92:]), le.Uint32(b[96:]), le.Uint32(b[100:])
		s.reserved = int64(le.Uint16(b[206:]))
		s.firstMetaGroup = int64(le.Uint32(b[260:]))
		s.backups = [2]int64{int64(le.Uint32(b[588:])), int64(le.Uint32(b[592:]))}
	}
	if s.ro&roQuota != 0 {
		s.quotas = [3]uint32{le.Uint32(b[576:]), le.Uint32(b[580:]), le.Uint32(b[620:])}
	}
	if s.incompat&incompatMultiMount != 0 {
		s.multiMount = int64(min(le.Uint64(b[360:]), 1<<48))
	}
	if s.compat&compatOrphans != 0 {
		s.orphans = le.Uint32(b[640:])
	}
	if s.compat&compatJournal != 0 {
		s.journal = le.Uint32(b[224:])
	}
	if s.incompat&incompat64 != 0 {
		s.blocks |= int64(le.Uint32(b[336:])) << 32
		s.descSize = int64(le.Uint16(b[254:]))
	}
	return s, s.check(le.Uint32(b[24:]), le.Uint32(b[28:]), size)
}

// check refuses what contradicts itself and what is not read here.
func (s *super) check(logBlock, logCluster uint32, size int64) error {
	if err := s.refused(); err != nil {
		return err
	}
	bad := func(msg string) error { return fsys.Damaged(superOffset, "the superblock is damaged: "+msg) }
	if logBlock > 6 {
		return bad("there is no such block size")
	}
	s.blockSize = 1024 << logBlock
	s.cluster = s.blockSize
	if s.ro&roBigAlloc != 0 {
		if logCluster < logBlock || logCluster > 20 {
			return bad("there is no such cluster size")
		}
		s.cluster = 1024 << logCluster
	}
	perCluster := s.cluster / s.blockSize
	switch {
	case s.first > 1 || s.blocks <= s.first:
		return bad("the number of blocks is wrong")
	case s.blocksPerGroup < 8 || s.blocksPerGroup > 8*s.blockSize*perCluster:
		return bad("the number of blocks of a group is wrong")
	case s.inodesPerGroup < 1 || s.inodesPerGroup > 8*s.blockSize:
		return bad("the number of inodes of a group is wrong")
	case s.inodeSize < 128 || s.inodeSize > s.blockSize || bits.OnesCount64(uint64(s.inodeSize)) != 1:
		return bad("there is no such size of an inode")
	case s.descSize != 32 && s.descSize != 64:
		return bad("there is no such size of a group descriptor")
	case s.blocks > size/s.blockSize*4+1<<20:
		// A volume that was cut off is still looked into.
		return bad("the file system is much larger than its volume")
	}
	s.groups = (s.blocks - s.first + s.blocksPerGroup - 1) / s.blocksPerGroup
	if s.inodes < rootInode || s.inodes > s.groups*s.inodesPerGroup || s.groups*s.descSize > size {
		return bad("the number of inodes is wrong")
	}
	return nil
}

func (s *super) refused() error {
	switch {
	case s.incompat&incompatJournalDev != 0:
		return fsys.Unsupported("this volume holds only the journal of another one")
	case s.incompat&incompatInline != 0:
		return fsys.Unsupported("files inside inodes (the feature inline_data) are not supported here")
	case s.incompat&incompatCompression != 0:
		return fsys.Unsupported("compression (the feature compression) is not supported here")
	case s.incompat&incompatDirData != 0:
		return fsys.Unsupported("folders as Lustre has them (the feature dirdata) are not supported here")
	case s.incompat&^incompatKnown != 0:
		return fsys.Unsupported("it uses features that are not known here")
	}
	return nil
}

// name is the file system's, by the features it uses, as mount and blkid tell
// them apart.
func (s *super) name() string {
	switch {
	case s.incompat&^incompatExt3 != 0 || s.ro&^roExt3 != 0:
		return "ext4"
	case s.compat&compatJournal != 0:
		return "ext3"
	}
	return "ext2"
}

// about is what a person should know of the volume.
func (s *super) about(size int64) fsys.About {
	a := fsys.About{Type: s.name(), Label: s.label, UUID: s.uuid, Cluster: s.cluster}
	switch {
	case s.incompat&incompatRecover != 0:
		a.Notes = append(a.Notes, "The journal was not replayed: the newest changes may be missing")
	case s.state&stateClean == 0:
		a.Notes = append(a.Notes, "The volume was not unmounted: its newest changes may be missing")
	}
	if s.state&stateErrors != 0 {
		a.Notes = append(a.Notes, "The volume is marked as having errors")
	}
	if s.blocks > size/s.blockSize {
		a.Notes = append(a.Notes, "The volume ends before its file system does: what lay behind is missing")
	}
	return a
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
