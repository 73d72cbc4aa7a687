package vhd

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

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
	var list []Structure
	if im.kind == Raw {
		return nil
	}
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
	slices.SortStableFunc(list, func(a, b Structure) int { return cmp.Compare(a.Offset, b.Offset) })
	return list
}

// fieldsOf collects fields of one structure.
type fieldsOf struct {
	Structure
	raw []byte
}

func (s *fieldsOf) add(name string, at, length int, value string) *Field {
	s.Fields = append(s.Fields, Field{Name: name, Value: value, Raw: s.raw[at : at+length], Offset: s.Offset + int64(at)})
	return &s.Fields[len(s.Fields)-1]
}

func (s *fieldsOf) checksum(at int, want uint32, good bool) {
	f := s.add("Checksum", at, 4, hex32(be32(s.raw[at:])))
	s.Sum = SumGood
	if !good {
		s.Sum, f.Note = SumBad, "the bytes sum to "+hex32(want)
	}
}

func (s *fieldsOf) reserved(name string, at, length int) {
	f := s.add(name, at, length, "zero")
	if !allZero(f.Raw) {
		f.Value, f.Note = "not zero", "the specification wants zeros"
	}
}

func footerStructure(name string, raw []byte, offset int64) Structure {
	s := fieldsOf{Structure{Name: name, Offset: offset, Length: footerSize}, raw}
	f := parseFooter(raw)
	s.add("Cookie", 0, 8, printable(f.Cookie))
	s.add("Features", footerFeaturesAt, 4, featureText(f.Features))
	s.add("Format version", footerVersionAt, 4, versionString(f.Version))
	s.add("Data offset", footerDataOffsetAt, 8, offsetText(f.DataOffset))
	s.add("Created", footerCreatedAt, 4, f.Created.String())
	s.add("Creator application", footerCreatorAt, 4, fmt.Sprintf("%s (%s)", printable(f.Creator), creatorName(f.Creator)))
	s.add("Creator version", footerCreatorVersionAt, 4, versionString(f.CreatorVersion))
	s.add("Creator host OS", footerCreatorOSAt, 4, hostText(f.CreatorOS))
	s.add("Original size", footerOriginalSizeAt, 8, sizeText(f.OriginalSize))
	current := s.add("Current size", footerCurrentSizeAt, 8, sizeText(f.CurrentSize))
	if f.CurrentSize != f.OriginalSize {
		current.Note = "differs from the original size: the disk was resized; this is its size"
	}
	g := s.add("Geometry", footerGeometryAt, 4, fmt.Sprintf("%s cylinders/heads/sectors = %s", f.Geometry, sizeText(uint64(f.Geometry.Size()))))
	if uint64(f.Geometry.Size()) != f.CurrentSize {
		g.Note = "differs from the current size, which is the one that counts"
	}
	s.add("Disk type", footerTypeAt, 4, fmt.Sprintf("%d (%s)", uint32(f.Type), f.Type))
	want, good := footerSum(raw)
	s.checksum(footerChecksumAt, want, good)
	s.add("Unique ID", footerUUIDAt, 16, uuidText(f.UUID))
	saved := s.add("Saved state", footerSavedStateAt, 1, fmt.Sprint(f.SavedState))
	if f.SavedState != 0 {
		saved.Note = "a virtual machine was saved in the middle of its run"
	}
	s.add("Hidden (XenServer)", footerHiddenAt, 1, fmt.Sprint(f.Hidden))
	s.reserved("Reserved", footerReservedAt, footerSize-footerReservedAt)
	return s.Structure
}

func (im *Image) headerStructure() Structure {
	s := fieldsOf{Structure{Name: "Dynamic header", Offset: im.headerAt, Length: headerSize}, im.headerRaw}
	h := im.header
	s.add("Cookie", 0, 8, printable(h.Cookie))
	s.add("Data offset", headerDataOffsetAt, 8, offsetText(h.DataOffset))
	s.add("Table offset", headerTableOffsetAt, 8, offsetText(h.TableOffset))
	s.add("Header version", headerVersionAt, 4, versionString(h.Version))
	entries := s.add("Max table entries", headerEntriesAt, 4, fmt.Sprint(h.MaxTableEntries))
	if needed := ceilDiv(im.disk, im.blockSize); int64(h.MaxTableEntries) != needed {
		entries.Note = fmt.Sprintf("the disk needs %d", needed)
	}
	s.add("Block size", headerBlockSizeAt, 4, sizeText(uint64(h.BlockSize)))
	s.checksum(headerChecksumAt, checksum(im.headerRaw, headerChecksumAt), im.headerGood)
	s.add("Parent unique ID", headerParentUUIDAt, 16, uuidText(h.ParentUUID))
	t := s.add("Parent timestamp", headerParentTimestampAt, 4, h.ParentTimestamp.String())
	if h.ParentTimestamp == 0 {
		t.Value = "0 (not written)"
	}
	s.reserved("Reserved", headerReservedAt, 4)
	name, flaw := decodeUTF16(h.ParentName[:], true)
	if name == "" {
		name = "(empty)"
	}
	s.add("Parent unicode name", headerParentNameAt, 512, name).Note = flaw
	for i, l := range h.Locators {
		at := headerLocatorsAt + i*locatorSize
		what := fmt.Sprintf("Locator %d ", i)
		s.add(what+"platform code", at, 4, fmt.Sprintf("%s (%s)", l.Code, l.Code.Meaning()))
		if l == (LocatorEntry{}) {
			continue
		}
		s.add(what+"data space", at+4, 4, spaceText(l))
		s.add(what+"data length", at+8, 4, fmt.Sprintf("%d bytes", l.Length))
		s.reserved(what+"reserved", at+12, 4)
		s.add(what+"data offset", at+16, 8, offsetText(l.Offset))
	}
	s.reserved("Reserved", headerTailAt, headerSize-headerTailAt)
	return s.Structure
}

func (im *Image) tableStructure() Structure {
	t := &im.table
	s := Structure{Name: "Block allocation table", Offset: t.at, Length: int64(len(t.raw))}
	value := fmt.Sprintf("%d of %d blocks of %s allocated", t.allocated, t.entries(), sizeText(uint64(im.blockSize)))
	s.Fields = []Field{{Name: "Entries", Value: value, Raw: t.raw, Offset: t.at}}
	// The first allocated blocks show how the writer lays blocks out.
	const shown = 16
	for b, n := int64(0), 0; b < t.entries() && n < shown; b++ {
		if b += t.unallocatedRun(b, t.entries()); b >= t.entries() {
			break
		}
		sector := int64(t.entry(b))
		f := Field{Name: fmt.Sprintf("Block %d", b), Value: fmt.Sprintf("sector %d, byte %#x", sector, sector*SectorSize),
			Raw: t.raw[b*tableEntrySize : (b+1)*tableEntrySize], Offset: t.at + b*tableEntrySize}
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
		s := fieldsOf{Structure{Name: fmt.Sprintf("Locator %d (%s)", l.Slot, l.Code), Offset: int64(l.Offset), Length: int64(len(l.Data))}, l.Data}
		value := l.Name
		if value == "" {
			value = fmt.Sprintf("%d bytes, kept as they are", len(l.Data))
		}
		s.add(l.Code.Meaning(), 0, len(l.Data), value)
		list = append(list, s.Structure)
	}
	return list
}

func (im *Image) batmapStructures() []Structure {
	m := im.batmap
	s := fieldsOf{Structure{Name: "Batmap header (XenServer)", Offset: m.headerAt, Length: batmapHeaderSize}, m.raw}
	s.add("Cookie", 0, 8, printable(string(m.raw[:8])))
	s.add("Map offset", batmapOffsetAt, 8, offsetText(be64(m.raw[batmapOffsetAt:])))
	s.add("Map size", batmapSizeAt, 4, fmt.Sprintf("%d sectors", be32(m.raw[batmapSizeAt:])))
	s.add("Version", batmapVersionAt, 4, versionString(be32(m.raw[batmapVersionAt:])))
	sum := s.add("Checksum of the map", batmapChecksumAt, 4, hex32(be32(m.raw[batmapChecksumAt:])))
	s.Sum = SumGood
	if m.flaw != "" {
		s.Sum, sum.Note = SumBad, m.flaw
	}
	s.add("Marker", batmapMarkerAt, 1, fmt.Sprint(m.raw[batmapMarkerAt]))
	list := []Structure{s.Structure}
	if m.usable() {
		b := fieldsOf{Structure{Name: "Batmap", Offset: m.at, Length: int64(len(m.bits))}, m.bits}
		b.add("Full blocks", 0, len(m.bits), fmt.Sprintf("%d of %d blocks marked as full", m.marked, im.table.entries()))
		list = append(list, b.Structure)
	}
	return list
}

func featureText(v uint32) string {
	var on []string
	if v&featTemp != 0 {
		on = append(on, "temporary")
	}
	if v&featReserved != 0 {
		on = append(on, "reserved bit, always set")
	}
	if rest := v &^ (featTemp | featReserved); rest != 0 {
		on = append(on, "unknown "+hex32(rest))
	}
	if on == nil {
		return "none"
	}
	return strings.Join(on, ", ")
}

func offsetText(v uint64) string {
	if v == noOffset {
		return "all ones (none)"
	}
	return fmt.Sprintf("byte %#x", v)
}

func hostText(code string) string {
	switch code {
	case "Wi2k":
		return "Wi2k (Windows)"
	case "Mac ":
		return "Mac (Macintosh)"
	}
	return printable(code)
}

func uuidText(u UUID) string {
	if u.IsZero() {
		return "all zero (none)"
	}
	if u.String() == u.GUID() {
		return u.String()
	}
	return fmt.Sprintf("%s (as Windows shows it: %s)", u, strings.ToUpper(u.GUID()))
}

func spaceText(l LocatorEntry) string {
	switch n, ok := l.spaceBytes(); {
	case !ok:
		return fmt.Sprintf("%d (neither sectors nor whole sectors in bytes)", l.Space)
	case n == int64(l.Space):
		return fmt.Sprintf("%d bytes", n)
	default:
		return fmt.Sprintf("%d sectors = %d bytes", l.Space, n)
	}
}

// sizeText writes a number of bytes, with its short form where that is exact.
func sizeText(n uint64) string {
	units := []string{"KiB", "MiB", "GiB", "TiB"}
	v, unit := n, ""
	for _, u := range units {
		if v == 0 || v%1024 != 0 {
			break
		}
		v, unit = v/1024, u
	}
	if unit == "" {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d bytes (%d %s)", n, v, unit)
}

// be32 and be64 read a field of a structure that lies in b.
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
func be64(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
