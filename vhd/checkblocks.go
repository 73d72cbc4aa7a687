package vhd

import (
	"context"
	"slices"
)

// blockOf is the block of an element of fileCheck.blocks.
func blockOf(placed uint64) int64 { return int64(uint32(placed)) }

// locateBlocks looks over the BAT and lists the blocks that can be located:
// entry and number of each in one word, so that they sort as they lie in the
// file.
func (c *fileCheck) locateBlocks(ctx context.Context) error {
	im := c.im
	c.blocks = make([]uint64, 0, im.table.allocated)
	for b := int64(0); b < im.table.entries(); b++ {
		if b += im.table.unallocatedRun(b, im.table.entries()); b >= im.table.entries() {
			break
		}
		if b&0xFFFF == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch e := im.blockExtent(b); im.blockRule(b) {
		case RuleBlockOutside:
			c.eachBlock(RuleBlockOutside, Error, b, func() string {
				return "is said to lie at byte " + hexa(uint64(e.from)) + ", outside the file's data; it cannot be read"
			})
		case RuleBlockStructure:
			c.eachBlock(RuleBlockStructure, Error, b, func() string {
				return "is said to lie at byte " + hexa(uint64(e.from)) + ", over " + c.over(e) + "; it cannot be read"
			})
		default:
			c.checkOver(b, e)
			c.blocks = append(c.blocks, uint64(im.table.entry(b))<<32|uint64(b))
		}
	}
	if !slices.IsSorted(c.blocks) {
		slices.Sort(c.blocks)
	}
	return ctx.Err()
}

// eachBlock notes something about block b: tell continues "Block b".
func (c *fileCheck) eachBlock(rule Rule, severity Severity, b int64, tell func() string) {
	c.each(rule, severity, func() Finding {
		t := &c.im.table
		return Finding{Offset: t.at + b*tableEntrySize, Length: tableEntrySize, Got: hex32(t.entry(b)),
			Message: "Block " + dec(b) + " " + tell() + "."}
	})
}

// over names the first structure that a range lies over.
func (c *fileCheck) over(e extent) string {
	for i := range c.places {
		if c.places[i].overlaps(e) {
			return c.places[i].name
		}
	}
	return "the image's own structures"
}

// checkOver looks for structures under a block that can be read all the same.
func (c *fileCheck) checkOver(b int64, e extent) {
	for i := range c.places {
		p := &c.places[i]
		if p.from >= c.im.dataEnd || !p.overlaps(e) {
			continue // the footer at the end cuts a block short
		}
		if p.held.overlaps(e) {
			c.eachBlock(RuleBlockStructure, Error, b, func() string { return "lies over " + p.name + "; one of the two was overwritten" })
		} else {
			c.eachBlock(RuleBlockStructure, Warning, b, func() string {
				return "lies in space that is reserved for " + p.name + "; a tool that writes there would destroy it"
			})
		}
	}
}

// checkOverlaps looks for blocks that share bytes of the file.
func (c *fileCheck) checkOverlaps() {
	im := c.im
	if len(c.blocks) == 0 {
		return
	}
	first := c.blocks[0] // of those at one place
	far := blockOf(first)
	for _, placed := range c.blocks[1:] {
		b := blockOf(placed)
		e, reach := im.blockExtent(b), im.blockExtent(far)
		switch {
		case placed>>32 == first>>32:
			c.eachBlock(RuleBlockDuplicate, Error, b, func() string {
				return "is said to lie at byte " + hexa(uint64(e.from)) + ", where block " + dec(blockOf(first)) + " lies too; at most one of them is right"
			})
		case e.overlaps(reach):
			c.eachBlock(RuleBlockOverlap, Error, b, func() string {
				return "shares " + dec(min(e.to, reach.to)-e.from) + " bytes from byte " + hexa(uint64(e.from)) + " on with block " + dec(far) + "; at most one of them is right"
			})
		}
		if placed>>32 != first>>32 {
			first = placed
		}
		if e.to > reach.to {
			far = b
		}
	}
}

const (
	// headSlack is how much of a file's head writers leave unused: Windows
	// fills some kilobytes behind the structures, and a tool that gives a
	// locator new space leaves the old.
	headSlack = 64 << 10

	// blockSlack is how much writers leave between blocks to align them.
	blockSlack = 4 << 10
)

// checkLostSpace looks for bytes that nothing refers to: a gap that is larger
// than writers leave, before the first block or behind it.
func (c *fileCheck) checkLostSpace() {
	im := c.im
	var lost []extent
	var count, total int64
	used, slack, next := int64(0), int64(headSlack), 0
	reach := func(e extent) {
		if gap := e.from - used; gap > slack || gap == slack && slack == blockSlack {
			count, total = count+1, total+gap
			if count <= maxListed {
				lost = append(lost, extent{used, e.from})
			}
		}
		used = max(used, e.to)
	}
	structures := func(before int64) {
		for ; next < len(c.places) && c.places[next].from <= before; next++ {
			reach(c.places[next].extent)
		}
	}
	for _, placed := range c.blocks {
		from := im.blockExtent(blockOf(placed)).from
		structures(from)
		reach(extent{from, min(from+im.bitmapSize+im.blockSize, im.dataEnd)})
		slack = blockSlack
	}
	structures(im.size)
	reach(extent{im.dataEnd, im.dataEnd})
	all := ""
	if count > 1 {
		all = "; all " + dec(count) + " such places have " + dec(total)
	}
	for i := range count {
		c.each(RuleLostSpace, Note, func() Finding {
			e := lost[i]
			return Finding{Offset: e.from, Length: e.to - e.from, Got: dec(e.to-e.from) + " bytes" + all,
				Message: "Nothing in the image refers to these " + dec(e.to-e.from) + " bytes; they are wasted, or belong to a block whose entry was lost."}
		})
	}
}
