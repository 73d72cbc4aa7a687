package vhdtest

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// sectorsOnDisk is how many sectors of block index lie on the disk.
func (s *Spec) sectorsOnDisk(index int) int64 {
	left := s.Size - int64(index)*int64(s.BlockSize)
	left = max(0, min(left, int64(s.BlockSize)))
	return (left + Sector - 1) / Sector
}

// bitmap is a block's bitmap field, most significant bit first.
func (s *Spec) bitmap(b *Block) []byte {
	field := make([]byte, BitmapLength(s.BlockSize))
	switch {
	case b.Bitmap != nil:
		if len(b.Bitmap) > len(field) {
			panic(fmt.Sprintf("vhdtest: bitmap of %d bytes for a field of %d", len(b.Bitmap), len(field)))
		}
		copy(field, b.Bitmap)
	case b.Sectors != nil:
		for sector := range b.Sectors {
			SetBit(field, sector)
		}
	default:
		for sector := range int(s.sectorsOnDisk(b.Index)) {
			SetBit(field, sector)
		}
	}
	return field
}

// storedBitmap is bitmap in the bit order of the file.
func (s *Spec) storedBitmap(b *Block) []byte {
	field := s.bitmap(b)
	if s.LSBBitmaps {
		for i := range field {
			field[i] = bits.Reverse8(field[i])
		}
	}
	return field
}

// SetBit sets a sector's bit, most significant bit first.
func SetBit(bitmap []byte, sector int) { bitmap[sector>>3] |= 0x80 >> (sector & 7) }

// Bit tells whether a sector's bit is set, most significant bit first.
func Bit(bitmap []byte, sector int) bool { return bitmap[sector>>3]&(0x80>>(sector&7)) != 0 }

func (b *builder) putBlockData(block *Block, at BlockLayout) {
	switch {
	case block.Fill != nil:
		b.file.PutSource(at.Data, at.DataLength, block.Fill)
	case block.Data != nil:
		if int64(len(block.Data)) > at.DataLength {
			panic(fmt.Sprintf("vhdtest: %d bytes of data in block %d of %d", len(block.Data), block.Index, at.DataLength))
		}
		b.file.PutSource(at.Data, int64(len(block.Data)), bytesSource(block.Data))
	}
	for _, sector := range slices.Sorted(maps.Keys(block.Sectors)) {
		data := block.Sectors[sector]
		off := Sector * int64(sector)
		if len(data) > Sector || off+int64(len(data)) > at.DataLength {
			panic(fmt.Sprintf("vhdtest: %d bytes in sector %d of block %d", len(data), sector, block.Index))
		}
		b.file.PutSource(at.Data+off, int64(len(data)), bytesSource(data))
	}
}
