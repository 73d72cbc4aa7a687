package vhd

import (
	"context"
	"errors"
	"io"
	"time"
)

// Merge says what image a run of layers is to become.
type Merge struct {
	BlockSize int64      // 0: 2 MiB
	UUID      UUID       // zero: that of the run's first layer, so that the children above find it
	Created   time.Time  // zero: now
	Lost      func(Loss) // as in Conversion
}

// Merge writes the layers first to last of the chain, leaf first, as one new
// image to w that can take their place: the disk stays as it is, also where
// it is read through a layer above them. Its size is that of the first.
//
// Where last is the base, the image is dynamic: see [Disk.Convert], which
// also tells of w, progress and the error. ([Disk.Fixed] of a [NewDisk] of
// the layers makes a fixed one.) Otherwise it is differencing and names the
// parent that the last layer names, in the same words. It holds the sectors
// that one of the layers holds, zeros too, and zeros where a layer that is
// shorter than the one above it hides what lies below.
func (d *Disk) Merge(ctx context.Context, w io.WriterAt, first, last int, m Merge, progress func(done, total int64)) (Converted, error) {
	if first < 0 || last < first || last >= len(d.layers) {
		return Converted{}, broken(RuleBounds, -1, "the chain has layers 0 to %d, and not %d to %d", int64(len(d.layers))-1, int64(first), int64(last))
	}
	run := &Disk{layers: d.layers[first : last+1], size: d.layers[first].disk}
	n := NewImage{Type: Dynamic, BlockSize: m.BlockSize, UUID: m.UUID, Created: m.Created}
	if n.UUID.IsZero() {
		n.UUID = d.layers[first].UUID()
	}
	lost := m.Lost
	if lost != nil {
		lost = func(l Loss) {
			l.Err = shifted(l.Err, first)
			m.Lost(l)
		}
	}
	var done Converted
	var err error
	if run.Complete() {
		done, err = run.Convert(ctx, w, Conversion{NewImage: n, Lost: lost}, progress)
	} else {
		n.Type, n.Size = Differencing, roundUp(run.size, SectorSize)
		n.Parent = new(Parent) // whose fields are the last layer's, as they stand
		var l *layout
		if l, err = n.layoutWith(d.layers[last].parentFields()); err != nil {
			return Converted{}, err
		}
		s := newHeld(d.layers[first:], len(run.layers), lost)
		done, err = assemble(ctx, w, l, s, s.disk.window(), progress)
	}
	return done, shifted(err, first)
}

// parentFields are what the header and the locators say of the parent.
func (im *Image) parentFields() *parentFields {
	h := im.header
	f := &parentFields{uuid: h.ParentUUID, modified: h.ParentTimestamp, name: h.ParentName}
	for _, l := range im.locators {
		if l.Data != nil {
			f.add(l.Code, l.Data)
		}
	}
	return f
}

// shifted is the error of a chain as seen from one that has n layers more
// above.
func shifted(err error, n int) error {
	if f, ok := errors.AsType[*FormatError](err); ok && f.Layer >= 0 {
		c := *f
		c.Layer += n
		return &c
	}
	return err
}
