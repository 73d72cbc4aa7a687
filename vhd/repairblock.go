package vhd

import (
	"encoding/binary"
	"slices"
)

// blockChange is one kind of change to blocks, told once for all of them.
type blockChange struct {
	rule Rule
	tally
	what string
	loss *FormatError // why their data is lost or in doubt
}

// changeBlock notes a change to block b; what says it of one or more blocks.
func (p *repairer) changeBlock(rule Rule, b int64, what, why string) *FormatError {
	for i := range p.blockChanges {
		if c := &p.blockChanges[i]; c.rule == rule && c.what == what {
			c.add(b)
			return c.loss
		}
	}
	c := blockChange{rule: rule, what: what, loss: broken(rule, p.im.table.at+b*tableEntrySize, why)}
	c.add(b)
	p.blockChanges = append(p.blockChanges, c)
	return c.loss
}

// setEntry puts block b at a byte of the file.
func (p *repairer) setEntry(b int64, sector uint32) {
	binary.BigEndian.PutUint32(p.im.table.raw[b*tableEntrySize:], sector)
	p.tableChanged = true
}

// dropBlock makes block b unallocated.
func (p *repairer) dropBlock(b int64, rule Rule, what, why string) {
	im := p.im
	p.setEntry(b, unallocated)
	loss := p.changeBlock(rule, b, "dropped from the table, "+what+p.shows(), why)
	p.lose(b*im.blockSize, (b+1)*im.blockSize, loss)
}

// repairBlocks drops blocks that lie nowhere, gives those that share bytes
// with others a place of their own, and completes one that the file's end
// cuts off.
func (p *repairer) repairBlocks() error {
	im := p.im
	p.bitmaps, p.movedFrom = map[int64]bitmap{}, map[int64]int64{}
	moves, used, err := p.sortOutBlocks()
	if err != nil {
		return err
	}
	p.base = p.dataEnd(used)
	budget := im.size // a file of which more than all is there twice is not worth it
	for _, b := range moves {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		budget -= im.bitmapSize + im.blockSize
		p.moveBlock(b, budget >= 0)
	}
	for _, c := range p.blockChanges {
		blocks := "Block " + dec(c.first) + " was "
		if c.count > 1 {
			blocks = dec(c.count) + " blocks, the first of them block " + dec(c.first) + ", were "
		}
		p.changeTable(c.rule, c.first, 1, blocks+c.what+".")
	}
	return nil
}

// sortOutBlocks goes through the blocks in the order of the file and mends
// those that stay. It returns those that need another place, and where the
// last byte in use is.
func (p *repairer) sortOutBlocks() (moves []int64, used int64, err error) {
	im := p.im
	own := append(im.hintStructures(), footerCopyPlace)
	if m := im.batmap; m != nil {
		own = append(own, extent{m.headerAt, m.headerAt + batmapHeaderSize})
	}
	table := extent{im.table.at, im.table.at + im.table.declared*tableEntrySize}
	for _, s := range append(append(own, table), im.structures...) {
		used = max(used, min(s.to, im.dataEnd))
	}
	last, upTo, told := int64(-1), int64(0), false // the block that ends last so far
	placed := p.placedBlocks()
	p.total = int64(len(placed)) * (im.bitmapSize + im.blockSize)
	for _, v := range placed {
		if err := p.ctx.Err(); err != nil {
			return nil, 0, err
		}
		b := int64(uint32(v))
		e := im.blockExtent(b)
		shared := e.from < upTo
		switch {
		case shared:
			rule := RuleBlockOverlap
			if e.from == im.blockExtent(last).from {
				rule = RuleBlockDuplicate
			}
			if !told {
				p.doubt(last, rule)
			}
			p.doubt(b, rule)
			moves, told = append(moves, b), true
		case slices.ContainsFunc(own, e.overlaps):
			loss := p.changeBlock(RuleBlockStructure, b, "copied away from the image's own structures, whose bytes may stand in the place of some of the data",
				"the block lay over the image's own structures")
			p.lose(b*im.blockSize, (b+1)*im.blockSize, loss)
			moves = append(moves, b)
		case p.mendHere(b, e):
			used = max(used, e.to)
		}
		if e.to > upTo {
			last, upTo, told = b, e.to, shared
		}
		p.advance(im.bitmapSize + im.blockSize)
	}
	return moves, used, nil
}

// placedBlocks lists the blocks that can be located, in the order of the
// file: sector and number of each. The others are dropped.
func (p *repairer) placedBlocks() []uint64 {
	im := p.im
	var placed []uint64
	for b := range im.table.entries() {
		if im.table.entry(b) == unallocated {
			continue
		}
		switch im.blockRule(b) {
		case RuleBlockOutside:
			p.dropBlock(b, RuleBlockOutside, "which led outside the file's data", "the block was said to lie outside the file's data")
		case RuleBlockStructure:
			p.dropBlock(b, RuleBlockStructure, "which led into the image's own structures", "the block was said to lie over the image's own structures")
		default:
			placed = append(placed, uint64(im.table.entry(b))<<32|uint64(b))
		}
	}
	slices.Sort(placed)
	return placed
}

// doubt notes that block b shared bytes with another.
func (p *repairer) doubt(b int64, rule Rule) {
	im := p.im
	loss := p.changeBlock(rule, b, "said to share bytes of the file with others, and of two that do at most one is right; those that are not dropped have bytes of their own now and read as before",
		"the block shared bytes of the file with another, and at most one of them is right")
	p.lose(b*im.blockSize, (b+1)*im.blockSize, loss)
}

// dataEnd is where the bytes of the old file end that the new one begins
// with, given the end of those in use. Where no footer stands at the end, the
// new one takes the last sector, unless that is in use.
func (p *repairer) dataEnd(used int64) int64 {
	im := p.im
	if im.footerAt > 0 || im.dataEnd < im.size {
		return max(im.dataEnd, used)
	}
	return max(roundUp(used, SectorSize), (im.size-1)/SectorSize*SectorSize)
}

// moveBlock gives block b a copy of the bytes where it is said to lie, if
// there is room.
func (p *repairer) moveBlock(b int64, room bool) {
	im := p.im
	e := im.blockExtent(b)
	at := placeAligned(p.end(), im.bitmapSize)
	if !room || at/SectorSize > maxSector {
		p.dropBlock(b, RuleBlockOverlap, "which led more than once to the same bytes, and to more than the file has", "the block shared bytes of the file with others")
		return
	}
	gone, ok := p.mend(b, e)
	if !ok {
		return
	}
	p.fillTo(at)
	if bm := p.bitmaps[b]; bm != nil {
		p.added.addData(bm)
	} else {
		p.added.addFile(0, e.from, im.bitmapSize)
	}
	data := e.from + im.bitmapSize
	for _, g := range append(gone, extent{e.to, e.to}) {
		p.added.addFile(0, data, g.from-data)
		p.added.addZeros(g.to - g.from)
		data = g.to
	}
	p.fillTo(at + im.bitmapSize + im.blockSize)
	p.movedFrom[b] = e.from
	p.setEntry(b, uint32(at/SectorSize))
}
