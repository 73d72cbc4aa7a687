package vhd

// blockAlignment is where the data of a new block begins, and where a new
// file ends: on 4 KiB, the sector of today's disks. Windows 8 and later and
// blktap lay blocks out so.
const blockAlignment = 4096

// placeAligned is the first place from end on for lead bytes that end on a
// border of 4 KiB: a bitmap, which its data follows, or the footer.
func placeAligned(end, lead int64) int64 { return roundUp(end+lead, blockAlignment) - lead }

// layout is a new dynamic or differencing image: the structures in front of
// the first block, in the order footer copy, header, BAT, locators.
type layout struct {
	footer     Footer // the copy and the one at the end
	header     Header
	locators   []locatorText // Header.Locators says where they lie
	blocks     int64         // that the disk has
	bitmapSize int64
	end        int64 // of the structures; blocks begin behind
}

const (
	newHeaderAt = footerSize
	newTableAt  = newHeaderAt + headerSize

	// maxSector is the last sector that a BAT entry can name.
	maxSector = unallocated - 1

	// maxSparseSize is the largest disk that Microsoft's tools make of blocks.
	maxSparseSize = 2040 << 30

	defaultBlockSize = 2 << 20
)

// layout lays a dynamic or differencing image out, or says why there is none.
func (n NewImage) layout() (*layout, error) {
	if n.Parent == nil {
		return n.layoutWith(nil)
	}
	f, err := n.Parent.encode()
	if err != nil {
		return nil, err
	}
	return n.layoutWith(f)
}

// layoutWith is layout with the parent's fields as they are to stand in the
// header; nil where the image has no parent.
func (n NewImage) layoutWith(parent *parentFields) (*layout, error) {
	footer, err := n.footer()
	if err != nil {
		return nil, err
	}
	blockSize := n.BlockSize
	if blockSize == 0 {
		blockSize = defaultBlockSize
	}
	if blockSize < 0 || blockSize > maxBlockSize || !validBlockSize(uint32(blockSize)) {
		return nil, broken(RuleBlockSize, -1, "blocks of %d bytes cannot be made: a block has a power of two from 512 bytes to 256 MiB", blockSize)
	}
	if n.Size > maxSparseSize {
		return nil, broken(RuleSize, -1, "a "+n.Type.String()+" image holds a disk of 2040 GiB at most, and not of %d bytes", n.Size)
	}
	l := &layout{footer: footer, blocks: ceilDiv(n.Size, blockSize), bitmapSize: bitmapSize(blockSize)}
	l.header = Header{Cookie: headerCookie, DataOffset: noOffset, TableOffset: newTableAt, Version: formatV1,
		MaxTableEntries: uint32(l.blocks), BlockSize: uint32(blockSize)}
	l.end = roundUp(newTableAt+l.blocks*tableEntrySize, SectorSize)
	if parent != nil {
		l.placeParent(parent)
	}
	stride := roundUp(l.bitmapSize+blockSize, blockAlignment)
	if l.blocks*tableEntrySize > maxTable || l.firstBlock()+l.blocks*stride > maxSector*SectorSize {
		return nil, broken(RuleBlockSize, -1, "a disk of %d bytes needs larger blocks than those of %d bytes", n.Size, blockSize)
	}
	return l, nil
}

// placeParent writes the parent's fields into the header and gives each
// locator its space.
func (l *layout) placeParent(f *parentFields) {
	l.header.ParentUUID, l.header.ParentTimestamp, l.header.ParentName = f.uuid, f.modified, f.name
	l.locators = f.locators
	l.end = roundUp(l.end, blockAlignment)
	for slot, t := range f.locators {
		l.header.Locators[slot] = t.entry(l.end)
		l.end += t.space()
	}
}

// firstBlock is where the bitmap of the first block goes.
func (l *layout) firstBlock() int64 { return placeAligned(l.end, l.bitmapSize) }

// head is the file up to the end of the structures, with no block allocated.
func (l *layout) head() []byte {
	b := make([]byte, l.end)
	copy(b, l.footer.encode())
	copy(b[newHeaderAt:], l.header.encode())
	table := b[newTableAt:roundUp(newTableAt+l.blocks*tableEntrySize, SectorSize)]
	for i := range table {
		table[i] = 0xFF
	}
	for slot, t := range l.locators {
		copy(b[l.header.Locators[slot].Offset:], t.data)
	}
	return b
}
