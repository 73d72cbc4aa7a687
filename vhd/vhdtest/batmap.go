package vhdtest

import "encoding/binary"

// batmapVersion11 is the version whose writer summed signed bytes.
const batmapVersion11 = 0x00010001

// batmapBits is the map in whole sectors.
func (s *Spec) batmapBits() []byte {
	n := max(Sector, roundUp((int64(s.entries())+7)/8, Sector))
	if given := s.Batmap.Map; given != nil {
		n = max(n, roundUp(int64(len(given)), Sector))
		return append(given[:len(given):len(given)], make([]byte, n-int64(len(given)))...)
	}
	bits := make([]byte, n)
	for _, block := range s.Blocks {
		if s.fullyPopulated(&block) {
			SetBit(bits, block.Index)
		}
	}
	return bits
}

// fullyPopulated tells whether every sector a block can have is present. A
// last block that reaches beyond the disk has fewer.
func (s *Spec) fullyPopulated(b *Block) bool {
	bitmap := s.bitmap(b)
	for sector := range int(s.BlockSize / Sector) {
		if !Bit(bitmap, sector) {
			return false
		}
	}
	return true
}

// batmapHeader is the tdbatmap header's 512 bytes for bits at byte off.
func (s *Spec) batmapHeader(bits []byte, off int64) []byte {
	m := s.Batmap
	version := m.Version
	if version == 0 {
		version = 0x00010002
	}
	offset, sectors := uint64(off), uint32(len(bits)/Sector)
	checksum := batmapChecksum(bits, version)
	if m.ClaimOffset != nil {
		offset = *m.ClaimOffset
	}
	if m.ClaimSectors != nil {
		sectors = *m.ClaimSectors
	}
	if m.ClaimChecksum != nil {
		checksum = *m.ClaimChecksum
	}
	b := make([]byte, BatmapHeaderSize)
	be := binary.BigEndian
	copy(b, "tdbatmap")
	be.PutUint64(b[BatmapOffset:], offset)
	be.PutUint32(b[BatmapSectors:], sectors)
	be.PutUint32(b[BatmapVersion:], version)
	be.PutUint32(b[BatmapChecksum:], checksum)
	b[BatmapMarker] = m.Marker
	return b
}

func batmapChecksum(bits []byte, version uint32) uint32 {
	var sum uint32
	for _, c := range bits {
		if version == batmapVersion11 {
			sum += uint32(int32(int8(c)))
		} else {
			sum += uint32(c)
		}
	}
	return ^sum
}
