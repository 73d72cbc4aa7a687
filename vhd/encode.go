package vhd

import "encoding/binary"

// encode lays the footer out, with a right checksum.
func (f *Footer) encode() []byte {
	b := make([]byte, footerSize)
	be := binary.BigEndian
	copy(b[:8], f.Cookie)
	be.PutUint32(b[footerFeaturesAt:], f.Features)
	be.PutUint32(b[footerVersionAt:], f.Version)
	be.PutUint64(b[footerDataOffsetAt:], f.DataOffset)
	be.PutUint32(b[footerCreatedAt:], uint32(f.Created))
	copy(b[footerCreatorAt:footerCreatorVersionAt], f.Creator)
	be.PutUint32(b[footerCreatorVersionAt:], f.CreatorVersion)
	copy(b[footerCreatorOSAt:footerOriginalSizeAt], f.CreatorOS)
	be.PutUint64(b[footerOriginalSizeAt:], f.OriginalSize)
	be.PutUint64(b[footerCurrentSizeAt:], f.CurrentSize)
	be.PutUint16(b[footerGeometryAt:], f.Geometry.Cylinders)
	b[footerGeometryAt+2], b[footerGeometryAt+3] = f.Geometry.Heads, f.Geometry.PerTrack
	be.PutUint32(b[footerTypeAt:], uint32(f.Type))
	copy(b[footerUUIDAt:], f.UUID[:])
	b[footerSavedStateAt], b[footerHiddenAt] = f.SavedState, f.Hidden
	sign(b, footerChecksumAt)
	return b
}

// encode lays the header out, with a right checksum.
func (h *Header) encode() []byte {
	b := make([]byte, headerSize)
	be := binary.BigEndian
	copy(b[:8], h.Cookie)
	be.PutUint64(b[headerDataOffsetAt:], h.DataOffset)
	be.PutUint64(b[headerTableOffsetAt:], h.TableOffset)
	be.PutUint32(b[headerVersionAt:], h.Version)
	be.PutUint32(b[headerEntriesAt:], h.MaxTableEntries)
	be.PutUint32(b[headerBlockSizeAt:], h.BlockSize)
	copy(b[headerParentUUIDAt:], h.ParentUUID[:])
	be.PutUint32(b[headerParentTimestampAt:], uint32(h.ParentTimestamp))
	be.PutUint32(b[headerReservedAt:], h.Reserved)
	copy(b[headerParentNameAt:], h.ParentName[:])
	for i, l := range h.Locators {
		l.encode(b[headerLocatorsAt+i*locatorSize:])
	}
	sign(b, headerChecksumAt)
	return b
}

// encode lays a locator slot out in the first 24 bytes of b.
func (e *LocatorEntry) encode(b []byte) {
	be := binary.BigEndian
	be.PutUint32(b, uint32(e.Code))
	be.PutUint32(b[4:], e.Space)
	be.PutUint32(b[8:], e.Length)
	be.PutUint32(b[12:], e.Reserved)
	be.PutUint64(b[16:], e.Offset)
}

// sign puts the checksum of a footer or header in its place.
func sign(b []byte, at int) { binary.BigEndian.PutUint32(b[at:], checksum(b, at)) }
