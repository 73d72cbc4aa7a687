// Package edit keeps what a person writes on a disk: in a differencing image
// on top of it, with a history to go back and forth in. The files below are
// only read.
package edit

import (
	"errors"
	"strconv"
	"sync"

	"vhdscope/vhd"
)

// MaxLength bounds the bytes that one step changes.
const MaxLength = 16 << 20

// Layer is the image that edits go to. Its methods may be called
// concurrently.
type Layer struct {
	mu      sync.Mutex
	writer  *vhd.Writer
	own     *vhd.Disk // the image alone: what it does not hold has no parent there
	history history
	sectors int64
}

// Span is a run of bytes of the disk.
type Span struct{ Offset, Length int64 }

// State is what there is to tell of a layer.
type State struct {
	Undo, Redo int   // steps
	Forgotten  int   // steps that can no longer be undone
	Sectors    int64 // that the image holds
}

// ErrLength is a change of nothing, or one that would change more than
// MaxLength bytes.
var ErrLength = errors.New("one step changes 1 to " + strconv.Itoa(MaxLength) + " bytes")

// New takes the image that a writer writes to, with what it holds already.
// The history begins empty.
func New(w *vhd.Writer) (*Layer, error) {
	own, err := vhd.NewDisk(w.Image())
	if err != nil {
		return nil, err
	}
	l := &Layer{writer: w, own: own}
	l.sectors, err = l.held(0, own.Size())
	return l, err
}

// Image is the layer's image, which changes with every edit.
func (l *Layer) Image() *vhd.Image { return l.writer.Image() }

// State is what there is to tell now.
func (l *Layer) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return State{Undo: len(l.history.done), Redo: len(l.history.undone), Forgotten: l.history.forgotten, Sectors: l.sectors}
}

// Write writes a pattern from byte off on, over and over for length bytes. The
// disk is the whole chain with the layer on top: sectors that are written in
// part are completed with what it reads. Where that cannot be read, and after
// any other error but a [*PartlyError], nothing is changed.
func (l *Layer) Write(disk *vhd.Disk, off int64, pattern []byte, length int64) error {
	if len(pattern) == 0 || length > MaxLength {
		return ErrLength
	}
	return l.change(Span{off, length}, func(from, to int64) error {
		data := make([]byte, to-from)
		// The sectors at both ends are completed; often they are the same one.
		for at := range ends(Span{off, length}, from, to) {
			sector := data[at-from : min(at-from+vhd.SectorSize, int64(len(data)))]
			if _, err := disk.ReadAt(sector, at); err != nil {
				return err
			}
		}
		p := data[off-from:][:length]
		for n := copy(p, pattern); n < len(p); n *= 2 {
			copy(p[n:], p[:n])
		}
		_, err := l.writer.WriteAt(data, from)
		return err
	})
}

// Revert lets the sectors that hold any of the bytes of a range read again as
// they do below the layer. The range may be of any length.
func (l *Layer) Revert(off, length int64) error {
	return l.change(Span{off, length}, func(from, to int64) error { return l.writer.Revert(from, to-from) })
}

// change makes one step: do changes the sectors from byte from to byte to.
func (l *Layer) change(span Span, do func(from, to int64) error) error {
	size := l.own.Size()
	if span.Length < 1 {
		return ErrLength
	}
	if span.Offset < 0 || span.Offset > size || span.Length > size-span.Offset {
		return &vhd.FormatError{Layer: -1, Offset: -1, Rule: vhd.RuleBounds, Err: vhd.ErrBounds,
			Msg: dec(span.Length) + " bytes at byte " + dec(span.Offset) + " do not lie on the disk of " + dec(size) + " bytes"}
	}
	from, to := sectorsOf(span, size)
	l.mu.Lock()
	defer l.mu.Unlock()
	if held, err := l.held(from, to); err != nil {
		return err
	} else if held > MaxLength/vhd.SectorSize+1 {
		return ErrLength
	}
	before, err := l.take(from, to)
	if err != nil {
		return err
	}
	err = l.try(from, to, before, func() error { return do(from, to) })
	if _, partly := errors.AsType[*PartlyError](err); err == nil || partly {
		l.history.add(step{span, before})
	}
	return err
}

// try changes sectors, or puts back what they were before.
func (l *Layer) try(from, to int64, before []piece, do func() error) error {
	err := do()
	if err != nil && l.put(before) != nil {
		err = &PartlyError{err}
	}
	if now, countErr := l.held(from, to); countErr == nil {
		l.sectors += now - heldOf(before)
	}
	return err
}

// PartlyError is a change of which a part was made, since the storage would
// not take the rest, nor take the old bytes back. It is a step that can be
// undone when the storage does.
type PartlyError struct{ Err error }

func (e *PartlyError) Error() string { return "only a part of it was done: " + e.Err.Error() }
func (e *PartlyError) Unwrap() error { return e.Err }

// Undo takes the last step back and tells which bytes that changed; none where
// there is no step.
func (l *Layer) Undo() (Span, error) { return l.swap(&l.history.done, &l.history.undone) }

// Redo makes the step again that was undone last.
func (l *Layer) Redo() (Span, error) { return l.swap(&l.history.undone, &l.history.done) }

// swap puts back what the last step of one list keeps, and keeps on the other
// what was there instead.
func (l *Layer) swap(take, give *[]step) (Span, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(*take) == 0 {
		return Span{}, nil
	}
	s := (*take)[len(*take)-1]
	from, to := sectorsOf(s.span, l.own.Size())
	before, err := l.take(from, to)
	if err != nil {
		return Span{}, err
	}
	if err := l.try(from, to, before, func() error { return l.put(s.pieces) }); err != nil {
		return Span{}, err
	}
	*take = (*take)[:len(*take)-1]
	*give = append(*give, step{s.span, before})
	l.history.bytes += cost(before) - cost(s.pieces)
	l.history.trim()
	return s.span, nil
}

// sectorsOf is the range of whole sectors that hold a span.
func sectorsOf(s Span, size int64) (from, to int64) {
	from = s.Offset - s.Offset%vhd.SectorSize
	to = s.Offset + s.Length + vhd.SectorSize - 1
	return from, min(to-to%vhd.SectorSize, size)
}

// dec writes a number in decimal.
func dec(n int64) string { return strconv.FormatInt(n, 10) }
