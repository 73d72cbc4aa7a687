package vhd

import (
	"encoding/binary"
	"slices"
)

// table is the BAT: for each block the sector of the file where its bitmap
// begins, data following (section "Block Allocation Table and Data Blocks").
// Entries stay as they are in the file; a 2040 GiB disk has a million.
type table struct {
	at        int64  // offset in the file
	raw       []byte // big-endian entries, no more than the disk needs
	declared  int64  // entries that the header gives the table
	allocated int64  // entries in raw that are not all ones
	live      *liveTable
}

// entries counts the entries that were read.
func (t *table) entries() int64 { return int64(len(t.raw)) / tableEntrySize }

// entry is the sector of block b, which must be below entries.
func (t *table) entry(b int64) uint32 {
	if t.live != nil {
		return t.live.entries[b].Load()
	}
	return binary.BigEndian.Uint32(t.raw[b*tableEntrySize:])
}

// unallocatedRun counts the unallocated blocks from b, at most to end.
func (t *table) unallocatedRun(b, end int64) int64 {
	end = min(end, t.entries())
	n := b
	for n < end && t.entry(n) == unallocated {
		n++
	}
	return n - b
}

// maxTable bounds a table's bytes: four times those of a 2 TiB disk in blocks
// of 512 KiB, the smallest that Microsoft's tools make.
const maxTable = 64 << 20

// openTable reads the BAT, as much of it as the disk's size needs and the
// file holds.
func (im *Image) openTable() error {
	h := im.header
	at := im.headerAt + headerTableOffsetAt
	needed := ceilDiv(im.disk, im.blockSize)
	im.table.declared = int64(h.MaxTableEntries)
	want := min(needed, im.table.declared)
	if h.TableOffset > uint64(im.size) || (want > 0 && uint64(im.size)-h.TableOffset < tableEntrySize) {
		return broken(RuleTableOffset, at, "the block allocation table is said to begin at byte "+hexa(h.TableOffset)+", outside the file of %d bytes", im.size)
	}
	im.table.at = int64(h.TableOffset)
	if im.table.at%SectorSize != 0 {
		im.note(Finding{Rule: RuleTableOffset, Severity: Warning, Offset: at, Length: 8, Got: hexa(h.TableOffset),
			Want: "whole sectors", Message: "The block allocation table does not begin on a sector."})
	}
	if needed > im.table.declared {
		im.note(Finding{Rule: RuleTableEntries, Severity: Error, Offset: im.headerAt + headerEntriesAt, Length: 4,
			Got: dec(im.table.declared), Want: "at least " + dec(needed),
			Message: "The block allocation table is too small for the disk; what lies past it is taken for unallocated."})
	}
	if fits := max(0, im.dataEnd-im.table.at) / tableEntrySize; want > fits {
		im.note(Finding{Rule: RuleTableTruncated, Severity: Error, Offset: im.table.at, Length: max(0, im.dataEnd-im.table.at),
			Got: dec(fits) + " entries", Want: dec(want) + " entries",
			Message: "The file ends inside the block allocation table; the blocks past it cannot be read."})
		want = fits
	}
	if want*tableEntrySize > maxTable {
		return broken(RuleTableEntries, im.headerAt+headerEntriesAt, "a block allocation table of %d entries is larger than any that is read", want)
	}
	im.table.raw = make([]byte, want*tableEntrySize)
	if _, err := readFull(im.r, im.table.raw, im.table.at); err != nil {
		return readFailed("block allocation table", im.table.at, err)
	}
	im.placeStructures()
	return nil
}

// extent is a range of bytes of a file.
type extent struct{ from, to int64 }

func (a extent) overlaps(b extent) bool { return a.from < b.to && b.from < a.to }

// placeStructures notes the ranges that no block may lie over: a block there
// would take the image's own bookkeeping for data.
func (im *Image) placeStructures() {
	table := extent{im.table.at, im.table.at + int64(len(im.table.raw))}
	im.structures = []extent{{im.headerAt, im.headerAt + headerSize}}
	if im.footerCopy != nil {
		im.structures = append(im.structures, extent{0, footerSize})
	}
	if im.overStructure(table) {
		im.note(Finding{Rule: RuleTableOffset, Severity: Error, Offset: im.headerAt + headerTableOffsetAt, Length: 8, Got: hexa(uint64(table.from)),
			Message: "The block allocation table is said to lie over the footer's copy or the header; its entries are not to be trusted."})
	}
	im.structures = append(im.structures, table)
}

// overStructure reports whether a range lies over a structure of the image.
func (im *Image) overStructure(e extent) bool {
	for _, s := range im.structures {
		if e.overlaps(s) {
			return true
		}
	}
	return false
}

// blockExtent is where block b lies, its data cut at the disk's end.
func (im *Image) blockExtent(b int64) extent {
	at := int64(im.table.entry(b)) * SectorSize
	data := min(im.blockSize, im.disk-b*im.blockSize)
	return extent{at, at + im.bitmapSize + roundUp(data, SectorSize)}
}

// blockRule is the rule for which block b, which must be allocated, cannot be
// used at all; empty where it can.
func (im *Image) blockRule(b int64) Rule {
	e := im.blockExtent(b)
	switch {
	case e.from+im.bitmapSize > im.dataEnd:
		return RuleBlockOutside
	case im.overStructure(e):
		return RuleBlockStructure
	}
	return ""
}

// blockProblem is blockRule as an error; nil where the block can be used.
func (im *Image) blockProblem(b int64) *FormatError {
	rule := im.blockRule(b)
	if rule == "" {
		return nil
	}
	where := "outside the file's data"
	if rule == RuleBlockStructure {
		where = "over the image's own structures"
	}
	return broken(rule, im.table.at+b*tableEntrySize, "block %d is said to lie at byte "+hexa(uint64(im.blockExtent(b).from))+", "+where, b)
}

// checkBlocks looks over the whole BAT once and notes what is wrong with it,
// one finding a rule. The sort is linear where blocks lie in order.
func (im *Image) checkBlocks() {
	var outside, truncated, over, overlap tally
	others := im.hintStructures()
	var placed []uint64 // entry and block of each block that can be located
	for b := range im.table.entries() {
		if im.table.entry(b) == unallocated {
			continue
		}
		im.table.allocated++
		e := im.blockExtent(b)
		switch im.blockRule(b) {
		case RuleBlockOutside:
			outside.add(b)
			continue
		case RuleBlockStructure:
			over.add(b)
			continue
		}
		if e.to > im.dataEnd {
			truncated.add(b)
		}
		for _, s := range others {
			if e.overlaps(s) {
				over.add(b)
				break
			}
		}
		placed = append(placed, uint64(im.table.entry(b))<<32|uint64(b))
	}
	slices.Sort(placed)
	for i := 1; i < len(placed); i++ {
		b := int64(uint32(placed[i]))
		if im.blockExtent(b).overlaps(im.blockExtent(int64(uint32(placed[i-1])))) {
			overlap.add(b)
		}
	}
	im.reportBlocks(RuleBlockOutside, &outside, "cannot be read: said to lie outside the file's data")
	im.reportBlocks(RuleBlockStructure, &over, "cannot be trusted: said to lie over the image's own structures")
	im.reportBlocks(RuleBlockTruncated, &truncated, "cannot all be read: cut off by the end of the file's data")
	im.reportBlocks(RuleBlockOverlap, &overlap, "cannot be trusted: said to share bytes of the file with another block")
}

// hintStructures are structures that reading the disk can do without.
func (im *Image) hintStructures() []extent {
	var s []extent
	for _, l := range im.locators {
		if l.Data != nil {
			s = append(s, extent{int64(l.Offset), int64(l.Offset) + int64(len(l.Data))})
		}
	}
	return append(s, im.batmapExtents()...)
}

// batmapExtents are where a batmap and its header lie; none where it cannot
// be used.
func (im *Image) batmapExtents() []extent {
	if !im.batmap.usable() {
		return nil
	}
	return []extent{{im.batmap.headerAt, im.batmap.headerAt + batmapHeaderSize},
		{im.batmap.at, im.batmap.at + int64(len(im.batmap.bits))}}
}

// tally counts blocks and remembers the first.
type tally struct{ count, first int64 }

func (t *tally) add(b int64) {
	if t.count == 0 {
		t.first = b
	}
	t.count++
}

func (im *Image) reportBlocks(rule Rule, t *tally, what string) {
	if t.count == 0 {
		return
	}
	blocks := "Block " + dec(t.first)
	if t.count > 1 {
		blocks = dec(t.count) + " blocks, the first of them block " + dec(t.first) + ","
	}
	im.note(Finding{Rule: rule, Severity: Error, Offset: im.table.at + t.first*tableEntrySize, Length: tableEntrySize,
		Got: hex32(im.table.entry(t.first)), Message: blocks + " " + what + "."})
}
