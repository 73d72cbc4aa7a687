package vhd

import (
	"bytes"
	"encoding/binary"
)

// repairTable reads the BAT, as much as the file gives of it, and decides
// whether the new file needs it in another place.
func (p *repairer) repairTable() error {
	im, h := p.im, p.im.header
	t := &im.table
	p.needed = ceilDiv(im.disk, im.blockSize)
	t.declared = int64(h.MaxTableEntries)
	want := min(p.needed, t.declared)
	if h.TableOffset > uint64(im.size) || want > 0 && uint64(im.size)-h.TableOffset < tableEntrySize {
		return broken(RuleTableOffset, im.headerAt+headerTableOffsetAt, "the block allocation table is said to begin at byte "+hexa(h.TableOffset)+", outside the file of %d bytes; without it no data can be located", im.size)
	}
	t.at = int64(h.TableOffset)
	have := min(want, max(0, im.dataEnd-t.at)/tableEntrySize)
	t.raw = make([]byte, have*tableEntrySize)
	im.placeStructures()
	if here := (extent{t.at, t.at + int64(len(t.raw))}); here.overlaps(extent{im.headerAt, im.headerAt + headerSize}) || im.footerCopy != nil && here.overlaps(footerCopyPlace) {
		return broken(RuleTableOffset, im.headerAt+headerTableOffsetAt, "the block allocation table is said to lie over the footer's copy or the header; without it no data can be located")
	}
	whole, err := p.readTable()
	if err != nil {
		return err
	}
	p.tableMoves = !whole || have < p.needed || t.at%SectorSize != 0 || t.at < footerSize && have > 0
	switch {
	case have < want:
		p.lose(have*im.blockSize, want*im.blockSize, broken(RuleTableTruncated, t.at+have*tableEntrySize, "the file ended inside the block allocation table"))
		p.changeTable(RuleTableTruncated, have, want-have, "The file ended inside the block allocation table; it is written anew, and "+dec(want-have)+" blocks of which the entries are lost are taken for unallocated"+p.shows()+".")
	case have < p.needed:
		p.changeTable(RuleTableEntries, have, p.needed-have, "The block allocation table had "+dec(have)+" entries for a disk of "+dec(p.needed)+" blocks; it is written anew with as many as it needs, the new ones unallocated.")
	case p.tableMoves && whole:
		p.changeTable(RuleTableOffset, 0, have, "The block allocation table began at byte "+hexa(uint64(t.at))+", where other readers cannot use it; it is written anew on a whole sector.")
	}
	if end := t.at + t.declared*tableEntrySize; !p.tableMoves && end > im.dataEnd {
		p.setHeader32(headerEntriesAt, uint32(p.needed))
		p.change(RuleTableEntries, im.headerAt+headerEntriesAt, 4, "The block allocation table was said to have "+dec(t.declared)+" entries, more than the file holds; it now has the "+dec(p.needed)+" that the disk needs.")
		t.declared = p.needed
	}
	im.openBatmap()
	return nil
}

// shows tells, for a sentence, what a lost range of the disk reads as.
func (p *repairer) shows() string {
	if p.im.kind == Differencing {
		return "; where data is lost, the parent's shows"
	}
	return "; what is lost reads as zeros"
}

// readTable reads the table's bytes and reports whether the file gave them
// all. Sectors that it does not give become unallocated entries.
func (p *repairer) readTable() (whole bool, err error) {
	t := &p.im.table
	if _, err := readFull(p.im.r, t.raw, t.at); err == nil {
		return true, nil
	}
	var cause error
	var gone tally
	const piece = SectorSize / tableEntrySize
	for b := int64(0); b < t.entries(); b += piece {
		if err := p.ctx.Err(); err != nil {
			return false, err
		}
		n := min(piece, t.entries()-b)
		raw := t.raw[b*tableEntrySize : (b+n)*tableEntrySize]
		_, err := readFull(p.im.r, raw, t.at+b*tableEntrySize)
		if err == nil {
			continue
		}
		copy(raw, unallocatedEntries)
		if cause == nil {
			cause = readFailed("block allocation table", t.at+b*tableEntrySize, err)
			gone.first = b
		}
		gone.count += n
		p.lose(b*p.im.blockSize, (b+n)*p.im.blockSize, cause)
	}
	if gone.count > 0 {
		p.changeTable(RuleRead, gone.first, gone.count, "The entries of "+dec(gone.count)+" blocks cannot be read; the table is written anew, and they are taken for unallocated"+p.shows()+".")
	}
	return gone.count == 0, nil
}

// unallocatedEntries are as many as a sector and more has, for the parts of
// new tables.
var unallocatedEntries = bytes.Repeat([]byte{0xFF}, 64<<10)

// changeTable notes a change of n entries from entry b on.
func (p *repairer) changeTable(rule Rule, b, n int64, message string) {
	p.tableChanges = append(p.tableChanges, Change{rule, b * tableEntrySize, n * tableEntrySize, message})
}

// placeTable puts the table into the new file.
func (p *repairer) placeTable() {
	im, t := p.im, &p.im.table
	if p.tableMoves {
		t.at = roundUp(p.end(), SectorSize)
		p.fillTo(t.at)
		p.added.addData(t.raw)
		for end := t.at + roundUp(p.needed*tableEntrySize, SectorSize); p.end() < end; {
			p.added.addData(unallocatedEntries[:min(end-p.end(), int64(len(unallocatedEntries)))])
		}
		binary.BigEndian.PutUint64(im.headerRaw[headerTableOffsetAt:], uint64(t.at))
		p.setHeader32(headerEntriesAt, uint32(p.needed))
		p.placeBatmapBehind()
	} else if p.tableChanged {
		p.patches = append(p.patches, Patch{t.at, t.raw})
	}
	for _, c := range p.tableChanges {
		p.change(c.Rule, t.at+c.Offset, c.Length, c.Message)
	}
}
