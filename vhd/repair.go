package vhd

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
)

// RepairOptions tells how far a repair goes.
type RepairOptions struct {
	// Data asks to read the data too, so that Lost lists what the file does
	// not give. Without it that is noticed only when Plan is copied.
	Data bool

	// Progress is told, in order, how much is done, and of how much. It may
	// be nil.
	Progress func(done, total int64)
}

// Repaired is a new file in the place of a damaged one.
type Repaired struct {
	Plan    *Plan     // the file, over the damaged one
	Changes []Change  // what was changed and why, in the order of the file; none for a healthy one
	Lost    []Loss    // ranges of the disk whose bytes are lost or in doubt, in order
	Left    []Finding // what a check still finds in Plan, worst first
}

// Change is something that a new file has otherwise than the old one.
type Change struct {
	Rule           Rule   // that the old file broke
	Offset, Length int64  // bytes in the new file
	Message        string // what was changed and why: a sentence for a person
}

// Repair describes a new file with what can be put right of a VHD of size
// bytes: footers and checksums, table entries that lead nowhere, blocks that
// share bytes, a batmap, locators. The source stays as it is, and what could
// be read of its disk reads the same, unless a change says that its type was
// wrong or that blocks shared more bytes than the file has.
//
// Nothing is invented. What is lost reads as zeros, or in a differencing
// image as the parent's bytes, for the format has no word for lost; Lost
// lists it, and also what reads but is in doubt: its ranges are of the disk,
// not of the file.
//
// The error is the context's, or a [*FormatError] where too little is left to
// locate any data.
func Repair(ctx context.Context, r io.ReaderAt, size int64, o RepairOptions) (*Repaired, error) {
	if size < 0 || size > maxOffset {
		return nil, broken(RuleSize, -1, "a file of %d bytes is beyond what can be addressed", size)
	}
	p := &repairer{ctx: ctx, o: o, im: &Image{r: r, size: size}}
	if err := p.repair(); err != nil {
		return nil, err
	}
	res := &Repaired{Plan: p.plan()}
	slices.SortStableFunc(p.changes, func(a, b Change) int { return cmp.Compare(a.Offset, b.Offset) })
	res.Changes, res.Lost = p.changes, p.losses()
	var err error
	if res.Left, err = p.check(res.Plan); err != nil {
		return nil, err
	}
	return res, nil
}

// repairer is an image on its way to a new file. The image's structures are
// changed in memory; what of them differs from the file becomes patches.
type repairer struct {
	ctx context.Context
	o   RepairOptions
	im  *Image

	changes       []Change
	footerChanges []Change // whose offsets count from the footer
	tableChanges  []Change // whose offsets count from the table
	lost          []Loss

	footerWas, headerWas []byte // as in the file; nil where it has none

	headerMoves  bool
	tableMoves   bool
	tableChanged bool
	needed       int64 // entries that a table for the disk has

	blockChanges []blockChange
	bitmaps      map[int64]bitmap // of blocks, where they are not as in the file
	movedFrom    map[int64]int64  // where blocks lay that get a place of their own

	done, total int64  // bytes of the blocks that were gone through
	failures    int    // of reads of the data
	buf         []byte // for reading it

	batmapHeader, batmapBits []byte // of a batmap that changes

	patches []Patch
	base    int64 // bytes of the old file that the new one begins with
	added   Plan  // what follows them
}

// repair changes the image, part by part, each on the ground of those before.
func (p *repairer) repair() error {
	if err := p.repairFooter(); err != nil {
		return err
	}
	if p.im.kind == Fixed {
		return p.repairFixed()
	}
	for _, part := range []func() error{p.repairHeader, p.repairSize, p.repairTable, p.repairLocators, p.repairBlocks, p.repairBatmap} {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if err := part(); err != nil {
			return err
		}
	}
	p.placeTable()
	p.placeHeader()
	return nil
}

func (p *repairer) change(rule Rule, offset, length int64, message string) {
	p.changes = append(p.changes, Change{rule, offset, length, message})
}

func (p *repairer) changeFooter(rule Rule, field, length int64, message string) {
	p.footerChanges = append(p.footerChanges, Change{rule, field, length, message})
}

// lose notes that a range of the disk is lost or in doubt.
func (p *repairer) lose(from, to int64, err error) {
	to = min(to, p.im.disk)
	if from >= to {
		return
	}
	if n := len(p.lost); n > 0 {
		if l := &p.lost[n-1]; l.Err == err && l.Offset+l.Length == from {
			l.Length += to - from
			return
		}
	}
	p.lost = append(p.lost, Loss{from, to - from, err})
}

// losses are those noted, in the order of the disk, each byte once.
func (p *repairer) losses() []Loss {
	list := p.lost
	slices.SortStableFunc(list, func(a, b Loss) int { return cmp.Compare(a.Offset, b.Offset) })
	p.lost = nil
	upTo := int64(0)
	for _, l := range list {
		end := l.Offset + l.Length
		p.lose(max(l.Offset, upTo), end, l.Err)
		upTo = max(upTo, end)
	}
	return p.lost
}

// end is where the new file ends so far.
func (p *repairer) end() int64 { return p.base + p.added.size }

// fillTo adds zeros up to an offset of the new file.
func (p *repairer) fillTo(at int64) { p.added.addZeros(at - p.end()) }

// plan puts the new file together: the old one with patches, what was added
// to it, and the footer.
func (p *repairer) plan() *Plan {
	im := p.im
	at := p.end()
	p.placeFooterCopy()
	file := im.dataEnd // what follows in the old file is no part of the new one
	if bytes.Equal(im.footerRaw, p.footerWas) && at == im.footerAt && at+footerSize <= im.size && p.added.size == 0 {
		p.base += footerSize // but for a footer that stays
		file = p.base
	} else {
		p.added.addData(im.footerRaw)
	}
	for _, c := range p.footerChanges {
		p.change(c.Rule, at+c.Offset, c.Length, c.Message)
	}
	plan := patched(im.r, file, p.base, p.patches)
	plan.layers[0] = OpenRaw(im.r, im.size)
	for _, s := range p.added.stretches {
		plan.add(s)
	}
	return plan
}

// placeFooterCopy puts the footer at the start of an image that has blocks.
func (p *repairer) placeFooterCopy() {
	im := p.im
	if im.kind == Fixed {
		return
	}
	was := make([]byte, footerSize)
	if _, err := readFull(im.r, was, 0); err == nil && bytes.Equal(was, im.footerRaw) {
		return
	}
	if im.footerAt != 0 && !bytes.Equal(was, p.footerWas) {
		p.change(RuleFooterCopy, 0, footerSize, "The copy of the footer at the start of the file was not equal to the footer at the end; it is written anew from that.")
	}
	p.patches = append(p.patches, Patch{0, im.footerRaw})
}

// check tells what is left to find in the new file. Its progress is the second
// half of the repair's. The data of a fixed disk were read, and what stands for
// those that are missing may be more than can be.
func (p *repairer) check(plan *Plan) ([]Finding, error) {
	o := CheckOptions{Data: p.o.Data && p.im.kind != Fixed}
	if tell := p.o.Progress; tell != nil {
		o.Progress = func(done, total int64) { tell(total+done, 2*total) }
	}
	return CheckFile(p.ctx, plan, plan.Size(), o)
}
