package vhd

// Structure is one of a file's structures, field by field.
type Structure struct {
	Name           string
	Offset, Length int64    // bytes in the file
	Sum            SumState // of its checksum
	Fields         []Field
}

// SumState tells whether a structure's checksum is right.
type SumState int

const (
	SumNone SumState = iota // it has no checksum
	SumGood
	SumBad
)

// Field is one field of a structure: what it says in words, its bytes and
// where they lie in the file.
type Field struct {
	Name   string
	Value  string
	Raw    []byte
	Offset int64
	Note   string // why the value is remarkable; empty where it is not
}

// Structures lists the structures of the file in the order in which they
// lie there. A raw image has none.
func (im *Image) Structures() []Structure {
	if im.kind == Raw {
		return nil
	}
	var list []Structure
	if im.footerCopy != nil && im.footerAt != 0 {
		list = append(list, footerStructure("Footer copy", im.footerCopy, 0))
	}
	list = append(list, footerStructure("Footer", im.footerRaw, im.footerAt))
	if im.header != nil {
		list = append(list, im.headerStructure(), im.tableStructure())
		list = append(list, im.locatorStructures()...)
	}
	if im.batmap != nil {
		list = append(list, im.batmapStructures()...)
	}
	// There are a dozen at most; those at one place keep their order.
	for i := range list {
		for ; i > 0 && list[i].Offset < list[i-1].Offset; i-- {
			list[i], list[i-1] = list[i-1], list[i]
		}
	}
	return list
}

// newStructure is a structure with the bytes raw at an offset of the file.
func newStructure(name string, raw []byte, offset int64, fields []fieldSpec) Structure {
	s := Structure{Name: name, Offset: offset, Length: int64(len(raw))}
	s.add("", raw, 0, fields)
	return s
}

// add appends the fields that stand in raw at byte at and behind.
func (s *Structure) add(prefix string, raw []byte, at int, fields []fieldSpec) {
	for _, f := range fields {
		from := at + f.at
		b := raw[from : from+f.length]
		value, note := f.text(b)
		s.Fields = append(s.Fields, Field{Name: prefix + f.name, Value: value, Raw: b, Offset: s.Offset + int64(from), Note: note})
	}
}

// note says what is remarkable about the field at byte at.
func (s *Structure) note(at int64, text string) {
	for i := range s.Fields {
		if s.Fields[i].Offset == s.Offset+at {
			s.Fields[i].Note = text
		}
	}
}

// checksum tells whether the checksum at byte at is right.
func (s *Structure) checksum(at int64, want uint32, good bool) {
	s.Sum = SumGood
	if !good {
		s.Sum = SumBad
		s.note(at, "the bytes sum to "+hex32(want))
	}
}

func footerStructure(name string, raw []byte, offset int64) Structure {
	s := newStructure(name, raw, offset, footerFields)
	f := parseFooter(raw)
	if f.CurrentSize != f.OriginalSize {
		s.note(footerCurrentSizeAt, "differs from the original size: the disk was resized; this is its size")
	}
	if uint64(f.Geometry.Size()) != f.CurrentSize {
		s.note(footerGeometryAt, "differs from the current size, which is the one that counts")
	}
	want, good := footerSum(raw)
	s.checksum(footerChecksumAt, want, good)
	return s
}

func (im *Image) headerStructure() Structure {
	s := newStructure("Dynamic header", im.headerRaw, im.headerAt, headerFields)
	for i, l := range im.header.Locators {
		fields := locatorFields
		if l == (LocatorEntry{}) {
			fields = fields[:1]
		}
		s.add("Locator "+dec(int64(i))+" ", im.headerRaw, headerLocatorsAt+i*locatorSize, fields)
	}
	s.add("", im.headerRaw, 0, headerTailFields)
	if needed := ceilDiv(im.disk, im.blockSize); int64(im.header.MaxTableEntries) != needed {
		s.note(headerEntriesAt, "the disk needs "+dec(needed))
	}
	s.checksum(headerChecksumAt, checksum(im.headerRaw, headerChecksumAt), im.headerGood)
	return s
}

func (im *Image) tableStructure() Structure {
	t := &im.table
	raw := t.bytes()
	s := Structure{Name: "Block allocation table", Offset: t.at, Length: int64(len(raw))}
	value := dec(t.count()) + " of " + dec(t.entries()) + " blocks of " + sizeText(uint64(im.blockSize)) + " allocated"
	s.Fields = []Field{{Name: "Entries", Value: value, Raw: raw, Offset: t.at}}
	// The first allocated blocks show how the writer lays blocks out.
	const shown = 16
	for b, n := int64(0), 0; b < t.entries() && n < shown; b++ {
		if b += t.unallocatedRun(b, t.entries()); b >= t.entries() {
			break
		}
		sector := int64(t.entry(b))
		f := Field{Name: "Block " + dec(b), Value: "sector " + dec(sector) + ", byte " + hexa(uint64(sector*SectorSize)),
			Raw: raw[b*tableEntrySize : (b+1)*tableEntrySize], Offset: t.at + b*tableEntrySize}
		if p := im.blockProblem(b); p != nil {
			f.Note = p.Msg
		}
		s.Fields = append(s.Fields, f)
		n++
	}
	return s
}

func (im *Image) locatorStructures() []Structure {
	var list []Structure
	for _, l := range im.locators {
		if l.Data == nil {
			continue
		}
		length, offset := int64(len(l.Data)), int64(l.Offset)
		value := l.Name
		if value == "" {
			value = dec(length) + " bytes, kept as they are"
		}
		list = append(list, Structure{Name: "Locator " + dec(int64(l.Slot)) + " (" + l.Code.String() + ")", Offset: offset, Length: length,
			Fields: []Field{{Name: l.Code.Meaning(), Value: value, Raw: l.Data, Offset: offset}}})
	}
	return list
}

func (im *Image) batmapStructures() []Structure {
	m := im.batmap
	s := newStructure("Batmap header (XenServer)", m.raw, m.headerAt, batmapFields)
	s.Sum = SumGood
	if m.flaw != "" {
		s.Sum = SumBad
		s.note(batmapChecksumAt, m.flaw)
	}
	list := []Structure{s}
	if m.usable() {
		value := dec(m.marked) + " of " + dec(im.table.entries()) + " blocks marked as full"
		list = append(list, Structure{Name: "Batmap", Offset: m.at, Length: int64(len(m.bits)),
			Fields: []Field{{Name: "Full blocks", Value: value, Raw: m.bits, Offset: m.at}}})
	}
	return list
}
