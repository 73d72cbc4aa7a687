package vhd

import "encoding/binary"

// Header is the 1024-byte structure that describes the blocks of a dynamic
// or differencing image and names a differencing image's parent (section
// "Dynamic Disk Header Format").
type Header struct {
	Cookie          string // 8 bytes
	DataOffset      uint64 // unused, all ones
	TableOffset     uint64 // of the BAT
	Version         uint32 // 0x00010000
	MaxTableEntries uint32 // blocks that the BAT has room for
	BlockSize       uint32 // bytes of data in a block, without its bitmap
	Checksum        uint32
	ParentUUID      UUID
	ParentTimestamp Timestamp // the parent file's modification time; Windows 10 writes 0
	Reserved        uint32
	ParentName      [512]byte // UTF-16BE, NUL-padded
	Locators        [locatorCount]LocatorEntry
}

// LocatorEntry is one of the header's eight parent locator slots.
type LocatorEntry struct {
	Code     LocatorCode
	Space    uint32 // reserved for the data: sectors by specification, bytes by most writers
	Length   uint32 // bytes of data
	Reserved uint32
	Offset   uint64 // of the data
}

// Offsets of the header's fields.
const (
	headerDataOffsetAt      = 0x08
	headerTableOffsetAt     = 0x10
	headerVersionAt         = 0x18
	headerEntriesAt         = 0x1C
	headerBlockSizeAt       = 0x20
	headerChecksumAt        = 0x24
	headerParentUUIDAt      = 0x28
	headerParentTimestampAt = 0x38
	headerReservedAt        = 0x3C
	headerParentNameAt      = 0x40
	headerLocatorsAt        = 0x240
	headerTailAt            = 0x300
)

// parseHeader decodes 1024 bytes; every bit pattern has a decoding.
func parseHeader(b []byte) *Header {
	be := binary.BigEndian
	h := &Header{
		Cookie:          string(b[:8]),
		DataOffset:      be.Uint64(b[headerDataOffsetAt:]),
		TableOffset:     be.Uint64(b[headerTableOffsetAt:]),
		Version:         be.Uint32(b[headerVersionAt:]),
		MaxTableEntries: be.Uint32(b[headerEntriesAt:]),
		BlockSize:       be.Uint32(b[headerBlockSizeAt:]),
		Checksum:        be.Uint32(b[headerChecksumAt:]),
		ParentUUID:      UUID(b[headerParentUUIDAt : headerParentUUIDAt+16]),
		ParentTimestamp: Timestamp(be.Uint32(b[headerParentTimestampAt:])),
		Reserved:        be.Uint32(b[headerReservedAt:]),
		ParentName:      [512]byte(b[headerParentNameAt:headerLocatorsAt]),
	}
	for i := range h.Locators {
		l := b[headerLocatorsAt+i*locatorSize:]
		h.Locators[i] = LocatorEntry{
			Code:     LocatorCode(be.Uint32(l)),
			Space:    be.Uint32(l[4:]),
			Length:   be.Uint32(l[8:]),
			Reserved: be.Uint32(l[12:]),
			Offset:   be.Uint64(l[16:]),
		}
	}
	return h
}

// validBlockSize reports whether blocks of n bytes can be addressed.
func validBlockSize(n uint32) bool {
	return n >= minBlockSize && n <= maxBlockSize && n&(n-1) == 0
}

// bitmapSize is the bytes that the bitmap of a block of n data bytes takes:
// a bit a sector, padded to whole sectors.
func bitmapSize(n int64) int64 { return roundUp(ceilDiv(n/SectorSize, 8), SectorSize) }
