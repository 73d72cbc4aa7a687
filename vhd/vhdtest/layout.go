package vhdtest

// Layout says where the structures of a built file stand, as byte offsets
// from its start. An absent structure is at -1.
type Layout struct {
	FooterCopy int64
	Header     int64
	Table      int64
	Entries    int   // of the table
	BatmapHead int64 // the tdbatmap header
	BatmapMap  int64 // the bits it describes
	Locators   [8]int64
	Blocks     []BlockLayout // in file order, as Spec.Blocks
	Footer     int64

	FooterLength int // 512, or 511

	batmapLength int
}

// BlockLayout is where one block stands.
type BlockLayout struct {
	Index        int // which block of the disk
	Bitmap       int64
	BitmapLength int64
	Data         int64
	DataLength   int64
}

func noLayout() Layout {
	l := Layout{FooterCopy: -1, Header: -1, Table: -1, BatmapHead: -1, BatmapMap: -1, Footer: -1}
	for i := range l.Locators {
		l.Locators[i] = -1
	}
	return l
}

// Entry is where table entry i stands; i may lie beyond the table.
func (l *Layout) Entry(i int) int64 { return l.Table + 4*int64(i) }

// LocatorEntry is where the header's entry for a slot stands.
func (l *Layout) LocatorEntry(slot int) int64 {
	return l.Header + HeaderLocators + LocatorEntrySize*int64(slot)
}

// Block is where block index of the disk stands, and whether the file holds it.
func (l *Layout) Block(index int) (BlockLayout, bool) {
	for _, b := range l.Blocks {
		if b.Index == index {
			return b, true
		}
	}
	return BlockLayout{}, false
}

// BitmapLength is the size of a block's bitmap field in bytes: one bit a
// sector, in whole sectors, at least one.
func BitmapLength(blockSize uint32) int64 {
	bits := int64(blockSize) / Sector
	return max(Sector, roundUp((bits+7)/8, Sector))
}

func roundUp(n, unit int64) int64 { return (n + unit - 1) / unit * unit }
