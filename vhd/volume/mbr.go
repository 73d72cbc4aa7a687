package volume

import (
	"encoding/binary"
	"fmt"

	"github.com/diskfs/go-diskfs/partition/mbr"
)

const (
	mbrSector = 512
	// maxLogical bounds the chain of extended boot records. Windows and Linux
	// give up far below.
	maxLogical = 128
)

// mbrEntry is one of the four partitions of a boot record.
type mbrEntry struct {
	slot         int // 1..4
	code         byte
	active       bool
	start, count int64 // sectors
}

// readMBR is the table of a boot record; nil where there is none. The boot
// sector of a file system has the same signature: its code in the place of
// the entries is not a table, as a flag that is neither 0 nor 0x80 tells.
func readMBR(sector []byte) (entries []mbrEntry, signature string) {
	table, err := mbr.Read(newSectors(sector), mbrSector, mbrSector)
	if err != nil {
		return nil, ""
	}
	entries = []mbrEntry{}
	for _, p := range table.Partitions {
		if p.Type != mbr.Empty {
			entries = append(entries, mbrEntry{p.Index, byte(p.Type), p.Bootable, int64(p.Start), int64(p.Size)})
		}
	}
	if binary.LittleEndian.Uint32(sector[440:]) != 0 {
		signature = table.UUID()
	}
	return entries, signature
}

func isExtended(code byte) bool { return code == 0x05 || code == 0x0f || code == 0x85 }

// isProtective tells whether a boot record says that the disk has a GPT.
func isProtective(entries []mbrEntry) bool {
	for _, e := range entries {
		if e.code == 0xee {
			return true
		}
	}
	return false
}

// plausible tells whether a boot record describes this disk: some entry is a
// partition that begins on it.
func plausible(entries []mbrEntry, sectors int64) bool {
	for _, e := range entries {
		if e.count > 0 && e.start < sectors {
			return true
		}
	}
	return false
}

// mbr reads the partitions of a master boot record.
func (s *scan) mbr(entries []mbrEntry, signature string) {
	l := s.layout
	l.Scheme, l.SectorSize = "mbr", mbrSector
	if signature != "" {
		l.UUID = "0x" + signature
	}
	s.table(0, mbrSector, gapTable)
	for _, e := range entries {
		if e.code != 0xee {
			s.mbrPart(e, e.slot, 0)
		}
	}
	if isProtective(entries) {
		l.find(severityError, mbrSector, "The disk should have a GUID partition table, as its protective master boot record tells. None that can be read is there: its partitions are not known.")
		if len(s.parts) == 0 {
			l.Scheme = "gpt"
		}
	}
	next := 5
	for _, e := range entries {
		if isExtended(e.code) && e.start > 0 {
			next = s.logical(e, next)
		}
	}
}

// mbrPart adds a partition; base is the sector that its start is counted from.
func (s *scan) mbrPart(e mbrEntry, index int, base int64) *entry {
	p := Part{
		Index:     index,
		Type:      mbrType(e.code),
		TypeID:    fmt.Sprintf("0x%02x", e.code),
		Container: isExtended(e.code),
	}
	if id := s.layout.UUID; id != "" {
		p.UUID = fmt.Sprintf("%s-%02x", id[2:], index)
	}
	if e.active {
		p.Attributes = []string{"active"}
	}
	return s.part(p, uint64(base+e.start), uint64(e.count))
}

// logical follows the chain of boot records in an extended partition: each
// tells of one partition, from itself, and of the next record, from the start
// of the extended one.
func (s *scan) logical(extended mbrEntry, index int) int {
	seen := map[int64]bool{}
	end := extended.start + extended.count
	for at, n := extended.start, 0; ; n++ {
		offset := at * mbrSector
		if seen[at] {
			s.layout.find(severityError, offset, "The chain of logical partitions leads back to sector %d: what follows is not known.", at)
			return index
		}
		seen[at] = true
		if n == maxLogical {
			s.layout.find(severityError, offset, "There are more than %d logical partitions: the others are left out.", maxLogical)
			return index
		}
		if offset > s.w.size-mbrSector {
			s.layout.find(severityError, offset, "The chain of logical partitions leads to sector %d, behind the end of the disk: what follows is not known.", at)
			return index
		}
		sector, err := s.w.at(offset, mbrSector)
		if err != nil {
			s.layout.find(severityError, offset, "The extended boot record in sector %d cannot be read (%v): what follows is not known.", at, err)
			return index
		}
		entries, _ := readMBR(sector)
		if entries == nil {
			s.layout.find(severityError, offset, "Sector %d should be an extended boot record and is none: logical partitions from there on are not known.", at)
			return index
		}
		s.table(offset, mbrSector, gapExtended)
		link := int64(-1)
		for _, e := range entries {
			switch {
			case isExtended(e.code) && e.start == 0 && e.count == 0:
			case isExtended(e.code) && link < 0:
				link = e.start
			case isExtended(e.code):
				s.layout.find(severityWarning, offset, "The extended boot record in sector %d has a second link, which is not followed.", at)
			default:
				x := s.mbrPart(e, index, at)
				x.part.Logical = true
				if x.part.Start < extended.start*mbrSector || x.end() > end*mbrSector {
					x.problem("reaches out of its extended partition")
				}
				index++
			}
		}
		if link < 0 {
			return index
		}
		at = extended.start + link
	}
}
