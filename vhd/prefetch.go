package vhd

// prefetch holds blocks that were read together with their bitmaps. Where a
// read is dear, that is one read for a block instead of two.
type prefetch struct {
	im      *Image
	changes uint64 // that there had been to its bitmaps
	spans   []span
}

// span is a range of the file that holds whole bitmaps and the data behind.
type span struct {
	extent
	blocks []int64 // whose bitmaps it holds
	wanted int64   // bytes of it that the disk's reader asked for
	data   Fetched
}

// get is what was fetched of a range and where in the file that begins; nil
// where the range was not prefetched. Where a [Writer] set bits meanwhile, the
// data under them was written after it was fetched.
func (f *prefetch) get(e extent) (Fetched, int64) {
	for i := range f.spans {
		if s := &f.spans[i]; s.data != nil && s.from <= e.from && e.to <= s.to && f.im.bitmaps.changes.Load() == f.changes {
			return s.data, s.from
		}
	}
	return nil, 0
}

// release lets go of what was fetched.
func (f *prefetch) release() {
	for i := range f.spans {
		if d := f.spans[i].data; d != nil {
			d.Release()
		}
	}
	f.im, f.spans = nil, f.spans[:0]
}

// bitmaps reads the bitmaps that the wanted ranges of the disk need and that
// are not known yet, each with the data behind it, if enough of that is
// wanted. It reads nothing where reads cost no more than a bitmap's bytes.
func (f *prefetch) bitmaps(sink Sink, layer int, im *Image, want []extent, cost int64) {
	if im.header == nil || cost <= fileCost {
		return
	}
	f.im, f.changes = im, im.bitmaps.changes.Load()
	for _, w := range want {
		f.plan(im, extent{w.from, min(w.to, im.disk)})
	}
	f.join(cost)
	total := int64(0)
	for i := range f.spans {
		s := &f.spans[i]
		if total += s.to - s.from; total > 2*maxSpan {
			break // the rest is read as if there were no prefetching
		}
		var err error
		if s.data, err = sink.Fetch(layer, s.from, s.to-s.from); err != nil {
			s.data = nil
			continue // whoever needs these bytes meets the error again
		}
		for _, b := range s.blocks {
			bm := make(bitmap, im.bitmapSize)
			s.data.Peek(bm, im.blockExtent(b).from-s.from)
			im.keepBitmap(b, bm, f.changes)
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
		if im.table.entry(b) != unallocated && im.needsBitmap(b) {
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

// join drops the spans that are too long or of which too little is wanted, and
// merges those that lie close together in the file.
func (f *prefetch) join(cost int64) {
	var joined []span
	for _, i := range orderOf(len(f.spans), func(i int) int64 { return f.spans[i].from / SectorSize }) {
		s := f.spans[i]
		if n := s.to - s.from; n > maxSpan || n-s.wanted > max(cost, s.wanted) {
			continue
		}
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
