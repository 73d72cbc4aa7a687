package vhd

import (
	"encoding/binary"
	"io"
)

// blockWriter writes the blocks of a new image in the order of the disk, each
// in the fewest writes. Where they lie stands only in its table until that is
// written too.
type blockWriter struct {
	w          io.WriterAt
	blockSize  int64
	bitmapSize int64
	table      []byte // the BAT as it is to stand in the file
	end        int64  // of all that was placed
	blocks     int64  // placed

	block  int64  // the last one; -1: none
	at     int64  // where its bitmap lies
	bitmap bitmap // of its sectors so far
	stale  bool   // the file does not have all of the bitmap
}

// put writes those sectors of a range of the disk that keep marks, and what
// lies between them. The range lies in one block, or covers whole blocks up
// to the disk's end. In p its data follow room for a bitmap; p is overwritten.
func (b *blockWriter) put(off int64, p []byte, keep []bool) error {
	for len(keep) > 0 {
		at := off % b.blockSize
		n := min(int64(len(keep)), (b.blockSize-at)/SectorSize)
		if err := b.putPart(off/b.blockSize, at, p, keep[:n]); err != nil {
			return err
		}
		// The room for the next bitmap are data that were written already.
		off, p, keep = off+n*SectorSize, p[n*SectorSize:], keep[n:]
	}
	return nil
}

// putPart is put for a range of one block that begins at byte at of its data.
func (b *blockWriter) putPart(block, at int64, p []byte, keep []bool) error {
	n := int64(len(keep))
	for n > 0 && !keep[n-1] {
		n--
	}
	if n == 0 {
		return nil
	}
	if block != b.block {
		if err := b.place(block); err != nil {
			return err
		}
	}
	for i := range n {
		if keep[i] {
			s := at/SectorSize + i
			b.bitmap[s>>3] |= 0x80 >> (s & 7)
		}
	}
	p = p[:b.bitmapSize+n*SectorSize]
	if at > 0 {
		b.stale = true
		return b.write(p[b.bitmapSize:], b.at+b.bitmapSize+at)
	}
	copy(p, b.bitmap)
	return b.write(p, b.at)
}

// place finishes the last block and gives the next one its place. The layout
// saw to it that there is one for every block of the disk.
func (b *blockWriter) place(block int64) error {
	if err := b.finish(); err != nil {
		return err
	}
	b.block, b.at = block, placeAligned(b.end, b.bitmapSize)
	b.end = b.at + b.bitmapSize + b.blockSize
	b.blocks++
	clear(b.bitmap)
	binary.BigEndian.PutUint32(b.table[block*tableEntrySize:], uint32(b.at/SectorSize))
	return nil
}

// finish writes the last block's bitmap where the file lacks some of it.
func (b *blockWriter) finish() error {
	if !b.stale {
		return nil
	}
	b.stale = false
	return b.write(b.bitmap, b.at)
}

func (b *blockWriter) write(p []byte, off int64) error {
	_, err := b.w.WriteAt(p, off)
	return err
}
