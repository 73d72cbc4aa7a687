package vhd

// ManyReader is implemented by readers that read many short ranges for less
// than one by one. ReadMany fills each p[i] from off[i], or fails.
type ManyReader interface {
	ReadMany(p [][]byte, off []int64) error
}

// Prepare reads the bitmaps that a range of the disk needs and that are not
// known, a layer at a time, so that [Disk.Extents] can tell of the range
// without reading. It reports whether that is so: it is not where a bitmap
// cannot be read, or where the bitmaps are more than an image keeps.
func (d *Disk) Prepare(off, n int64) bool {
	if off < 0 || n < 0 || off > d.size || n > d.size-off {
		return false
	}
	want := []extent{{off, off + n}}
	for _, im := range d.layers {
		if im.header == nil {
			return true
		}
		if !im.loadBitmaps(want) {
			return false
		}
		var left []extent
		for _, w := range want {
			left = im.appendAbsent(left, extent{w.from, min(w.to, im.disk)})
		}
		want = left
	}
	return true
}

// appendAbsent appends the parts of a range of the disk that the image leaves
// to its parent.
func (im *Image) appendAbsent(list []extent, w extent) []extent {
	for off := w.from; off < w.to; {
		r, err := im.runAt(off, w.to)
		if err == nil && r.verdict == absent {
			list = appendRange(list, extent{off, off + r.length})
		}
		off += r.length
	}
	return list
}

// loadBitmaps reads the bitmaps of the blocks in some ranges of the disk.
func (im *Image) loadBitmaps(want []extent) bool {
	var blocks []int64
	for _, w := range want {
		end := min(ceilDiv(min(w.to, im.disk), im.blockSize), im.table.entries())
		for b := w.from / im.blockSize; b < end; b++ {
			b += im.table.unallocatedRun(b, end)
			if n := len(blocks); b < end && (n == 0 || blocks[n-1] != b) && im.needsBitmap(b) {
				blocks = append(blocks, b)
			}
		}
		if int64(len(blocks))*im.bitmapSize > bitmapBudget/2 {
			return false
		}
	}
	many, ok := im.r.(ManyReader)
	if !ok || len(blocks) < 2 {
		for _, b := range blocks {
			if _, err := im.bitmap(b); err != nil {
				return false
			}
		}
		return true
	}
	changes := im.bitmaps.changes.Load()
	var p [][]byte
	var off []int64
	for _, b := range blocks {
		p, off = append(p, make(bitmap, im.bitmapSize)), append(off, im.blockExtent(b).from)
	}
	if many.ReadMany(p, off) != nil {
		return false
	}
	for i, b := range blocks {
		im.keepBitmap(b, p[i], changes)
	}
	return true
}

// needsBitmap reports whether reading block b, which must be allocated, would
// read its bitmap.
func (im *Image) needsBitmap(b int64) bool {
	return !im.batmap.trusted(b) && im.bitmaps.get(b) == nil && im.blockRule(b) == ""
}
