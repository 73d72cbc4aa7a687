package vhd

import (
	"bytes"
	"context"
	"io"
)

// Conversion says what image a disk is to become. Type is Dynamic or
// Differencing. Size is the disk's, rounded up to whole sectors, whatever is
// given.
type Conversion struct {
	NewImage
	Below *Disk // of a differencing image: what its parent reads as

	// Lost is told of each range of the disk that cannot be read and becomes
	// zeros. Where it is nil, the first such byte ends the conversion.
	Lost func(Loss)
}

// Convert writes the disk as one new image to w, in one pass and in the
// memory of a few MiB and the new BAT. It reads what the layers hold and
// passes over the rest, so that it takes the time of the data and not that of
// the disk's size.
//
// A dynamic image holds the sectors that are not all zeros. A differencing
// image holds those that differ from Below, which reads as zeros behind its
// end; where Below cannot be read, it holds all. What both disks have from the
// same place of the same [Image] is not read. A block of which it holds no
// sector is not allocated. The others lie in the order of the disk.
//
// The file must be a new one: what is not written has to read as zeros. The
// footers are written last, so that a conversion that failed or was cancelled
// leaves nothing that passes for an image. Progress counts bytes of the disk;
// it may be nil. The error is ctx's, or w's, or a [*FormatError] for the
// first byte of the disk that cannot be read or for an image that the format
// has no room for.
func (d *Disk) Convert(ctx context.Context, w io.WriterAt, c Conversion, progress func(done, total int64)) (Converted, error) {
	c.Size = roundUp(d.size, SectorSize)
	if c.Type == Fixed {
		return Converted{}, broken(RuleDiskType, -1, "a fixed image is not assembled: it is the disk as it is, see Disk.Fixed")
	}
	if (c.Below != nil) != (c.Type == Differencing) {
		return Converted{}, broken(RuleDiskType, -1, "a differencing image is converted to against the disk below it, and no other image is")
	}
	l, err := c.layout()
	if err != nil {
		return Converted{}, err
	}
	src := newSource(d, c.Lost)
	var s selector = nonZero{src}
	if c.Below != nil {
		s = &differing{src, newSource(c.Below, nil), make([]byte, d.window())}
	}
	return assemble(ctx, w, l, s, d.window(), progress)
}

// nonZero selects the sectors that are not all zeros.
type nonZero struct{ *source }

func (s nonZero) nothing(off, n int64) bool { return s.disk.unheld(off, n) }

func (s nonZero) choose(off int64, p []byte, keep []bool) error {
	if err := s.read(p, off); err != nil {
		return err
	}
	for i := range keep {
		keep[i] = !isZero(sector(p, i))
	}
	return nil
}

// differing selects the sectors that differ from a disk below.
type differing struct {
	*source
	below *source
	other []byte // what below has of a window
}

func (s *differing) nothing(off, n int64) bool {
	return s.disk.unheld(off, n) && s.below.disk.unheld(off, n) || s.disk.sameOrigin(s.below.disk, off, n)
}

func (s *differing) choose(off int64, p []byte, keep []bool) error {
	if err := s.read(p, off); err != nil {
		return err
	}
	q := s.other[:len(p)]
	if err := s.below.try(q, off, keep); err != nil {
		return err
	}
	for i := range keep {
		keep[i] = keep[i] || !bytes.Equal(sector(p, i), sector(q, i))
		if !keep[i] {
			clear(sector(p, i))
		}
	}
	return nil
}
