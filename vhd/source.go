package vhd

import "bytes"

// source reads a disk for a conversion.
type source struct {
	disk *Disk
	plan *Plan      // the disk, raw
	lost func(Loss) // what cannot be read ends the conversion where it is nil
}

func newSource(d *Disk, lost func(Loss)) *source {
	return &source{disk: d, plan: d.Flatten(), lost: lost}
}

// read fills p from byte off of the disk, with zeros behind its end.
func (s *source) read(p []byte, off int64) error { return s.readOr(p, off, s.lost) }

// try is read for a disk that need not be readable: it marks the sectors that
// are not.
func (s *source) try(p []byte, off int64, unread []bool) error {
	return s.readOr(p, off, func(l Loss) { mark(unread, extent{l.Offset - off, l.Offset + l.Length - off}) })
}

func (s *source) readOr(p []byte, off int64, lost func(Loss)) error {
	n := min(max(s.disk.size-off, 0), int64(len(p)))
	clear(p[n:])
	if n == 0 {
		return nil
	}
	sink := &memory{s.plan.layers, p[:n]}
	if lost != nil {
		return s.plan.Salvage(sink, off, n, lost)
	}
	_, err := s.plan.readTo(sink, off, n, 0)
	return err
}

// mark marks the sectors that a range touches.
func mark(sectors []bool, e extent) {
	for i := e.from / SectorSize; i < ceilDiv(e.to, SectorSize); i++ {
		sectors[i] = true
	}
}

// unheld reports whether the tables of the layers tell, without a bitmap
// being read, that a range of the disk reads as zeros. So does what lies
// behind its end.
func (d *Disk) unheld(off, n int64) bool {
	end := off + n
	for _, im := range d.layers {
		end = min(end, im.disk) // see Disk.walk
		if off >= end {
			return true
		}
		if im.header == nil {
			return false
		}
		b, last := off/im.blockSize, min(ceilDiv(end, im.blockSize), im.table.declared)
		if b < last && b+im.table.unallocatedRun(b, last) < last {
			return false
		}
	}
	return d.Complete()
}

var zeroSector [SectorSize]byte

// isZero reports whether a sector holds nothing but zeros.
func isZero(sector []byte) bool { return bytes.Equal(sector, zeroSector[:]) }

// sector is the i-th sector of p.
func sector(p []byte, i int) []byte { return p[i*SectorSize:][:SectorSize] }
