package vhd

import "errors"

// Step is what one layer of a chain says of a sector. Fields that do not
// apply are -1.
type Step struct {
	Layer      int
	Verdict    Verdict
	Message    string // a sentence for a person
	Block      int64  // the block that the sector is in
	TableEntry int64  // byte offset of the block's BAT entry
	BitmapByte int64  // byte offset of the byte with the sector's bit
	Bit        int    // which bit of it, 0 the highest (mask 0x80)
	Source     int64  // byte offset of the sector's data
	Err        error  // why it is unreadable
}

// Verdict names what a layer says of a sector.
type Verdict string

const (
	Here       Verdict = "here"       // this layer supplies it
	Absent     Verdict = "absent"     // its parent is asked
	Zeros      Verdict = "zeros"      // it reads as zeros
	PastEnd    Verdict = "past-end"   // the layer is shorter; it reads as zeros
	Unreadable Verdict = "unreadable" // the layer, or a missing one, should have it
)

// Explain follows the sector that holds byte off of the disk down the chain,
// leaf first, to the layer where the search ends.
func (d *Disk) Explain(off int64) ([]Step, error) {
	if off < 0 || off >= d.size {
		return nil, d.outside(off, 1)
	}
	var steps []Step
	for i, im := range d.layers {
		s := im.explain(off)
		s.Layer, s.Err = i, inLayer(s.Err, i)
		steps = append(steps, s)
		if s.Verdict != Absent {
			return steps, nil
		}
	}
	return append(steps, Step{Layer: len(d.layers), Verdict: Unreadable, Message: "This parent is missing, and only it can tell.",
		Block: -1, TableEntry: -1, BitmapByte: -1, Bit: -1, Source: -1, Err: d.noParent()}), nil
}

// explain is the step of one image for the sector that holds byte off. The
// byte itself is asked for: a file may end inside a sector.
func (im *Image) explain(off int64) Step {
	s := Step{Block: -1, TableEntry: -1, BitmapByte: -1, Bit: -1, Source: -1}
	if off >= im.disk {
		s.Verdict, s.Message = PastEnd, "This layer's disk ends at "+dec(im.disk)+" bytes, so what is past it reads as zeros."
		return s
	}
	r, err := im.runAt(off, off+1)
	if im.header != nil {
		im.explainBlock(&s, off)
	}
	switch {
	case err != nil:
		s.Verdict, s.Err = Unreadable, err
		if f, ok := errors.AsType[*FormatError](err); ok {
			s.Message = "It cannot be read: " + f.Msg + "."
		}
	case r.verdict == here:
		s.Verdict, s.Source = Here, r.source-off%SectorSize
		s.Message = "This layer has the sector."
		if im.header == nil {
			s.Message = "A " + im.kind.String() + " disk has every sector."
		}
	default:
		s.Verdict = Absent
		ends := "its parent is asked."
		if r.verdict == zeros {
			s.Verdict, ends = Zeros, "it reads as zeros."
		}
		block := "Its block " + dec(s.Block)
		switch {
		case s.BitmapByte >= 0:
			s.Message = block + " is here, but the sector's bit is clear: " + ends
		case s.TableEntry >= 0:
			s.Message = block + " is not allocated: " + ends
		default:
			s.Message = block + " lies past the end of the table: " + ends
		}
	}
	return s
}

// explainBlock fills in where the block's entry and the sector's bit stand.
func (im *Image) explainBlock(s *Step, off int64) {
	s.Block = off / im.blockSize
	if s.Block >= im.table.entries() {
		return
	}
	s.TableEntry = im.table.at + s.Block*tableEntrySize
	if im.table.entry(s.Block) == unallocated || im.blockProblem(s.Block) != nil {
		return
	}
	sector := off % im.blockSize / SectorSize
	s.BitmapByte = im.blockExtent(s.Block).from + sector>>3
	s.Bit = int(sector & 7)
}
