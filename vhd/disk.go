package vhd

import (
	"errors"
	"iter"
)

// Disk is a chain of images read as one disk. Its methods may be called
// concurrently.
type Disk struct {
	layers []*Image // leaf first
	size   int64
}

// NewDisk joins images, leaf first and base last, to the disk that a virtual
// machine would see; its size is the leaf's. All but the last must be
// differencing. Where the last is differencing too, the chain is incomplete:
// what it leaves to its parent is unreadable, everything else reads.
//
// NewDisk does not compare identities: see [Resolve].
func NewDisk(images ...*Image) (*Disk, error) {
	if len(images) == 0 {
		return nil, errors.New("vhd: a disk needs at least one image")
	}
	if len(images) > MaxDepth {
		return nil, &FormatError{Layer: MaxDepth, Offset: -1, Rule: RuleDepth, Err: ErrFormat,
			Msg: "a chain of " + dec(int64(len(images))) + " images is longer than any that is read"}
	}
	for i, im := range images[:len(images)-1] {
		if im.kind != Differencing {
			return nil, &FormatError{Layer: i, Offset: -1, Rule: RuleDiskType, Err: ErrFormat,
				Msg: "a " + im.kind.String() + " image cannot have a parent"}
		}
	}
	return &Disk{layers: images, size: images[0].disk}, nil
}

// Size is the size of the disk in bytes.
func (d *Disk) Size() int64 { return d.size }

// Complete reports whether the chain reaches its base.
func (d *Disk) Complete() bool { return d.layers[len(d.layers)-1].kind != Differencing }

// Extent is a run of bytes of a disk that come from one place.
type Extent struct {
	Offset, Length int64 // where on the disk
	Layer          int   // index into the chain; -1 where no layer has it (zeros)
	Source         int64 // byte offset in that layer's file; -1 where it has none
}

// Extents tells who supplies the bytes of a range, in order and without
// gaps. A range that reaches past the disk is cut at its end.
//
// An extent with an error cannot be read: Layer is the one that should have
// it, Source is -1. The sequence goes on behind it.
func (d *Disk) Extents(off, length int64) iter.Seq2[Extent, error] {
	return func(yield func(Extent, error) bool) {
		if off < 0 || length < 0 {
			yield(Extent{Offset: off, Length: length, Layer: -1, Source: -1}, d.outside(off, length))
			return
		}
		end := d.size
		if length < d.size-off {
			end = off + length
		}
		j := joiner{yield: yield}
		if off < end && d.walk(0, off, end, &j) {
			j.flush()
		}
	}
}

// walk yields the extents of [off, end) as layer i and those below see them;
// false means stop. Chains are at most MaxDepth deep, so is the recursion.
func (d *Disk) walk(i int, off, end int64, j *joiner) bool {
	if i == len(d.layers) {
		return j.add(Extent{off, end - off, i, -1}, d.noParent())
	}
	im := d.layers[i]
	// A layer shorter than the one above reads as zeros behind its end,
	// whatever its own parents hold there (blktap does the same).
	stop := min(end, im.disk)
	for off < stop {
		r, err := j.runAt(im, off, stop)
		ok := true
		switch {
		case err != nil:
			ok = j.add(Extent{off, r.length, i, -1}, inLayer(err, i))
		case r.verdict == here:
			ok = j.add(Extent{off, r.length, i, r.source}, nil)
		case r.verdict == zeros:
			ok = j.add(Extent{off, r.length, -1, -1}, nil)
		default:
			ok = d.walk(i+1, off, off+r.length, j)
		}
		if !ok {
			return false
		}
		off += r.length
	}
	if off < end {
		return j.add(Extent{off, end - off, -1, -1}, nil)
	}
	return true
}

// joiner yields extents with neighbours joined where they continue each
// other, in the file too.
type joiner struct {
	yield func(Extent, error) bool
	last  Extent
	err   error
	some  bool

	// The image and block whose bitmap could not be read last: a ragged chain
	// may ask for it again and again.
	failed  *Image
	block   int64
	failure error
}

// runAt is im.runAt, without trying again at once what just failed.
func (j *joiner) runAt(im *Image, off, end int64) (run, error) {
	if j.failed == im && off/im.blockSize == j.block {
		return run{length: min(end, (j.block+1)*im.blockSize) - off}, j.failure
	}
	r, err := im.runAt(off, end)
	if f, ok := err.(*FormatError); ok && f.Rule == RuleRead {
		j.failed, j.block, j.failure = im, off/im.blockSize, err
	}
	return r, err
}

func (j *joiner) add(e Extent, err error) bool {
	l := &j.last
	if j.some && err == nil && j.err == nil && e.Layer == l.Layer && e.Offset == l.Offset+l.Length &&
		(e.Layer < 0 || e.Source == l.Source+l.Length) {
		l.Length += e.Length
		return true
	}
	if j.some && sameMissing(err, j.err) {
		l.Length += e.Length
		return true
	}
	if !j.flush() {
		return false
	}
	j.last, j.err, j.some = e, err, true
	return true
}

func (j *joiner) flush() bool {
	if !j.some {
		return true
	}
	j.some = false
	return j.yield(j.last, j.err)
}

// sameMissing reports whether two extents lack the same parent.
func sameMissing(a, b error) bool {
	return a != nil && b != nil && errors.Is(a, ErrNoParent) && errors.Is(b, ErrNoParent)
}

// noParent is the error for bytes that an incomplete chain leaves to the
// parent that it lacks.
func (d *Disk) noParent() error {
	n := len(d.layers)
	return &FormatError{Layer: n, Offset: -1, Rule: RuleParentMissing, Err: ErrNoParent,
		Msg: "these bytes are in " + d.layers[n-1].parentText() + ", which is missing"}
}

// outside is the error for a range that is not on the disk.
func (d *Disk) outside(off, length int64) error {
	return &FormatError{Layer: -1, Offset: -1, Rule: RuleBounds, Err: ErrBounds,
		Msg: dec(length) + " bytes at byte " + dec(off) + " do not lie on the disk of " + dec(d.size) + " bytes"}
}
