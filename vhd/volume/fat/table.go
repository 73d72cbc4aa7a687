package fat

import (
	"fmt"
	"io"

	"vhdscope/vhd/volume/fsys"
)

// What an entry of the FAT says of its cluster, but for the number of the
// next one ("FAT Data Structure"; exFAT "FatEntry[2] … Fields"). FAT12, FAT16
// and FAT32 have fewer bits, which are widened to these.
const (
	linkFree = 0
	linkBad  = 0xFFFFFFF7
	linkEnd  = 0xFFFFFFFF
)

// table is the FAT.
type table struct {
	pages *pages
	bits  int
	exFAT bool
	start int64 // in the volume, of the FAT that counts
}

func newTable(v *volume) *table {
	t := &table{bits: v.bits, exFAT: v.exFAT, start: v.tables[v.active]}
	copies := []io.ReaderAt{io.NewSectionReader(v.r, t.start, v.tableSize)}
	if v.alike {
		for _, start := range v.tables[1:] {
			copies = append(copies, io.NewSectionReader(v.r, start, v.tableSize))
		}
	}
	t.pages = newPages(((int64(v.clusters)+2)*int64(v.bits)+7)/8, copies...)
	return t
}

// offset is where in the volume a cluster's entry is.
func (t *table) offset(cluster uint32) int64 { return t.start + int64(cluster)*int64(t.bits)/8 }

// links reads entries of the FAT.
type links struct {
	*table
	cursor
}

func (t *table) links() *links { return &links{t, cursor{pages: t.pages}} }

// link is the entry of a cluster, which the volume has.
func (l *links) link(cluster uint32) (uint32, error) {
	off, n := int64(cluster)*int64(l.bits)/8, int64(2)
	if l.bits == 32 {
		n = 4
	}
	b, err := l.cursor.at(off, n)
	if err != nil {
		return 0, &fsys.Error{Kind: fsys.ErrDamaged, Offset: l.offset(cluster), Msg: fmt.Sprintf("the FAT cannot be read where it tells what follows cluster %d", cluster), Err: err}
	}
	if l.exFAT {
		return le.Uint32(b), nil
	}
	switch l.bits {
	case 12: // one and a half bytes each: a whole FAT12 lies in one page
		return widen(uint32(le.Uint16(b)>>(4*(cluster&1))&0xFFF), 0xFFF), nil
	case 16:
		return widen(uint32(le.Uint16(b)), 0xFFFF), nil
	}
	return widen(le.Uint32(b)&0x0FFFFFFF, 0x0FFFFFFF), nil // the upper 4 bits are reserved
}

// widen gives an entry whose bits are those of most the 32-bit marks.
func widen(link, most uint32) uint32 {
	switch {
	case link >= most-7:
		return linkEnd
	case link == most-8:
		return linkBad
	}
	return link
}
