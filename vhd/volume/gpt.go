package volume

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/diskfs/go-diskfs/partition/gpt"
)

// The GUID partition table: UEFI specification 2.10, chapter 5.3. Its header
// and its entries each have a CRC-32, and both are there twice: at the start
// of the disk and at its end.
const (
	gptSignature  = "EFI PART"
	gptHeaderSize = 92
	gptEntrySize  = 128
	// maxEntries and maxArray, bytes, bound the table. Every system makes it
	// of 128 entries of 128 bytes.
	maxEntries = 4096
	maxArray   = 1 << 20
)

// gptCopy is the primary or the backup table.
type gptCopy struct {
	name    string // "primary", "backup"
	offset  int64  // of its header, bytes
	sector  int64  // bytes
	header  []byte // nil where there is none
	entries []byte // each cut to gptEntrySize; nil where they cannot be had

	headerSound, entriesSound bool
	err                       error // why it cannot be read
}

func (c *gptCopy) u32(off int) uint32 { return binary.LittleEndian.Uint32(c.header[off:]) }
func (c *gptCopy) u64(off int) uint64 { return binary.LittleEndian.Uint64(c.header[off:]) }

func (c *gptCopy) self() uint64       { return c.u64(24) } // sector of this header
func (c *gptCopy) other() uint64      { return c.u64(32) } // sector of the other one
func (c *gptCopy) first() uint64      { return c.u64(40) } // first sector for partitions
func (c *gptCopy) last() uint64       { return c.u64(48) } // last one
func (c *gptCopy) array() uint64      { return c.u64(72) } // first sector of the entries
func (c *gptCopy) count() uint32      { return c.u32(80) }
func (c *gptCopy) size() uint32       { return c.u32(84) }
func (c *gptCopy) arrayBytes() int64  { return int64(c.count()) * int64(c.size()) }
func (c *gptCopy) arrayOffset() int64 { return int64(c.array()) * c.sector }

// gpt reads the partitions of a GUID partition table, and tells whether there
// is one that counts.
func (s *scan) gpt(entries []mbrEntry, content Content) bool {
	protected := isProtective(entries)
	if plausible(entries, s.w.size/mbrSector) && !protected {
		return false // other systems go by the master boot record then
	}
	for _, sector := range []int64{512, 4096} {
		primary := s.gptCopy("primary", sector, sector)
		backup := s.gptCopy("backup", s.lastSector(primary, entries, sector), sector)
		used := better(primary, backup)
		if used == nil || content.Type != "" && !protected && primary.worth() < 4 {
			continue // nothing, or what was there before the file system
		}
		s.layout.Scheme, s.layout.SectorSize = "gpt", sector
		s.gptState(primary, backup, used)
		s.protective(entries)
		s.gptParts(used)
		s.gptTables(primary, backup)
		return true
	}
	return false
}

// lastSector is where the backup header is, in bytes: where the primary one
// says, or, where that is not to be trusted, at the end of the disk or of what
// the protective boot record covers.
func (s *scan) lastSector(primary *gptCopy, entries []mbrEntry, sector int64) int64 {
	last := s.w.size/sector - 1
	if primary.headerSound && primary.other() <= uint64(last) {
		return int64(primary.other()) * sector
	}
	for _, e := range entries {
		if b, err := s.w.at(last*sector, 8); e.code == 0xee && e.count < last && (err != nil || string(b) != gptSignature) {
			return e.count * sector
		}
	}
	return last * sector
}

// gptCopy reads a copy of the table, whatever of it is there.
func (s *scan) gptCopy(name string, off, sector int64) *gptCopy {
	c := &gptCopy{name: name, offset: off, sector: sector}
	if off < 0 {
		return c
	}
	b, err := s.w.at(off, sector)
	if err != nil || string(b[:8]) != gptSignature {
		c.err = err
		return c
	}
	c.header = bytes.Clone(b)
	if n := int64(c.u32(12)); n >= gptHeaderSize && n <= sector {
		sum := c.u32(16)
		zeroed := bytes.Clone(c.header[:n])
		clear(zeroed[16:20])
		c.headerSound = crc32.ChecksumIEEE(zeroed) == sum && int64(c.self()) == off/sector
	}
	if c.count() == 0 || c.count() > maxEntries || c.size() < gptEntrySize || c.size() > gptEntrySize<<5 || c.arrayBytes() > maxArray ||
		c.array() < 1 || c.array() >= uint64(s.w.size/sector) || c.arrayBytes() > s.w.size-c.arrayOffset() {
		return c
	}
	array, err := s.w.at(c.arrayOffset(), c.arrayBytes())
	if err != nil {
		c.err = err
		return c
	}
	c.entriesSound = crc32.ChecksumIEEE(array) == c.u32(88)
	c.entries = make([]byte, 0, int(c.count())*gptEntrySize)
	for entry := range slices.Chunk(array, int(c.size())) {
		c.entries = append(c.entries, entry[:gptEntrySize]...)
	}
	return c
}

// worth ranks copies: sound ones, then those with something to show.
func (c *gptCopy) worth() int {
	switch {
	case c.entries == nil:
		return 0
	case c.headerSound && c.entriesSound:
		return 4
	case c.entriesSound:
		return 3
	case c.headerSound:
		return 2
	}
	return 1
}

// better is the copy to go by: the primary unless the backup is sounder; nil
// where neither says anything.
func better(primary, backup *gptCopy) *gptCopy {
	switch {
	case max(primary.worth(), backup.worth()) == 0:
		return nil
	case backup.worth() > primary.worth():
		return backup
	}
	return primary
}

// gptState says what is wrong with the table's two copies.
func (s *scan) gptState(primary, backup, used *gptCopy) {
	l := s.layout
	lost := severityWarning
	if used.worth() < 4 {
		lost = severityError
	}
	for _, c := range []*gptCopy{primary, backup} {
		switch {
		case c.err != nil:
			l.find(lost, c.offset, "The %s partition table cannot be read: %v.", c.name, c.err)
		case c.header == nil:
			l.find(lost, c.offset, "There is no %s partition table.", c.name)
		case !c.headerSound:
			l.find(lost, c.offset, "The header of the %s partition table is damaged: its checksum is wrong or it belongs elsewhere.", c.name)
		}
		switch {
		case c.header == nil, c.err != nil:
		case c.entries == nil:
			l.find(lost, c.offset, "The entries of the %s partition table cannot be read: its header says they are %d of %d bytes from sector %d.", c.name, c.count(), c.size(), c.array())
		case !c.entriesSound:
			l.find(lost, c.arrayOffset(), "The entries of the %s partition table are damaged: their checksum is wrong.", c.name)
		}
	}
	if used == backup {
		l.find(severityWarning, backup.offset, "The partitions are those of the backup table.")
	}
	if used.worth() < 4 {
		l.find(severityError, used.offset, "No copy of the partition table is sound: partitions may be missing or wrong.")
	}
	if primary.worth() == 4 && backup.worth() == 4 &&
		!bytes.Equal(bytes.TrimRight(primary.entries, "\x00"), bytes.TrimRight(backup.entries, "\x00")) {
		l.find(severityWarning, backup.offset, "The backup partition table lists other partitions than the primary one, which is shown.")
	}
	sectors := uint64(s.w.size / used.sector)
	if primary.headerSound && primary.other() != sectors-1 {
		if primary.other() >= sectors {
			l.find(severityError, primary.offset, "The disk ends at sector %d and the partition table is of one that ended at sector %d: the rest of it is missing here.", sectors-1, primary.other())
		} else {
			l.find(severityWarning, backup.offset, "The backup partition table is at sector %d and not at the end of the disk, sector %d: the disk has grown since.", primary.other(), sectors-1)
		}
	}
}

// protective says what is wrong with the master boot record that keeps systems
// which know no GPT from taking the disk for an empty one.
func (s *scan) protective(entries []mbrEntry) {
	l := s.layout
	if !isProtective(entries) {
		l.find(severityWarning, 0, "There is no protective master boot record: systems may take the disk for an empty one.")
		return
	}
	whole := uint64(s.w.size/l.SectorSize) - 1
	others := 0
	for _, e := range entries {
		switch {
		case e.code != 0xee:
			others++
		case e.start != 1:
			l.find(severityWarning, 0, "The protective master boot record begins at sector %d and not 1.", e.start)
		case len(entries) == 1 && uint64(e.count) != min(whole, 0xffffffff) && e.count != 0xffffffff:
			l.find(severityNote, 0, "The protective master boot record covers %d sectors of %d.", e.count, whole)
		}
	}
	if others > 0 {
		l.find(severityNote, 0, "This is a hybrid: the master boot record lists %d of the partitions too, and some systems go by that.", others)
	}
}

// gptParts adds the partitions of a copy. The library gets them as a table
// whose sums are right: whether they were is said by now.
func (s *scan) gptParts(c *gptCopy) {
	l := s.layout
	image := make([]byte, 1024, 1024+len(c.entries))
	header := image[512:]
	copy(header, gptSignature)
	copy(header[8:], []byte{0, 0, 1, 0, gptHeaderSize})
	le := binary.LittleEndian
	le.PutUint64(header[24:], 1)
	copy(header[56:72], c.header[56:72]) // the disk's GUID
	le.PutUint64(header[72:], 2)
	le.PutUint32(header[80:], uint32(len(c.entries)/gptEntrySize))
	le.PutUint32(header[84:], gptEntrySize)
	le.PutUint32(header[88:], crc32.ChecksumIEEE(c.entries))
	le.PutUint32(header[16:], crc32.ChecksumIEEE(header[:gptHeaderSize]))
	table, err := gpt.Read(newSectors(append(image, c.entries...)), mbrSector, mbrSector)
	if err != nil {
		l.find(severityError, c.offset, "The entries of the partition table cannot be read: %v.", err)
		return
	}
	l.UUID = table.GUID
	owner := map[string]int{}
	for _, p := range table.Partitions {
		x := s.part(Part{
			Index:      p.Index,
			Type:       gptType(string(p.Type)),
			TypeID:     string(p.Type),
			Label:      p.Name,
			UUID:       p.GUID,
			Attributes: gptAttributes(string(p.Type), p.Attributes),
		}, p.Start, p.End-p.Start+1)
		if p.End < p.Start && p.End-p.Start+1 != 0 {
			x.part.Size, x.part.Problem = 0, ""
			x.problem("ends at sector %d, before it begins at sector %d", p.End, p.Start)
		}
		if first, last := c.first(), c.last(); c.headerSound && x.part.Problem == "" && (p.Start < first || p.End > last) {
			x.problem("lies outside the sectors for partitions, %d to %d", first, last)
		}
		if before, ok := owner[p.GUID]; ok {
			x.problem("has the GUID of partition %d", before)
		} else {
			owner[p.GUID] = p.Index
		}
	}
}

// gptTables notes what the two copies occupy.
func (s *scan) gptTables(primary, backup *gptCopy) {
	s.table(0, 2*primary.sector, gapTable)
	if backup.header != nil {
		s.table(backup.offset, backup.sector, gapBackup)
	}
	for _, c := range []*gptCopy{primary, backup} {
		if c.entries == nil {
			continue
		}
		name := gapTable
		if c == backup {
			name = gapBackup
		}
		s.table(c.arrayOffset(), roundUp(c.arrayBytes(), c.sector), name)
	}
}

func roundUp(n, unit int64) int64 { return (n + unit - 1) / unit * unit }
