package vhd

import (
	"bytes"
	"encoding/binary"
)

// repairBatmap makes the batmap agree with the bitmaps. XenServer does not
// open an image of its own without one.
func (p *repairer) repairBatmap() error {
	im, m := p.im, p.im.batmap
	if m == nil {
		return nil
	}
	header := extent{m.headerAt, m.headerAt + batmapHeaderSize}
	if im.overStructure(header) || header.overlaps(footerCopyPlace) || header.to > im.dataEnd {
		return nil // not one that could be kept
	}
	size := roundUp(max(ceilDiv(p.needed, 8), 1), SectorSize)
	sound := m.usable() && !p.tableMoves // a map for another table is no start
	if sound {
		place := extent{m.at, m.at + int64(len(m.bits))}
		sound = !im.overStructure(place) && !place.overlaps(footerCopyPlace) && !place.overlaps(header) && place.to <= im.dataEnd
	}
	bits := make([]byte, size)
	if sound {
		bits = bytes.Clone(m.bits)
	}
	if err := p.markFull(bits, m, sound); err != nil {
		return err
	}
	if sound && bytes.Equal(bits, m.bits) {
		return nil
	}
	p.batmapHeader, p.batmapBits = bytes.Clone(m.raw), bits
	h := p.batmapHeader
	if v := be32(h[batmapVersionAt:]); v != batmapV1 && v != batmapV2 {
		binary.BigEndian.PutUint32(h[batmapVersionAt:], batmapV2)
	}
	binary.BigEndian.PutUint32(h[batmapChecksumAt:], batmapChecksum(bits, im.disk, be32(h[batmapVersionAt:])))
	if p.tableMoves {
		return nil // it goes behind the table
	}
	if sound {
		p.patches = append(p.patches, Patch{m.at, bits})
	} else {
		p.addBatmap()
	}
	p.patches = append(p.patches, Patch{m.headerAt, h})
	p.tellBatmap(m.headerAt)
	return nil
}

// markFull sets the bits of the blocks that are full, or where the map is
// sound, clears those of blocks that are not.
func (p *repairer) markFull(bits []byte, m *batmap, sound bool) error {
	im := p.im
	for b := range im.table.entries() {
		if sound && !m.full(b) || !sound && im.table.entry(b) == unallocated {
			continue
		}
		if err := p.ctx.Err(); err != nil {
			return err
		}
		bit := byte(0x80) >> (b & 7)
		if p.isFull(b) {
			bits[b>>3] |= bit
		} else {
			bits[b>>3] &^= bit
		}
	}
	return nil
}

// isFull reports whether every sector of block b is present.
func (p *repairer) isFull(b int64) bool {
	im := p.im
	if im.table.entry(b) == unallocated {
		return false
	}
	bm := p.bitmaps[b]
	if bm == nil {
		from, moved := p.movedFrom[b]
		if !moved {
			from = im.blockExtent(b).from
		}
		bm = make(bitmap, im.bitmapSize)
		if _, err := readFull(im.r, bm, from); err != nil {
			return false
		}
	}
	return bm.full(im.sectors(b))
}

// addBatmap puts the map behind what the new file has so far, and its place
// into the header.
func (p *repairer) addBatmap() {
	at := roundUp(p.end(), SectorSize)
	p.fillTo(at)
	p.added.addData(p.batmapBits)
	p.setBatmapPlace(at)
}

func (p *repairer) setBatmapPlace(at int64) {
	binary.BigEndian.PutUint64(p.batmapHeader[batmapOffsetAt:], uint64(at))
	binary.BigEndian.PutUint32(p.batmapHeader[batmapSizeAt:], uint32(len(p.batmapBits)/SectorSize))
}

// placeBatmapBehind puts the batmap behind a table that got another place:
// readers look for it there.
func (p *repairer) placeBatmapBehind() {
	if p.batmapHeader == nil {
		return
	}
	at := p.end()
	p.setBatmapPlace(at + batmapHeaderSize)
	p.added.addData(p.batmapHeader)
	p.added.addData(p.batmapBits)
	p.tellBatmap(at)
}

func (p *repairer) tellBatmap(at int64) {
	m := p.im.batmap
	rule, why := RuleBatmap, "it stands behind the table now"
	switch {
	case m.flaw != "":
		why = m.flaw
	case !p.tableMoves:
		rule, why = RuleBatmapMismatch, "it called blocks full that are not"
	}
	p.change(rule, at, batmapHeaderSize, "The batmap, which tells XenServer which blocks are full, is made anew from the bitmaps: "+why+".")
}
