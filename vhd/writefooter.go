package vhd

import "bytes"

// openSparse finds where a dynamic or differencing image can grow, and lets it
// be changed while it is read.
func (w *Writer) openSparse() error {
	im := w.im
	w.footerAt = -1
	if im.footerAt > 0 && im.footerAt+footerSize == w.size {
		w.footerAt = im.footerAt
	}
	w.copied = bytes.Equal(im.footerCopy, im.footerRaw)
	if !w.copied && im.overFooterCopy() {
		return unsound(RuleFooterCopy, 0, "the footer has no copy at the start of the file, where something else lies.")
	}
	// What lies before the footer is in use: blocks, structures, and the space
	// that locators reserve. Without a footer at the end that is all of the file.
	w.end = max(w.footerAt, im.blocksEnd(), im.headerAt+headerSize)
	if w.footerAt < 0 {
		w.end = max(w.end, w.size)
	}
	if err := w.openBatmap(); err != nil {
		return err
	}
	im.table.enliven()
	im.dataEnd = max(im.dataEnd, maxSector*SectorSize) // whatever the file grows to, no block lies outside
	return nil
}

// overFooterCopy reports whether something lies where the footer's copy goes.
func (im *Image) overFooterCopy() bool {
	start := extent{0, footerSize}
	used := append(im.hintStructures(), im.structures[0], im.structures[len(im.structures)-1])
	for b := range im.table.entries() {
		if im.table.entry(b) != unallocated {
			used = append(used, im.blockExtent(b))
		}
	}
	for _, e := range used {
		if e.overlaps(start) {
			return true
		}
	}
	return false
}

// blocksEnd is where the last block of the image ends. The one at the disk's
// end counts whole, though the file may have only as much of it as the disk.
func (im *Image) blocksEnd() int64 {
	end := int64(0)
	for b := range im.table.entries() {
		if im.table.entry(b) != unallocated {
			end = max(end, im.blockExtent(b).from+im.bitmapSize+im.blockSize)
		}
	}
	return end
}

// prepare comes before every change. It puts the image in order first: the
// copy of the footer at the start, so that one is there at any time, then the
// footer at the end, then the batmap.
func (w *Writer) prepare() error {
	if w.failed != nil {
		return w.failed
	}
	if !w.copied {
		if err := w.write("footer's copy", w.im.footerRaw, 0); err != nil {
			return err
		}
		if err := w.sync(); err != nil {
			return err
		}
		w.copied = true
	}
	if w.footerAt < 0 {
		if err := w.moveFooter(w.end); err != nil {
			return err
		}
	}
	if w.outdated {
		return w.clearBatmap()
	}
	return nil
}

// moveFooter sees to it that the file ends with its footer, behind byte end.
// The old one, if there is one, stays until something is written over it.
func (w *Writer) moveFooter(end int64) error {
	if w.footerAt >= end {
		return nil
	}
	at := placeAligned(end, footerSize)
	if w.footerAt < 0 {
		at = placeAligned(max(end, w.size), footerSize)
	}
	w.footerAt, w.size = -1, max(w.size, at+footerSize)
	if err := w.write("footer", w.im.footerRaw, at); err != nil {
		return err
	}
	w.footerAt = at
	return nil
}
