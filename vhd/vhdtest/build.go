package vhdtest

import "fmt"

// Build lays the image out. It panics where the Spec contradicts itself (nine
// locators, a block outside the table): that is a mistake in the test.
func (s Spec) Build() *File {
	s.setDefaults()
	b := builder{spec: &s, file: NewFile()}
	if s.Type == Fixed {
		b.placeFixed()
	} else {
		b.placeSparse()
	}
	b.placeFooter()
	b.file.Append(s.Junk)
	return b.file
}

func (s *Spec) setDefaults() {
	if s.BlockSize == 0 {
		s.BlockSize = DefaultBlockSize
	}
	if s.UUID == (UUID{}) {
		s.UUID = ID("vhdtest")
	}
	if s.Timestamp == 0 {
		s.Timestamp = 820454400 // 2026-01-01 00:00 UTC
	}
	if s.Creator == "" {
		s.Creator = "win "
	}
	if s.CreatorVersion == 0 {
		s.CreatorVersion = 0x000A0000
	}
	if s.CreatorOS == "" {
		s.CreatorOS = "Wi2k"
	}
	if s.OriginalSize == 0 {
		s.OriginalSize = s.Size
	}
	if s.Geometry == nil {
		s.Geometry = new(CHS(s.Size))
	}
	if s.HeaderOffset == 0 {
		s.HeaderOffset = FooterSize
	}
	if s.TableOffset == 0 {
		s.TableOffset = s.HeaderOffset + HeaderSize
	}
}

// builder places structures one behind the other; end is behind all of them.
type builder struct {
	spec *Spec
	file *File
	end  int64
}

// claim reserves length bytes at off, or at the end for off 0, and says where.
func (b *builder) claim(off, length int64) int64 {
	if off == 0 {
		off = roundUp(b.end, Sector)
	}
	b.end = max(b.end, off+length)
	if b.file.size < b.end {
		b.file.Truncate(b.end)
	}
	return off
}

func (b *builder) placeFixed() {
	s := b.spec
	b.claim(0, s.Size)
	if s.Fill != nil {
		b.file.PutSource(0, s.Size, s.Fill)
	} else if int64(len(s.Data)) > s.Size {
		panic(fmt.Sprintf("vhdtest: %d bytes of data for a disk of %d", len(s.Data), s.Size))
	} else {
		b.file.PutSource(0, int64(len(s.Data)), bytesSource(s.Data))
	}
}

func (b *builder) placeSparse() {
	s, l := b.spec, &b.file.Layout
	b.claim(0, FooterSize)
	if !s.NoFooterCopy {
		l.FooterCopy = 0
		b.file.Put(0, s.footer())
	}
	l.Header = b.claim(s.HeaderOffset, HeaderSize)
	l.Entries = s.entries()
	l.Table = b.claim(s.TableOffset, roundUp(4*int64(l.Entries), Sector))
	// The batmap header is found behind the table, so nothing may come between.
	if s.Batmap != nil {
		l.BatmapHead = b.claim(l.Table+roundUp(4*int64(l.Entries), Sector), BatmapHeaderSize)
		l.batmapLength = len(s.batmapBits())
		l.BatmapMap = b.claim(0, int64(l.batmapLength))
	}
	slots := b.placeLocators()
	table := b.placeBlocks()

	b.file.Put(l.Header, s.header(slots, uint32(l.Entries)))
	b.file.PutSource(l.Table, table.length(), table.read)
	if s.Batmap != nil {
		bits := s.batmapBits()
		b.file.Put(l.BatmapHead, s.batmapHeader(bits, l.BatmapMap))
		b.file.Put(l.BatmapMap, bits)
	}
}

// entries is how many the table needs for Size, and the extra ones.
func (s *Spec) entries() int {
	return int((s.Size+int64(s.BlockSize)-1)/int64(s.BlockSize)) + s.ExtraEntries
}

func (b *builder) placeLocators() [8]locatorEntry {
	var slots [8]locatorEntry
	var taken [8]bool
	for _, loc := range b.spec.Locators {
		slot := loc.Slot
		for slot < 8 && taken[slot] {
			slot++
		}
		if slot < 0 || slot > 7 {
			panic(fmt.Sprintf("vhdtest: no free locator slot from %d on", loc.Slot))
		}
		taken[slot] = true
		space := loc.Space
		if space == 0 {
			space = uint32(max(Sector, roundUp(int64(len(loc.Data)), Sector)))
		}
		off := b.claim(loc.At, max(int64(space), int64(len(loc.Data))))
		b.file.Layout.Locators[slot] = off
		b.file.Put(off, loc.Data)
		slots[slot] = loc.entry(space, off)
	}
	return slots
}

func (b *builder) placeBlocks() *table {
	s, l := b.spec, &b.file.Layout
	t := newTable(l.Entries, s.ZeroTablePad)
	bitmapLength := BitmapLength(s.BlockSize)
	for _, block := range s.Blocks {
		stored := int64(s.BlockSize)
		if block.Stored != 0 {
			stored = block.Stored
		}
		at := b.claim(b.nextBlock(bitmapLength), bitmapLength+stored)
		place := BlockLayout{block.Index, at, bitmapLength, at + bitmapLength, stored}
		l.Blocks = append(l.Blocks, place)
		b.file.Put(at, s.storedBitmap(&block))
		b.putBlockData(&block, place)
		t.set(block.Index, uint32(at/Sector))
	}
	return t
}

// nextBlock is where the next bitmap starts.
func (b *builder) nextBlock(bitmapLength int64) int64 {
	at := roundUp(b.end, Sector)
	if b.spec.Aligned {
		at = roundUp(at+bitmapLength, 8*Sector) - bitmapLength
	}
	return at
}

func (b *builder) placeFooter() {
	s, l := b.spec, &b.file.Layout
	if s.NoFooter {
		return
	}
	at := b.end // behind a fixed disk's last byte even where that is no sector
	if s.Type != Fixed {
		at = b.nextBlock(FooterSize)
	}
	l.FooterLength = FooterSize
	if s.ShortFooter {
		l.FooterLength = FooterSize - 1
	}
	l.Footer = b.claim(at, int64(l.FooterLength))
	b.file.Put(l.Footer, s.footer()[:l.FooterLength])
}
