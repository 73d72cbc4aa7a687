package vhd

import "iter"

// Held tells which bytes of a range of the disk the image's own file holds, in
// order, as extents of layer 0. Above a parent these are the only ones at
// which the disk may read otherwise than without the image. It takes the time
// of what is held and of the table, not that of the disk's size, and reads
// bitmaps many at a time. A range that reaches past the disk is cut at its
// end.
//
// An extent with an error is one of which the file does not tell, or that it
// should hold and does not; its Source is -1.
func (im *Image) Held(off, length int64) iter.Seq2[Extent, error] {
	return func(yield func(Extent, error) bool) {
		if off < 0 || length < 0 {
			d := &Disk{size: im.disk}
			yield(Extent{Offset: off, Length: length, Source: -1}, d.outside(off, length))
			return
		}
		end := im.disk
		if length < end-off {
			end = off + length
		}
		step := end
		if im.header != nil {
			step = max(bitmapBudget/2/im.bitmapSize, 1) * im.blockSize
		}
		j := joiner{yield: yield}
		for off < end {
			stop := min(end, (off/step+1)*step)
			if !im.heldIn(extent{off, stop}, &j) {
				return
			}
			off = stop
		}
		j.flush()
	}
}

// heldIn adds what is held of a range whose bitmaps the image can keep; false
// means stop.
func (im *Image) heldIn(w extent, j *joiner) bool {
	if im.header != nil {
		im.loadBitmaps([]extent{w}) // where that fails, runAt tells of which block
	}
	for off := w.from; off < w.to; {
		r, err := j.runAt(im, off, w.to)
		switch {
		case err != nil:
			if !j.add(Extent{off, r.length, 0, -1}, inLayer(err, 0)) {
				return false
			}
		case r.verdict == here:
			if !j.add(Extent{off, r.length, 0, r.source}, nil) {
				return false
			}
		}
		off += r.length
	}
	return true
}
