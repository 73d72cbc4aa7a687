// Package volume finds the volumes of a disk, says what each holds, and opens
// the file systems that can be read here.
//
// [Scan] reads partition tables, [Identify] looks at one volume, [Mount] opens
// its file system as a [fsys.FS]. Disks are hostile input: every number of a
// table is checked against the disk before it is used, and what is damaged is
// said in words and shown as far as it goes.
package volume

import (
	"fmt"
	"io"
)

// Layout is how a disk is divided.
type Layout struct {
	Scheme     string // "gpt", "mbr", "none" (the disk is one volume), "empty" (nothing recognised)
	SectorSize int64  // the unit of the table, bytes
	UUID       string // disk GUID as "0FC63DAF-…", or MBR signature as "0x1234abcd"; "" where there is none

	// Parts are the partitions and the gaps between them, by start; what
	// contains others comes before them.
	Parts    []Part
	Findings []Finding
}

// Part is a partition, or a gap where no partition is.
type Part struct {
	Index  int    // as Windows and Linux number partitions; 0 of what is none
	Gap    bool   // no partition: Type says what is there
	Type   string // in words: "Linux file system"
	TypeID string // as the table has it: "0x83", "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
	Label  string
	UUID   string

	// Start and Size are in bytes of the disk. What a table places outside the
	// disk is cut off, and said in Problem.
	Start, Size int64

	Attributes []string // in words: "active", "read-only"
	Container  bool     // an extended partition: it holds the logical ones
	Logical    bool     // lies in an extended partition
	Depth      int      // 1 in a table that a partition holds, 0 elsewhere
	Problem    string   // what is wrong with it
}

// Finding is something of a partition table that is wrong, or worth knowing.
type Finding struct {
	Severity string // "error": partitions may be missing or wrong; "warning": they are not; "note": nothing is wrong
	Message  string
	Offset   int64 // on the disk, bytes; -1 where no place is meant
}

const (
	severityError   = "error"
	severityWarning = "warning"
	severityNote    = "note"
)

// What stands in Type of a gap.
const (
	gapTable    = "Partition table"
	gapBackup   = "Backup partition table"
	gapExtended = "Extended boot record"
	gapFree     = "Unallocated"
)

const (
	// headSize covers both copies of a primary GPT that there can be (sectors
	// of 512 and of 4096 bytes) and everything that file systems are
	// recognised by near their start, up to Btrfs at 64 KiB.
	headSize = 68 << 10
	// tailSize covers the backup GPT of either sector size, with 128 entries.
	tailSize = 5 * 4096
)

func (l *Layout) find(severity string, offset int64, format string, args ...any) {
	l.Findings = append(l.Findings, Finding{severity, fmt.Sprintf(format, args...), offset})
}

// window is a disk or a part of one, with its first and last bytes at hand.
type window struct {
	r    io.ReaderAt
	size int64
	head []byte
	tail []byte // nil until it is asked for
}

func newWindow(r io.ReaderAt, size int64) (*window, error) {
	w := &window{r: r, size: size}
	var err error
	w.head, err = w.read(0, min(headSize, size))
	return w, err
}

// read reads n bytes, all or none.
func (w *window) read(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > w.size-n {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, n)
	switch got, err := w.r.ReadAt(b, off); {
	case int64(got) == n:
		return b, nil
	case err == nil || err == io.EOF:
		return nil, io.ErrUnexpectedEOF
	default:
		return nil, err
	}
}

// at gives n bytes, from what is at hand if it can. They are not to be changed.
func (w *window) at(off, n int64) ([]byte, error) {
	if off >= 0 && n >= 0 && off <= int64(len(w.head))-n {
		return w.head[off : off+n], nil
	}
	if from := w.size - tailSize; from > 0 && n >= 0 && off >= from && off <= w.size-n {
		if w.tail == nil {
			tail, err := w.read(from, tailSize)
			if err != nil {
				return nil, err
			}
			w.tail = tail
		}
		return w.tail[off-from : off-from+n], nil
	}
	return w.read(off, n)
}
