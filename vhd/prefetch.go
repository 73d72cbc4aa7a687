package vhd

import "slices"

// prefetch holds blocks that were read together with their bitmaps. Where a
// read is dear, that is one read for a block instead of two.
type prefetch struct {
	spans []span
	buf   []byte
}

// span is a range of the file that holds whole bitmaps and the data behind.
type span struct {
	extent
	blocks []int64 // whose bitmaps it holds
	wanted int64   // bytes of it that the disk's reader asked for
	data   []byte
}

// get is the prefetched bytes of a range, nil where it was not prefetched.
func (f *prefetch) get(e extent) []byte {
	for i := range f.spans {
		if s := &f.spans[i]; s.data != nil && s.from <= e.from && e.to <= s.to {
			return s.data[e.from-s.from : e.to-s.from]
		}
	}
	return nil
}

// bitmaps reads the bitmaps that the wanted ranges of the disk need and that
// are not known yet, each with the data behind it, if enough of that is
// wanted. It reads nothing where reads cost no more than a bitmap's bytes.
func (f *prefetch) bitmaps(im *Image, want []extent, cost int64) {
	f.spans = f.spans[:0]
	if im.header == nil || cost <= fileCost {
		return
	}
	for _, w := range want {
		f.plan(im, extent{w.from, min(w.to, im.disk)})
	}
	f.spans = slices.DeleteFunc(f.spans, func(s span) bool { return s.to-s.from-s.wanted > max(cost, s.wanted) })
	f.join(cost)
	total := int64(0)
	for i := range f.spans {
		s := &f.spans[i]
		n := s.to - s.from
		if total += n; total > maxSpan {
			break // the rest is read as if there were no prefetching
		}
		f.buf = slices.Grow(f.buf[:total-n], int(n))[:total]
		data := f.buf[total-n:]
		if _, err := readFull(im.r, data, s.from); err != nil {
			continue // whoever needs these bytes meets the error again
		}
		s.data = data
		for _, b := range s.blocks {
			at := im.blockExtent(b).from - s.from
			im.keepBitmap(b, slices.Clone(bitmap(data[at:at+im.bitmapSize])))
		}
	}
}

// plan adds the blocks of a range whose bitmaps are not known.
func (f *prefetch) plan(im *Image, w extent) {
	for off := w.from; off < w.to; {
		b := off / im.blockSize
		end := min(w.to, (b+1)*im.blockSize)
		if b >= im.table.entries() {
			return
		}
		if im.table.entry(b) != unallocated && !im.batmap.trusted(b) && im.bitmaps.get(b) == nil && im.blockProblem(b) == nil {
			at := im.blockExtent(b).from
			to := min(at+im.bitmapSize+end-b*im.blockSize, im.dataEnd)
			if n := len(f.spans); n > 0 && f.spans[n-1].blocks[0] == b {
				f.spans[n-1].to = to
				f.spans[n-1].wanted += end - off
			} else {
				f.spans = append(f.spans, span{extent: extent{at, to}, blocks: []int64{b}, wanted: im.bitmapSize + end - off})
			}
		}
		off = end
	}
}

// join merges spans that lie close together in the file.
func (f *prefetch) join(cost int64) {
	slices.SortFunc(f.spans, func(a, b span) int {
		switch {
		case a.from < b.from:
			return -1
		case a.from > b.from:
			return 1
		}
		return 0
	})
	joined := f.spans[:0]
	for _, s := range f.spans {
		if n := len(joined); n > 0 {
			l := &joined[n-1]
			if s.from-l.to <= cost && max(l.to, s.to)-l.from <= maxSpan {
				l.to, l.blocks = max(l.to, s.to), append(l.blocks, s.blocks...)
				continue
			}
		}
		joined = append(joined, s)
	}
	f.spans = joined
}
