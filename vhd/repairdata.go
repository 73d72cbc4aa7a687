package vhd

// mendHere mends block b, which stays where it lies, and reports whether it
// is still there.
func (p *repairer) mendHere(b int64, e extent) bool {
	gone, ok := p.mend(b, e)
	if bm := p.bitmaps[b]; ok && bm != nil {
		p.patches = append(p.patches, Patch{e.from, bm})
	}
	for _, g := range gone {
		p.patchZeros(g)
	}
	return ok
}

// mend sees to what the file does not give of block b, which lies at e: it
// becomes zeros, and its sectors are no longer marked as present. It returns
// those parts of the data, or false where the block had to be dropped.
func (p *repairer) mend(b int64, e extent) (gone []extent, ok bool) {
	gone = p.missing(b, e)
	if len(gone) == 0 && !p.o.Data {
		return nil, true
	}
	im := p.im
	bm := make(bitmap, im.bitmapSize)
	if _, err := readFull(im.r, bm, e.from); err != nil {
		if !p.newBitmap(b, bm) {
			return nil, false
		}
	}
	data := e.from + im.bitmapSize
	for _, g := range gone {
		rule, what, why := RuleRead, "not all readable", "the file does not give these bytes"
		if g.to > im.dataEnd {
			rule, what, why = RuleBlockTruncated, "cut off by the end of the file's data", "the file ended inside the block"
		}
		loss := p.changeBlock(rule, b, what+" and completed with zeros that are not marked as present"+p.shows(), why)
		for s := ceilDiv(g.from-data, SectorSize); s < (g.to-data)/SectorSize; s++ {
			if bm.has(s) {
				bm[s>>3] &^= 0x80 >> (s & 7)
				p.bitmaps[b] = bm
				at := b*im.blockSize + s*SectorSize
				p.lose(at, at+SectorSize, loss)
			}
		}
	}
	return gone, true
}

// missing are the parts of block b's data that the file does not give. They
// begin on a sector, but where the file ends with the disk inside one.
func (p *repairer) missing(b int64, e extent) []extent {
	im := p.im
	data := e.from + im.bitmapSize
	cut := extent{e.to, e.to}
	if e.to > im.dataEnd {
		cut.from = im.dataEnd
		if data+im.disk-b*im.blockSize > im.dataEnd {
			cut.from -= (im.dataEnd - data) % SectorSize
		}
	}
	var gone []extent
	if p.o.Data {
		gone = p.unreadable(extent{data, cut.from}, nil)
	}
	if cut.from < cut.to {
		gone = append(gone, cut)
	}
	return gone
}

// newBitmap makes a bitmap for block b whose own cannot be read, or drops the
// block. In a dynamic image every sector may be marked as present: those that
// are not have zeros on disk (section "Data Blocks"). In a differencing image
// nobody knows which are the parent's.
func (p *repairer) newBitmap(b int64, bm bitmap) bool {
	im := p.im
	if im.kind == Differencing {
		p.dropBlock(b, RuleRead, "for the bitmap cannot be read", "the block's bitmap cannot be read")
		return false
	}
	clear(bm)
	for s := range im.sectors(b) {
		bm[s>>3] |= 0x80 >> (s & 7)
	}
	p.bitmaps[b] = bm
	loss := p.changeBlock(RuleRead, b, "given a new bitmap, for the old cannot be read: it marks all sectors as present, since those that are not hold zeros anyway", "the block's bitmap cannot be read")
	p.lose(b*im.blockSize, (b+1)*im.blockSize, loss)
	return true
}

// readFixed reads a fixed disk to see what the file does not give.
func (p *repairer) readFixed() error {
	end := min(p.im.disk, p.im.dataEnd)
	p.total = end
	var gone []extent
	for off := int64(0); off < end; off += copyWindow {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		piece := extent{off, min(off+copyWindow, end)}
		gone = p.unreadable(piece, gone)
		p.advance(piece.to - piece.from)
	}
	for _, g := range gone {
		p.patchZeros(g)
		p.change(RuleRead, g.from, g.to-g.from, "The file does not give these bytes; they are zeros, and lost.")
		p.lose(g.from, g.to, broken(RuleRead, g.from, "the file does not give these bytes"))
	}
	return nil
}

// unreadable appends the parts of a range that the file does not give, in
// whole sectors from its start.
func (p *repairer) unreadable(e extent, gone []extent) []extent {
	for at := e.from; at < e.to; at += copyWindow {
		gone = p.unreadablePiece(extent{at, min(at+copyWindow, e.to)}, gone)
	}
	return gone
}

// unreadablePiece halves a piece that cannot be read down to the sectors.
func (p *repairer) unreadablePiece(e extent, gone []extent) []extent {
	if p.buf == nil {
		p.buf = make([]byte, copyWindow)
	}
	if _, err := readFull(p.im.r, p.buf[:e.to-e.from], e.from); err == nil {
		return gone
	}
	p.failures++
	if e.to-e.from <= SectorSize || p.failures > maxFailures {
		return appendRange(gone, e)
	}
	middle := e.from + roundUp((e.to-e.from)/2, SectorSize)
	return p.unreadablePiece(extent{middle, e.to}, p.unreadablePiece(extent{e.from, middle}, gone))
}

// zeroSectors are those that patches put over what the file does not give.
var zeroSectors [64 << 10]byte

// patchZeros puts zeros over what the old file has of a range.
func (p *repairer) patchZeros(e extent) {
	for at, end := e.from, min(e.to, p.im.dataEnd); at < end; {
		n := min(end-at, int64(len(zeroSectors)))
		p.patches = append(p.patches, Patch{at, zeroSectors[:n]})
		at += n
	}
}

// advance moves the progress on by bytes of blocks, of which the other half is
// the check's, or of a fixed disk's data, which that does not read again.
func (p *repairer) advance(n int64) {
	if p.o.Progress == nil || !p.o.Data {
		return
	}
	total := 2 * p.total
	if p.im.kind == Fixed {
		total = p.total
	}
	p.done = min(p.done+n, p.total)
	p.o.Progress(p.done, total)
}
