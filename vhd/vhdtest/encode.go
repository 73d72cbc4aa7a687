package vhdtest

import (
	"encoding/binary"
	"fmt"
)

const (
	formatVersion = 0x00010000
	allOnes       = ^uint64(0)
)

// footer is the footer's 512 bytes.
func (s *Spec) footer() []byte {
	b := make([]byte, FooterSize)
	be := binary.BigEndian
	copy(b, "conectix")
	be.PutUint32(b[FooterFeatures:], 2)
	be.PutUint32(b[FooterVersion:], formatVersion)
	if s.Type == Fixed {
		be.PutUint64(b[FooterDataOffset:], allOnes)
	} else {
		be.PutUint64(b[FooterDataOffset:], uint64(s.HeaderOffset))
	}
	be.PutUint32(b[FooterTimestamp:], s.Timestamp)
	copy(b[FooterCreator:FooterCreatorVersion], s.Creator)
	be.PutUint32(b[FooterCreatorVersion:], s.CreatorVersion)
	copy(b[FooterCreatorOS:FooterOriginalSize], s.CreatorOS)
	be.PutUint64(b[FooterOriginalSize:], uint64(s.OriginalSize))
	be.PutUint64(b[FooterCurrentSize:], uint64(s.Size))
	be.PutUint16(b[FooterCylinders:], s.Geometry.Cylinders)
	b[FooterHeads] = s.Geometry.Heads
	b[FooterSectors] = s.Geometry.Sectors
	be.PutUint32(b[FooterType:], s.Type)
	copy(b[FooterUUID:], s.UUID[:])
	b[FooterSavedState] = s.SavedState
	b[FooterHidden] = s.Hidden
	be.PutUint32(b[FooterChecksum:], Checksum(b, FooterChecksum))
	return b
}

// header is the dynamic header's 1024 bytes.
func (s *Spec) header(locators [8]locatorEntry, entries uint32) []byte {
	b := make([]byte, HeaderSize)
	be := binary.BigEndian
	copy(b, "cxsparse")
	be.PutUint64(b[HeaderDataOffset:], allOnes)
	be.PutUint64(b[HeaderTableOffset:], uint64(s.TableOffset))
	be.PutUint32(b[HeaderVersion:], formatVersion)
	be.PutUint32(b[HeaderMaxEntries:], entries)
	be.PutUint32(b[HeaderBlockSize:], s.BlockSize)
	copy(b[HeaderParentUUID:], s.ParentUUID[:])
	be.PutUint32(b[HeaderParentTimestamp:], s.ParentTimestamp)
	name := s.ParentNameRaw
	if name == nil {
		name = UTF16BE(s.ParentName)
	} else if len(name) > HeaderLocators-HeaderParentName {
		panic(fmt.Sprintf("vhdtest: parent name of %d bytes", len(name)))
	}
	copy(b[HeaderParentName:HeaderLocators], name)
	for i, entry := range locators {
		copy(b[HeaderLocators+LocatorEntrySize*i:], entry[:])
	}
	be.PutUint32(b[HeaderChecksum:], Checksum(b, HeaderChecksum))
	return b
}

type locatorEntry [LocatorEntrySize]byte

// entry is the header's entry for data of which space bytes are reserved at off.
func (loc *Locator) entry(space uint32, off int64) locatorEntry {
	if loc.SpaceInSectors {
		space = (space + Sector - 1) / Sector
	}
	length, offset := uint32(len(loc.Data)), uint64(off)
	if loc.ClaimSpace != nil {
		space = *loc.ClaimSpace
	}
	if loc.ClaimLength != nil {
		length = *loc.ClaimLength
	}
	if loc.ClaimOffset != nil {
		offset = *loc.ClaimOffset
	}
	var b locatorEntry
	be := binary.BigEndian
	be.PutUint32(b[LocatorCode:], loc.Code)
	be.PutUint32(b[LocatorSpace:], space)
	be.PutUint32(b[LocatorLength:], length)
	be.PutUint32(b[LocatorReserved:], loc.Reserved)
	be.PutUint64(b[LocatorOffset:], offset)
	return b
}

// Checksum is the format's: the ones' complement of the sum of all bytes of b
// but the four at field, where it is kept itself.
func Checksum(b []byte, field int) uint32 {
	var sum uint32
	for i, c := range b {
		if i < field || i >= field+4 {
			sum += uint32(c)
		}
	}
	return ^sum
}
