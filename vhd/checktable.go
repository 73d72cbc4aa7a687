package vhd

import (
	"context"
	"sort"
)

// checkSurplus looks at the part of the BAT that the disk does not need:
// entries for blocks past its end, and the padding behind them.
func (c *fileCheck) checkSurplus(ctx context.Context) error {
	im, t := c.im, &c.im.table
	used := t.at + int64(len(t.raw))
	if t.entries() < min(ceilDiv(im.disk, im.blockSize), t.declared) {
		return nil // the file ends inside the table, which Open told
	}
	declared := t.at + t.declared*tableEntrySize
	room, before := c.roomBehind(used)
	if declared > room {
		c.add(Finding{Rule: RuleTableEntries, Severity: Warning, Offset: im.headerAt + headerEntriesAt, Length: 4,
			Got: dec(t.declared), Want: "at most " + dec((room-t.at)/tableEntrySize),
			Message: "The header gives the block allocation table more entries than fit before " + before + "; the disk needs " + dec(t.entries()) + ", which do."})
	}
	end := min(declared, room, t.at+maxTable)
	err := c.read(ctx, extent{used, end}, "end of the block allocation table", -1, func(p []byte, off int64) {
		for at := int64(0); at+tableEntrySize <= int64(len(p)); at += tableEntrySize {
			// A zero is padding: no block lies over the footer's copy.
			sector := be32(p[at:])
			if sector == unallocated || sector == 0 {
				continue
			}
			c.each(RuleTableSurplus, Warning, func() Finding {
				return Finding{Offset: off + at, Length: tableEntrySize, Got: hex32(sector), Want: hex32(unallocated),
					Message: "Entry " + dec((off+at-t.at)/tableEntrySize) + " of the block allocation table is said to be allocated, but the disk ends before it."}
			})
		}
	})
	if err != nil || declared > room {
		return err
	}
	padding := extent{declared, min(roundUp(declared, SectorSize), room)}
	for i := range c.places {
		if p := &c.places[i]; p.held.from == t.at && p.held.to == used {
			p.to = padding.to
		}
	}
	return c.read(ctx, padding, "padding of the block allocation table", -1, func(p []byte, off int64) {
		if !evenlyPadded(p) {
			c.add(Finding{Rule: RuleTablePadding, Severity: Note, Offset: off, Length: int64(len(p)),
				Message: "The block allocation table is padded with neither ones nor zeros."})
		}
	})
}

// roomBehind is where the first structure or block begins behind a byte that
// ends a structure, and what that is.
func (c *fileCheck) roomBehind(at int64) (room int64, name string) {
	im := c.im
	room, name = max(at, im.dataEnd), "the end of the file's data"
	for i := range c.places {
		if p := &c.places[i]; p.to > at && p.from < room {
			room, name = max(p.from, at), p.name
		}
	}
	i := sort.Search(len(c.blocks), func(i int) bool { return im.blockExtent(blockOf(c.blocks[i])).from >= at })
	if i < len(c.blocks) {
		if b := blockOf(c.blocks[i]); im.blockExtent(b).from < room {
			room, name = im.blockExtent(b).from, "block "+dec(b)
		}
	}
	return room, name
}

// evenlyPadded reports whether all bytes are ones, or zeros: writers use both.
func evenlyPadded(b []byte) bool {
	for _, c := range b {
		if c != 0 && c != 0xFF {
			return false
		}
	}
	return true
}
