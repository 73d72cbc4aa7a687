package compare

import "vhdscope/vhd/volume/fsys"

// concerned are the parts of the first size bytes of two files that may
// differ, in whole units: those that lie elsewhere, and those that lie at the
// same place where it was touched.
func (c *comparison) concerned(before, after []fsys.Extent, size int64) []Range {
	var parts []Range
	add := func(from, to int64) {
		from, to = from-from%unit, min(to+unit-1-(to+unit-1)%unit, size)
		if last := len(parts) - 1; last >= 0 && from <= parts[last].Offset+parts[last].Length {
			parts[last].Length = max(parts[last].Offset+parts[last].Length, to) - parts[last].Offset
			return
		}
		parts = append(parts, Range{from, to - from})
	}
	at := int64(0)
	for at < size {
		b, a := extentAt(&before, at), extentAt(&after, at)
		if b == nil || a == nil {
			add(at, size) // they do not tell
			break
		}
		to := min(b.Offset+b.Length, a.Offset+a.Length, size)
		switch {
		case b.Start < 0 && a.Start < 0: // zeros in both
		case b.Start < 0 || a.Start < 0:
			add(at, to)
		case b.Stored > 0 || a.Stored > 0:
			if *b != *a || c.touched.meet(b.Volume()) {
				add(at, to)
			}
		case b.Start-b.Offset != a.Start-a.Offset:
			add(at, to)
		default:
			for r := range c.touched.within(b.Start-b.Offset+at, to-at) {
				from := r.Start - b.Start + b.Offset
				add(from, from+r.Length)
			}
		}
		at = to
	}
	return parts
}

// extentAt is the extent that byte at of a file lies in; nil where there is
// none. The list loses what lies before.
func extentAt(list *[]fsys.Extent, at int64) *fsys.Extent {
	for len(*list) > 0 {
		if e := &(*list)[0]; e.Offset > at {
			return nil
		} else if e.Length > at-e.Offset {
			return e
		}
		*list = (*list)[1:]
	}
	return nil
}
