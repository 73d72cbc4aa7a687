package edit

import (
	"errors"
	"iter"

	"vhdscope/vhd"
)

// piece is a run of sectors as it was: with the bytes that the layer held, or
// left to what lies below.
type piece struct {
	from, to int64  // bytes of the disk
	data     []byte // nil: not held
}

// take keeps sectors as they are now.
func (l *Layer) take(from, to int64) ([]piece, error) {
	var list []piece
	for e, err := range l.extents(from, to-from) {
		if err != nil {
			return nil, err
		}
		p := piece{from: e.Offset, to: e.Offset + e.Length}
		if e.Layer == 0 {
			p.data = make([]byte, e.Length)
			if _, err := l.own.ReadAt(p.data, e.Offset); err != nil {
				return nil, err
			}
		}
		list = append(list, p)
	}
	return list, nil
}

// put makes sectors as they were.
func (l *Layer) put(pieces []piece) error {
	for _, p := range pieces {
		var err error
		if p.data == nil {
			err = l.writer.Revert(p.from, p.to-p.from)
		} else {
			_, err = l.writer.WriteAt(p.data, p.from)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// extents yields what the layer holds of a range, with Layer 0, and what it
// leaves to the disk below, with Layer 1. The error is one of reading it.
func (l *Layer) extents(off, length int64) iter.Seq2[vhd.Extent, error] {
	return func(yield func(vhd.Extent, error) bool) {
		for e, err := range l.own.Extents(off, length) {
			if errors.Is(err, vhd.ErrNoParent) {
				e.Layer, err = 1, nil
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// held counts the sectors of a range that the layer holds.
func (l *Layer) held(from, to int64) (n int64, err error) {
	for e, err := range l.extents(from, to-from) {
		if err != nil {
			return 0, err
		}
		if e.Layer == 0 {
			n += sectors(e.Length)
		}
	}
	return n, nil
}

// heldOf counts the sectors that the layer held.
func heldOf(pieces []piece) (n int64) {
	for _, p := range pieces {
		if p.data != nil {
			n += sectors(p.to - p.from)
		}
	}
	return n
}

// sectors counts the sectors of a run, the last of which may be cut.
func sectors(length int64) int64 { return (length + vhd.SectorSize - 1) / vhd.SectorSize }

// ends yields where the sectors begin that a span holds only a part of.
func ends(s Span, from, to int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		last := (to - 1) - (to-1)%vhd.SectorSize
		if s.Offset > from && !yield(from) {
			return
		}
		if s.Offset+s.Length < to && (last != from || s.Offset == from) {
			yield(last)
		}
	}
}
