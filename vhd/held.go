package vhd

import "errors"

// held selects the sectors that the layers of a run hold, zeros too, and those
// that they make zeros: behind the end of a layer that is shorter than the one
// above it, see Disk.walk.
type held struct {
	*source          // the run on top of zeros, so that all of it reads
	run      *Disk   // the run alone: what it lacks is its parent's
	shortest int64   // of its disks
	whole    *source // the run on top of what it stands on
	below    *source // what it stands on; nil where that is missing
	beneath  []byte  // what below has of a window
	unread   []bool  // its sectors that below cannot give
}

// newHeld selects among the first n of a chain's layers, all differencing.
func newHeld(layers []*Image, n int, lost func(Loss)) *held {
	size, last := layers[0].disk, layers[n-1]
	// An empty image, whose reads are as dear as those of the layer above it.
	zeros := &Image{r: last.r, kind: Dynamic, header: new(Header), blockSize: maxBlockSize, disk: size}
	s := &held{
		source:   newSource(&Disk{append(layers[:n:n], zeros), size}, lost),
		run:      &Disk{layers[:n], size},
		shortest: size,
		whole:    newSource(&Disk{layers, size}, lost),
	}
	for _, im := range s.run.layers {
		s.shortest = min(s.shortest, im.disk)
	}
	if n < len(layers) {
		s.below = newSource(&Disk{layers[n:], layers[n].disk}, nil)
	}
	return s
}

func (s *held) nothing(off, n int64) bool {
	return s.disk.unheld(off, n) && (off+n <= s.shortest || s.below != nil && s.below.disk.unheld(off, n))
}

func (s *held) choose(off int64, p []byte, keep []bool) error {
	if err := s.read(p, off); err != nil {
		return err
	}
	n := int64(len(p))
	var cut []extent // of the window: made zeros
	for e, err := range s.run.Extents(off, n) {
		here := extent{e.Offset - off, e.Offset + e.Length - off}
		switch {
		case errors.Is(err, ErrNoParent): // left to the parent
		case err == nil && e.Layer < 0:
			cut = append(cut, here)
		default: // with an error, it was salvaged as zeros
			mark(keep, here)
		}
	}
	if end := s.run.size - off; end < n {
		cut = append(cut, extent{end, n}) // the rest of the disk's last sector
	}
	if len(cut) == 0 {
		return nil
	}
	if err := s.look(off, n); err != nil {
		return err
	}
	for _, c := range cut {
		if err := s.hide(off, p, keep, c); err != nil {
			return err
		}
	}
	return nil
}

// look reads what the run stands on.
func (s *held) look(off, n int64) error {
	if s.beneath == nil {
		s.beneath, s.unread = make([]byte, s.disk.window()), make([]bool, s.disk.window()/SectorSize)
	}
	clear(s.unread)
	if s.below == nil {
		mark(s.unread, extent{0, n})
		return nil
	}
	return s.below.try(s.beneath[:n], off, s.unread)
}

// hide keeps the sectors of a range that is made zeros, unless they read as
// zeros without them.
func (s *held) hide(off int64, p []byte, keep []bool, c extent) error {
	for from := c.from; from < c.to; {
		i := from / SectorSize
		to := min(c.to, (i+1)*SectorSize)
		if !keep[i] && (s.unread[i] || !allZero(s.beneath[from:to])) {
			keep[i] = true
			if from%SectorSize != 0 { // the sector's start is the parent's
				if err := s.whole.read(sector(p, int(i)), off+i*SectorSize); err != nil {
					return err
				}
			}
		}
		from = to
	}
	return nil
}
