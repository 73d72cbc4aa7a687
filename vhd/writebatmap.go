package vhd

import "encoding/binary"

// openBatmap takes the batmap over from the image, to keep it true: a bit may
// be set only while its block is full. One that is not true is cleared with the
// first change: a map without bits is.
func (w *Writer) openBatmap() error {
	im := w.im
	m := im.batmap
	if m == nil {
		return nil
	}
	if m.length == 0 || im.overBatmap(m) {
		return unsound(RuleBatmap, m.headerAt, "its batmap cannot be kept: it does not lie in a place of its own.")
	}
	if m.bits == nil {
		m.bits, w.outdated = make([]byte, m.length), true
	}
	w.batmap, im.batmap = m, nil
	return nil
}

// overBatmap reports whether something lies over the batmap.
func (im *Image) overBatmap(m *batmap) bool {
	head, bits := extent{m.headerAt, m.headerAt + batmapHeaderSize}, extent{m.at, m.at + m.length}
	if head.overlaps(bits) || bits.to > im.dataEnd || head.to > im.dataEnd {
		return true
	}
	over := func(e extent) bool { return e.overlaps(head) || e.overlaps(bits) }
	for _, s := range im.structures {
		if over(s) {
			return true
		}
	}
	for _, l := range im.locators {
		if l.Data != nil && over(extent{int64(l.Offset), int64(l.Offset) + int64(len(l.Data))}) {
			return true
		}
	}
	for b := range im.table.entries() {
		if im.table.entry(b) != unallocated && over(im.blockExtent(b)) {
			return true
		}
	}
	return false
}

// mark notes that block b is full, which the file must say already.
func (w *Writer) mark(b int64) error {
	m := w.batmap
	if m == nil || b>>3 >= m.length || m.full(b) {
		return nil
	}
	if err := w.sync(); err != nil {
		return err
	}
	m.bits[b>>3] |= 0x80 >> (b & 7)
	// Where this fails the bit may be set or not. It is taken for set, so that
	// it is cleared when it must be.
	return w.writeBatmap(extent{b >> 3, b>>3 + 1})
}

// unmark notes that block b is not full, before the file says so.
func (w *Writer) unmark(b int64) error {
	m := w.batmap
	if !m.full(b) {
		return nil
	}
	m.bits[b>>3] &^= 0x80 >> (b & 7)
	if err := w.writeBatmap(extent{b >> 3, b>>3 + 1}); err != nil {
		m.bits[b>>3] |= 0x80 >> (b & 7)
		return err
	}
	return w.sync()
}

// clearBatmap clears a map that is not true.
func (w *Writer) clearBatmap() error {
	if err := w.writeBatmap(extent{0, w.batmap.length}); err != nil {
		return err
	}
	w.outdated = false
	return w.sync()
}

// writeBatmap writes some bytes of the map, and its checksum: in one write
// where the two stand together, as in blktap's images. Between two writes the
// sum is wrong and the map is not used.
func (w *Writer) writeBatmap(e extent) error {
	m := w.batmap
	sum := batmapChecksum(m.bits, w.im.disk, be32(m.raw[batmapVersionAt:]))
	binary.BigEndian.PutUint32(m.raw[batmapChecksumAt:], sum)
	e = extent{e.from / SectorSize * SectorSize, min(roundUp(e.to, SectorSize), m.length)}
	if m.at == m.headerAt+batmapHeaderSize {
		return w.write("batmap", append(append([]byte(nil), m.raw...), m.bits[:e.to]...), m.headerAt)
	}
	if err := w.write("batmap", m.bits[e.from:e.to], m.at+e.from); err != nil {
		return err
	}
	return w.write("batmap", m.raw, m.headerAt)
}
