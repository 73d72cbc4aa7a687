package vhd

import (
	"encoding/binary"
	"slices"
)

// writeBlock writes whole sectors to block b, from byte in of it on.
func (w *Writer) writeBlock(b, in int64, data []byte) error {
	im := w.im
	if im.table.entry(b) == unallocated {
		return w.allocate(b, in, data)
	}
	old, err := im.bitmap(b)
	if err != nil {
		return err
	}
	if err := w.write("data of the disk", data, im.blockExtent(b).from+im.bitmapSize+in); err != nil {
		return err
	}
	first, n := in/SectorSize, int64(len(data))/SectorSize
	if old.has(first) && old.run(first, first+n) == n {
		return nil
	}
	// A bit says that the data is there: it must not come first.
	if err := w.sync(); err != nil {
		return err
	}
	return w.writeBitmap(b, old.with(true, first, n), first, n)
}

// revertBlock clears the bits of the sectors of block b from byte from of it
// up to byte to.
func (w *Writer) revertBlock(b, from, to int64) error {
	old, err := w.im.bitmap(b)
	if err != nil {
		return err
	}
	first, n := from/SectorSize, ceilDiv(to, SectorSize)-from/SectorSize
	if !old.has(first) && old.run(first, first+n) == n {
		return nil
	}
	return w.writeBitmap(b, old.with(false, first, n), first, n)
}

// with is a copy of the bitmap with n bits from the first on set or cleared.
func (bm bitmap) with(set bool, first, n int64) bitmap {
	bm = slices.Clone(bm)
	for s := first; s < first+n; {
		switch {
		case s&7 == 0 && s+8 <= first+n:
			bm[s>>3] = 0
			if set {
				bm[s>>3] = 0xFF
			}
			s += 8
			continue
		case set:
			bm[s>>3] |= 0x80 >> (s & 7)
		default:
			bm[s>>3] &^= 0x80 >> (s & 7)
		}
		s++
	}
	return bm
}

// writeBitmap writes the bitmap of block b, of which n bits from the first on
// changed.
func (w *Writer) writeBitmap(b int64, bm bitmap, first, n int64) error {
	im := w.im
	full := bm.full(im.sectors(b))
	if !full {
		if err := w.unmark(b); err != nil {
			return err
		}
	}
	const bits = 8 * SectorSize // of a sector of the bitmap
	from, to := first/bits*SectorSize, ceilDiv(first+n, bits)*SectorSize
	if err := w.write("bitmap of a block", bm[from:to], im.blockExtent(b).from+from); err != nil {
		im.bitmaps.change(b, nil)
		return err
	}
	im.bitmaps.change(b, bm)
	if full {
		return w.mark(b)
	}
	return nil
}

// allocate adds block b to the image, with data from byte in of it on. The
// table points to the block last, when all of it is there.
func (w *Writer) allocate(b, in int64, data []byte) error {
	im := w.im
	at := placeAligned(w.end, im.bitmapSize)
	end := at + im.bitmapSize + im.blockSize
	if end > maxSector*SectorSize {
		return broken(RuleSize, -1, "the image cannot grow by block %d: its file would be larger than the 2 TiB in which blocks can be found", b)
	}
	if err := w.unmark(b); err != nil {
		return err
	}
	used := extent{w.end, min(w.size, end)} // bytes that may be others than zeros
	if err := w.moveFooter(end); err != nil {
		return err
	}
	if err := w.writeZeros(used); err != nil {
		return err
	}
	if err := w.write("data of the disk", data, at+im.bitmapSize+in); err != nil {
		return err
	}
	bm := make(bitmap, im.bitmapSize).with(true, in/SectorSize, int64(len(data))/SectorSize)
	if err := w.write("bitmap of a block", bm, at); err != nil {
		return err
	}
	if err := w.sync(); err != nil {
		return err
	}
	if err := w.writeEntry(b, uint32(at/SectorSize)); err != nil {
		return err
	}
	if bm.full(im.sectors(b)) {
		return w.mark(b)
	}
	return nil
}

// writeEntry lets the table point to block b, which ends the file's blocks.
func (w *Writer) writeEntry(b int64, sector uint32) error {
	im := w.im
	var entry [tableEntrySize]byte
	binary.BigEndian.PutUint32(entry[:], sector)
	at := im.table.at + b*tableEntrySize
	err := w.write("block allocation table", entry[:], at)
	// Whatever came of it, no other block may lie there.
	w.end = int64(sector)*SectorSize + im.bitmapSize + im.blockSize
	if err != nil {
		// The entry counts as it stands in the file now.
		if _, again := readFull(im.r, entry[:], at); again != nil {
			w.failed = err
			return err
		}
		switch binary.BigEndian.Uint32(entry[:]) {
		case unallocated:
			return err
		case sector:
		default:
			w.failed = err
			return err
		}
	}
	im.bitmaps.change(b, nil)
	im.table.allocate(b, sector)
	return err
}

// writeZeros clears a range of the file; nothing where it is none.
func (w *Writer) writeZeros(e extent) error {
	const most = 1 << 20
	zeros := make([]byte, min(most, max(e.to-e.from, 0)))
	for at := e.from; at < e.to; {
		p := zeros[:min(most, e.to-at)]
		if err := w.write("new block", p, at); err != nil {
			return err
		}
		at += int64(len(p))
	}
	return nil
}
