package volume

import (
	"fmt"
	"io"

	"vhdscope/vhd/volume/iso"
)

// Scan reads how a disk of size bytes is divided. It reads the disk's start
// and end once, each extended boot record, and the start of each partition.
// It fails only where the start of the disk cannot be read; a table that is
// damaged is told of in Findings and shown as far as it goes.
func Scan(r io.ReaderAt, size int64) (*Layout, error) {
	w, err := newWindow(r, size)
	if err != nil {
		return nil, fmt.Errorf("the start of the disk cannot be read: %w", err)
	}
	s := &scan{w: w, layout: &Layout{SectorSize: mbrSector}}
	content := recognise(w)
	if !s.partitions(content) {
		s.whole(identify(w))
		return s.layout, nil
	}
	s.check()
	s.image(content)
	s.nested()
	s.rows()
	return s.layout, nil
}

// scan is a reading of one disk's tables.
type scan struct {
	w      *window
	layout *Layout
	parts  []*entry
	tables []Part // what tables occupy: gaps with a name
}

// entry is a partition, and what is in it where that is divided again.
type entry struct {
	part   Part
	nested []Part
	whole  bool // the disk, of which the other partitions are parts
}

// end is where the partition ends on the disk.
func (x *entry) end() int64 { return x.part.Start + x.part.Size }

// problem notes what is wrong with a partition.
func (x *entry) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if x.part.Problem != "" {
		text = x.part.Problem + "; " + text
	}
	x.part.Problem = text
}

// partitions reads the disk's table, and tells whether there is one.
func (s *scan) partitions(content Content) bool {
	var entries []mbrEntry
	var signature string
	if s.w.size >= mbrSector {
		entries, signature = readMBR(s.w.head[:mbrSector])
	}
	sectors := s.w.size / mbrSector
	switch {
	case s.gpt(entries, content):
	case entries == nil:
		return false
	case content.boots:
		// The boot sector of a file system; that it also reads as a table is
		// chance, or mkfs.fat's, which writes one for firmware that wants it.
		return false
	case plausible(entries, sectors) && !isProtective(entries):
		s.mbr(entries, signature)
		s.remains()
	case content.Type == "" && (len(entries) == 0 || isProtective(entries)):
		s.mbr(entries, signature)
	default:
		return false
	}
	return true
}

// remains says where a disk with a master boot record still has a GPT, which
// other systems do not look at then.
func (s *scan) remains() {
	for _, sector := range []int64{512, 4096} {
		for _, off := range []int64{sector, s.w.size - sector} {
			if b, err := s.w.at(off, 8); err == nil && string(b) == gptSignature {
				s.layout.find(severityNote, off, "There are remains of a GUID partition table, which does not count: the master boot record has partitions of its own and no protective one.")
				return
			}
		}
	}
}

// whole describes a disk without a table.
func (s *scan) whole(content Content) {
	l, p := s.layout, Part{Size: s.w.size}
	if content.Type == "" {
		l.Scheme, p.Gap, p.Type = "empty", true, gapFree
		if s.w.size == 0 {
			return
		}
	} else {
		l.Scheme, p.Index, p.Type = "none", 1, "Whole disk"
	}
	l.Parts = []Part{p}
}

// image adds the whole disk where it is an optical image besides having
// partitions, as those are that start from a memory stick as well.
func (s *scan) image(content Content) {
	if content.Type != typeISO && content.Type != typeUDF {
		return
	}
	for _, x := range s.parts {
		if x.part.Start == 0 && x.part.Size > 0 {
			return
		}
	}
	s.layout.find(severityNote, iso.DescriptorStart, "The disk as a whole is an optical image, besides having partitions.")
	s.parts = append([]*entry{{part: Part{Type: "Optical image", Size: s.w.size}, whole: true}}, s.parts...)
}

// table notes what a partition table occupies.
func (s *scan) table(off, size int64, name string) {
	s.tables = append(s.tables, Part{Gap: true, Type: name, Start: off, Size: min(size, s.w.size-off)})
}

// part adds a partition of count sectors and checks it against the disk.
func (s *scan) part(p Part, start, count uint64) *entry {
	x := &entry{part: p}
	unit := uint64(s.layout.SectorSize)
	disk := uint64(s.w.size) / unit
	switch {
	case start >= disk:
		x.part.Start = s.w.size
		x.problem("begins at sector %d, behind the end of the disk, which has %d", start, disk)
	case count == 0:
		x.part.Start = int64(start * unit)
		x.problem("has no sectors")
	case count > disk-start:
		x.part.Start = int64(start * unit)
		x.part.Size = s.w.size - x.part.Start
		x.problem("reaches %d sectors beyond the end of the disk", count-(disk-start))
	default:
		x.part.Start, x.part.Size = int64(start*unit), int64(count*unit)
	}
	s.parts = append(s.parts, x)
	return x
}

const (
	// maxNested is in how many partitions a table is read, and maxNestedParts
	// after how many partitions in them no more are: a table of partitions
	// that lie on each other has as many tables as it has partitions.
	maxNested      = 64
	maxNestedParts = 4096
)

// nested looks for a table in each partition: one that holds the image of a
// whole disk.
func (s *scan) nested() {
	tables, parts := 0, 0
	for _, x := range s.parts {
		if x.whole || x.part.Container || x.part.Size < mbrSector {
			continue
		}
		w, err := newWindow(io.NewSectionReader(s.w.r, x.part.Start, x.part.Size), x.part.Size)
		if err != nil {
			s.layout.find(severityError, x.part.Start, "The start of partition %d cannot be read: %v.", x.part.Index, err)
			continue
		}
		if !w.signed() && !w.has(512, gptSignature) && !w.has(4096, gptSignature) {
			continue
		}
		content := recognise(w)
		if content.Type != "" {
			continue
		}
		if tables++; tables > maxNested || parts > maxNestedParts {
			s.layout.find(severityWarning, x.part.Start, "Too many partitions hold tables of their own: those of partition %d and of what follows are left out.", x.part.Index)
			return
		}
		inner := &scan{w: w, layout: &Layout{SectorSize: mbrSector}}
		if !inner.partitions(content) || len(inner.parts) == 0 {
			continue
		}
		inner.check()
		parts += len(inner.parts)
		for _, y := range inner.parts {
			y.part.Start += x.part.Start
			y.part.Depth = 1
			x.nested = append(x.nested, y.part)
		}
		for _, f := range inner.layout.Findings {
			if f.Offset >= 0 {
				f.Offset += x.part.Start
			}
			f.Message = fmt.Sprintf("In the table inside partition %d: %s", x.part.Index, f.Message)
			s.layout.Findings = append(s.layout.Findings, f)
		}
	}
}
