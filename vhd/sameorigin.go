package vhd

// sameOrigin reports whether all bytes of a range come from the same places of
// the same files in both disks, so that they need not be compared.
func (d *Disk) sameOrigin(o *Disk, off, n int64) bool {
	var others []Extent
	for e, err := range o.Extents(off, n) {
		if err != nil {
			return false
		}
		others = append(others, e)
	}
	for e, err := range d.Extents(off, n) {
		if err != nil {
			return false
		}
		for e.Length > 0 {
			if len(others) == 0 || !d.sameStart(e, o, others[0]) {
				return false
			}
			length := min(e.Length, others[0].Length)
			e = e.skip(length)
			if others[0] = others[0].skip(length); others[0].Length == 0 {
				others = others[1:]
			}
		}
	}
	return len(others) == 0
}

// sameStart reports whether two extents begin at the same byte of a file, or
// are zeros of none.
func (d *Disk) sameStart(e Extent, o *Disk, f Extent) bool {
	if e.Layer < 0 || f.Layer < 0 {
		return e.Layer < 0 && f.Layer < 0
	}
	return d.layers[e.Layer] == o.layers[f.Layer] && e.Source == f.Source
}

// skip is the extent without its first n bytes.
func (e Extent) skip(n int64) Extent {
	e.Offset, e.Length = e.Offset+n, e.Length-n
	if e.Source >= 0 {
		e.Source += n
	}
	return e
}
