package vhdtest

import "crypto/sha256"

// Disk types, footer field 0x3C.
const (
	Fixed        uint32 = 2
	Dynamic      uint32 = 3
	Differencing uint32 = 4
)

// Sector is the unit of every count and offset the format keeps in sectors.
const Sector = 512

// DefaultBlockSize is what every common writer uses.
const DefaultBlockSize uint32 = 2 << 20

// Unallocated is the table entry of a block that the file does not hold.
const Unallocated uint32 = 0xFFFFFFFF

// UUID is an identity as its 16 bytes stand in the file.
type UUID [16]byte

// ID makes a UUID out of a name: always the same for the same name, shaped as
// version 4 in the byte order that the RFC prescribes.
func ID(name string) UUID {
	sum := sha256.Sum256([]byte(name))
	var id UUID
	copy(id[:], sum[:])
	id[6] = id[6]&0x0F | 0x40
	id[8] = id[8]&0x3F | 0x80
	return id
}

// MixedEndian turns an identity into the byte order in which Windows and
// VirtualBox write a GUID: its first three fields little-endian.
func MixedEndian(id UUID) UUID {
	id[0], id[1], id[2], id[3] = id[3], id[2], id[1], id[0]
	id[4], id[5] = id[5], id[4]
	id[6], id[7] = id[7], id[6]
	return id
}

// Source supplies bytes that are never held in memory: it fills p with what
// stands at off, and must give the same bytes each time, also to several
// callers at once.
type Source func(p []byte, off int64)

// Spec describes one image. Its zero values mean a healthy one: only Type and
// Size have to be given.
//
// A field whose zero is itself a hostile value (a zero timestamp, a zero
// block size) is set by patching the built file.
type Spec struct {
	Type      uint32
	Size      int64  // virtual size in bytes
	BlockSize uint32 // data bytes of a block; 0: 2 MiB

	UUID           UUID      // zero: ID("vhdtest")
	Timestamp      uint32    // seconds since 2000-01-01 UTC; 0: 2026-01-01
	Creator        string    // four bytes, NUL-padded; "": "win "
	CreatorVersion uint32    // 0: 0x000A0000
	CreatorOS      string    // four bytes, NUL-padded; "": "Wi2k"
	OriginalSize   int64     // 0: Size
	Geometry       *Geometry // nil: CHS(Size)
	SavedState     byte
	Hidden         byte // byte 0x55, used by tap only

	ParentUUID      UUID
	ParentTimestamp uint32
	ParentName      string // written as UTF-16BE, cut at 256 units
	ParentNameRaw   []byte // instead of ParentName: the field's bytes, at most 512
	Locators        []Locator

	Batmap *Batmap // nil: none
	Blocks []Block // in the order in which they stand in the file

	// Contents of a fixed disk: Data from its start (may be shorter than
	// Size; the rest is zeros), or Fill for all of it.
	Data []byte
	Fill Source

	Placement
}

// Placement says where things stand in the file. Zero values give the usual
// order without gaps: footer copy, header, table, batmap, locators, blocks,
// footer. Structures that are told to overlap do overlap; the later in that
// order wins.
type Placement struct {
	HeaderOffset int64 // 0: 512
	TableOffset  int64 // 0: behind the header

	// Aligned places blocks as Windows 8 and later do: a block's data starts
	// on 4 KiB (its one-sector bitmap at 7 modulo 8 sectors), and so would
	// the byte behind the footer.
	Aligned bool

	ExtraEntries int  // table entries beyond what Size needs
	ZeroTablePad bool // the last table sector is padded with 0x00, not 0xFF
	LSBBitmaps   bool // bits of a bitmap byte lowest first, as tap 0.1 wrote them

	NoFooterCopy bool   // 512 zeros stand at the start of a dynamic disk
	NoFooter     bool   // the file ends behind the last structure
	ShortFooter  bool   // the footer at the end has 511 bytes
	Junk         []byte // follows the footer
}

// Locator is one parent locator: its entry in the header and the data the
// entry points to. Claims are what the entry says where that is to differ
// from what is there.
type Locator struct {
	Slot int // 0–7; the next free one where it is taken
	Code uint32
	Data []byte

	At             int64  // where Data is placed; 0: behind the previous structure
	Space          uint32 // bytes reserved; 0: Data rounded up to sectors, at least one
	SpaceInSectors bool   // the entry gives Space in sectors

	Reserved    uint32
	ClaimSpace  *uint32
	ClaimLength *uint32
	ClaimOffset *uint64
}

// Batmap is the tdbatmap structure that tap and XenServer write behind the
// table. Claims are as in Locator.
type Batmap struct {
	Version uint32 // 0: 0x00010002
	Marker  byte
	Map     []byte // nil: one bit for every block whose bitmap is full

	ClaimOffset   *uint64
	ClaimSectors  *uint32
	ClaimChecksum *uint32
}

// Block is one allocated block: a bitmap and data.
//
// Give Sectors for chosen sectors, or Data or Fill for the block as a whole.
// The bitmap follows from that (the sectors listed; or every sector of the
// block that lies on the disk) unless Bitmap is given.
type Block struct {
	Index int // which block of the disk

	Sectors map[int][]byte // sector in the block → up to 512 bytes
	Data    []byte         // from the block's first sector; the rest is zeros
	Fill    Source         // by byte offset in the block

	// Bitmap is the bitmap's bytes, most significant bit first, shorter than
	// the field or as long. It does not touch the data: what stands under a
	// clear bit stays.
	Bitmap []byte

	// Stored is how many data bytes the file holds, for a last block that
	// ends early; 0: all.
	Stored int64
}
