package vhd

import "bytes"

// source reads a disk for a conversion.
type source struct {
	disk    *Disk
	plan    *Plan // the disk, raw
	salvage bool
	lost    []Loss
}

func newSource(d *Disk, salvage bool) *source {
	return &source{disk: d, plan: d.Flatten(), salvage: salvage}
}

// read fills p from byte off of the disk, with zeros behind its end. Where it
// salvages, the error is nil and the losses are noted.
func (s *source) read(p []byte, off int64) error {
	n := min(max(s.disk.size-off, 0), int64(len(p)))
	clear(p[n:])
	if n == 0 {
		return nil
	}
	sink := &memory{s.plan.layers, p[:n]}
	if s.salvage {
		return s.plan.Salvage(sink, off, n, s.lose)
	}
	_, err := s.plan.readTo(sink, off, n, 0)
	return err
}

// try is read for a source that salvages. It forgets its losses, but marks
// the sectors in which they are.
func (s *source) try(p []byte, off int64, lost []bool) error {
	err := s.read(p, off)
	for _, l := range s.lost {
		mark(lost, extent{l.Offset - off, l.Offset + l.Length - off})
	}
	s.lost = s.lost[:0]
	return err
}

// mark marks the sectors that a range touches.
func mark(sectors []bool, e extent) {
	for i := e.from / SectorSize; i < ceilDiv(e.to, SectorSize); i++ {
		sectors[i] = true
	}
}

// lose notes a loss. One that goes on behind the last for the same reason
// joins it.
func (s *source) lose(l Loss) {
	if n := len(s.lost); n > 0 {
		last := &s.lost[n-1]
		if last.Offset+last.Length == l.Offset && sameReason(last.Err, l.Err) {
			last.Length += l.Length
			return
		}
	}
	s.lost = append(s.lost, l)
}

// sameReason reports whether two ranges of a chain cannot be read for the
// same rule of the same layer.
func sameReason(a, b error) bool {
	f, ok := a.(*FormatError)
	g, ok2 := b.(*FormatError)
	return ok && ok2 && f.Layer == g.Layer && f.Rule == g.Rule
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
