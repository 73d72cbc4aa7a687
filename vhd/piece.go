package vhd

import "math"

// Run is a range of a disk, in bytes; where Offset is -1, that many zeros.
type Run struct{ Offset, Length int64 }

// Piecewise describes a file made of runs of the disk, one behind the other, as
// a file inside it is. They may lie in any order and overlap. The error is
// [ErrBounds] where one does not lie on the disk.
func (d *Disk) Piecewise(runs []Run) (*Plan, error) {
	p := &Plan{layers: d.layers}
	for _, r := range runs {
		switch {
		case r.Length < 0 || r.Length > math.MaxInt64-p.size:
			return nil, d.outside(r.Offset, r.Length)
		case r.Offset == -1:
			p.addZeros(r.Length)
		case r.Offset < 0 || r.Offset > d.size || r.Length > d.size-r.Offset:
			return nil, d.outside(r.Offset, r.Length)
		default:
			p.addDiskRange(d, r.Offset, r.Length)
		}
	}
	return p, nil
}
