package vhd

import "bytes"

// slot is a locator slot on its way from the old parent to the new one.
type slot struct {
	LocatorEntry
	old  *Locator     // nil: it is not used
	text *locatorText // what is to go here; nil: nothing new
	drop bool         // what it has is of the old parent
}

// writeLocators gives the new parent's paths their slots and space; absolute
// tells whether its absolute path is known.
func (l *relinker) writeLocators(texts []locatorText, absolute bool) error {
	slots, err := l.assign(texts, absolute)
	if err != nil {
		return err
	}
	var moved []*slot
	for i := range slots {
		s := &slots[i]
		switch {
		case s.text != nil && l.fits(s):
			l.overwrite(s.old, s.text.data)
			s.Length = uint32(len(s.text.data))
		case s.text != nil:
			l.overwrite(s.old, nil)
			moved = append(moved, s)
		case s.drop:
			l.overwrite(s.old, nil)
			s.LocatorEntry = LocatorEntry{}
		}
	}
	if len(moved) > 0 {
		if err := l.append(moved); err != nil {
			return err
		}
	}
	for i := range slots {
		slots[i].encode(l.header[headerLocatorsAt+i*locatorSize:])
	}
	return nil
}

// assign decides what becomes of each slot. A text goes to the first slot of
// its code. The first text goes to another one where the image has none of
// its code. So does the absolute path where it is known and a slot is left;
// the others are not needed then.
func (l *relinker) assign(texts []locatorText, absolute bool) ([]slot, error) {
	slots := make([]slot, locatorCount)
	for i, e := range l.im.header.Locators {
		slots[i].LocatorEntry = e
		switch e.Code {
		case LocatorW2ru, LocatorW2ku, LocatorMacX, LocatorWi2r, LocatorWi2k, LocatorMac:
			slots[i].drop = true // unless a text goes here
		}
	}
	for i := range l.im.locators {
		old := &l.im.locators[i]
		slots[old.Slot].old = old
	}
	give := func(t *locatorText, fit func(s *slot) bool) bool {
		for i := range slots {
			if s := &slots[i]; s.text == nil && fit(s) {
				s.text, s.drop = t, false
				return true
			}
		}
		return false
	}
	add := func(t *locatorText) bool {
		return give(t, func(s *slot) bool { return s.Code == LocatorNone }) || give(t, func(s *slot) bool { return s.drop })
	}
	given := make([]bool, len(texts))
	for i := range texts {
		given[i] = give(&texts[i], func(s *slot) bool { return s.Code == texts[i].code })
	}
	if given[0] || add(&texts[0]) {
		for i := 1; i < len(texts); i++ {
			if absolute && !given[i] && texts[i].code == LocatorW2ku {
				add(&texts[i])
			}
		}
		return slots, nil
	}
	return nil, broken(RuleLocatorCode, l.im.headerAt+headerLocatorsAt, "the locator slots are full of codes that nobody knows; there is none for the new parent")
}

// fits reports whether a text can stand where its slot's old one stands.
func (l *relinker) fits(s *slot) bool {
	if s.old == nil || s.old.Data == nil || s.Code != s.text.code {
		return false
	}
	space, ok := s.spaceBytes()
	n := int64(max(len(s.text.data), len(s.old.Data)))
	return ok && n <= space && l.free(s.old, n)
}

// free reports whether n bytes from a locator's data on are its own: nothing
// else lies there, and the file holds them.
func (l *relinker) free(old *Locator, n int64) bool {
	im, here := l.im, extent{int64(old.Offset), int64(old.Offset) + n}
	if here.to > im.dataEnd || im.overStructure(here) {
		return false
	}
	for _, s := range im.batmapExtents() {
		if here.overlaps(s) {
			return false
		}
	}
	for i := range im.locators {
		o := &im.locators[i]
		if o != old && here.overlaps(extent{int64(o.Offset), int64(o.Offset) + int64(len(o.Data))}) {
			return false
		}
	}
	for _, p := range l.patches {
		if here.overlaps(extent{p.Offset, p.Offset + int64(len(p.Data))}) {
			return false
		}
	}
	for b := range im.table.entries() {
		if im.table.entry(b) != unallocated && here.overlaps(im.blockExtent(b)) {
			return false
		}
	}
	return true
}

// overwrite puts data where a locator's old ones stand, and zeros over what
// is left of them. Old ones that other structures share stay.
func (l *relinker) overwrite(old *Locator, data []byte) {
	if old == nil {
		return
	}
	b := make([]byte, max(len(data), len(old.Data)))
	copy(b, data)
	if len(b) > 0 && !bytes.Equal(b, old.Data) && l.free(old, int64(len(b))) {
		l.patches = append(l.patches, Patch{int64(old.Offset), b})
	}
}

// append gives texts new space behind all that is in the file, and the footer
// its place behind them, where the next block's data would begin on 4 KiB.
func (l *relinker) append(moved []*slot) error {
	im := l.im
	if err := l.checkEnd(); err != nil {
		return err
	}
	end := im.dataEnd
	for _, s := range append(im.batmapExtents(), im.structures...) {
		end = max(end, s.to)
	}
	if last := im.table.entries() - 1; last >= 0 && im.table.entry(last) != unallocated {
		// Its data may lie in the file only as far as the disk goes.
		end = max(end, im.blockExtent(last).from+im.bitmapSize+im.blockSize)
	}
	at := roundUp(end, SectorSize)
	b := make([]byte, 0, 3*locatorUnit)
	for _, s := range moved {
		e := s.text.entry(at + int64(len(b)))
		e.Reserved = s.Reserved
		s.LocatorEntry = e
		b = append(b, s.text.data...)
		b = append(b, make([]byte, s.text.space()-int64(len(s.text.data)))...)
	}
	footerAt := placeAligned(at+int64(len(b)), footerSize)
	b = append(b, make([]byte, footerAt-at-int64(len(b)))...)
	if old := min(im.size, at, im.dataEnd+footerSize) - im.dataEnd; old > 0 { // what is left of the footer that was
		l.patches = append(l.patches, Patch{im.dataEnd, make([]byte, old)})
	}
	l.patches = append(l.patches, Patch{at, append(b, im.footerRaw...)})
	l.size = footerAt + footerSize
	return nil
}

// checkEnd refuses to let a file grow in which a block or the table is said
// to lie where it ends now: what is written there would be taken for theirs.
func (l *relinker) checkEnd() error {
	im := l.im
	if im.table.entries() < min(ceilDiv(im.disk, im.blockSize), im.table.declared) {
		return broken(RuleTableTruncated, im.table.at, "the file ends inside the block allocation table, so nothing can be added behind it; repair it first")
	}
	for b := range im.table.entries() {
		if im.table.entry(b) != unallocated && im.blockExtent(b).to > im.dataEnd {
			return broken(RuleBlockTruncated, im.table.at+b*tableEntrySize, "block %d does not all lie in the file, so nothing can be added behind it; repair it first", b)
		}
	}
	return nil
}
