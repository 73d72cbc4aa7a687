package vhd

import (
	"context"
	"io"
	"time"
)

// CheckOptions tells how far a check goes.
type CheckOptions struct {
	Now  time.Time // what lies behind it is the future; zero: the present
	Data bool      // read the data too, and not only what describes it

	// Progress is told, in order, how many bytes of the files' blocks were
	// gone through, and of how many. It may be nil.
	Progress func(done, total int64)
}

// CheckFile looks for everything that is wrong with one VHD file of size
// bytes, worst first: what [Open] finds, and what only a look at all blocks
// and bitmaps can tell. It also works for a file that Open refuses: the
// refusal is the first finding, and the others say what can still be said.
//
// A finding is an Error where some of the data cannot be read or trusted, a
// Warning where the specification is broken but all data can be located, and
// a Note where something is unusual and harmless. Of many findings of one
// rule the first are listed and the rest counted.
//
// The cost is linear in the file's structures and allocated blocks, with one
// short read a block; with o.Data the data of all blocks are read, each byte
// once. The error is the context's: whatever is wrong with the file, reading it
// included, is a finding.
func CheckFile(ctx context.Context, r io.ReaderAt, size int64, o CheckOptions) ([]Finding, error) {
	im := &Image{r: r, size: size}
	err := im.open()
	if err != nil && im.header != nil && im.kind == Differencing {
		// Open did not come as far as the parent's names.
		im.structures = []extent{{im.headerAt, im.headerAt + headerSize}}
		im.openParent()
	}
	c := newFileCheck(newCheck(o), im, err)
	if err := c.run(ctx); err != nil {
		return nil, err
	}
	return c.sorted(), nil
}

// check is what the checks of a chain's files have in common.
type check struct {
	CheckOptions
	done, total int64 // of the progress
}

func newCheck(o CheckOptions) *check {
	if o.Now.IsZero() {
		o.Now = now()
	}
	return &check{CheckOptions: o}
}

// advance moves the progress on to a number of bytes.
func (k *check) advance(done int64) {
	if done <= k.done {
		return
	}
	k.done = min(done, k.total)
	if k.Progress != nil {
		k.Progress(k.done, k.total)
	}
}

// fileCheck is the check of one file.
type fileCheck struct {
	*check
	report
	im      *Image
	refused error // of Open; nil where the image can be used

	places []place  // of the structures, in the order of the file
	blocks []uint64 // that can be located, in the order of the file: see locateBlocks

	from, cost int64 // where this file's part of the progress begins, and its length
	readTo     int64 // where the data end that were read; blocks may share bytes
	bad        unreadable
	buf        []byte // of read
}

func newFileCheck(k *check, im *Image, refused error) *fileCheck {
	c := &fileCheck{check: k, im: im, refused: refused, from: k.total}
	switch {
	case refused != nil:
	case im.header != nil:
		perBlock := im.bitmapSize
		if k.Data {
			perBlock += im.blockSize
		}
		c.cost = im.table.allocated * perBlock
	case k.Data:
		c.cost = min(im.disk, im.dataEnd)
	}
	k.total += c.cost
	return c
}

// run checks the file. The order is that of the file's structures, each step
// using what those before it found.
func (c *fileCheck) run(ctx context.Context) error {
	c.opened()
	if c.im.footerRaw != nil {
		c.checkFooters()
		c.checkTimes()
	}
	if c.im.header != nil {
		c.checkParentFields()
	}
	if c.refused != nil {
		return ctx.Err()
	}
	var err error
	if c.im.header == nil {
		err = c.checkPlainDisk(ctx)
	} else {
		err = c.checkSparseDisk(ctx)
	}
	if err != nil {
		return err
	}
	c.advance(c.from + c.cost)
	return nil
}

// checkSparseDisk looks at the structures and blocks of a dynamic or
// differencing disk.
func (c *fileCheck) checkSparseDisk(ctx context.Context) error {
	c.placeStructures()
	if err := c.locateBlocks(ctx); err != nil {
		return err
	}
	if err := c.checkSurplus(ctx); err != nil {
		return err
	}
	c.checkPlaces()
	c.checkOverlaps()
	c.checkLostSpace()
	return c.checkBitmaps(ctx)
}

// checkPlainDisk looks at the data of a fixed or raw disk.
func (c *fileCheck) checkPlainDisk(ctx context.Context) error {
	im := c.im
	if spare := im.dataEnd - im.disk; im.kind == Fixed && spare > 0 {
		c.add(Finding{Rule: RuleLostSpace, Severity: Note, Offset: im.disk, Length: spare,
			Got: dec(im.dataEnd) + " bytes before the footer", Want: dec(im.disk),
			Message: "The file is " + dec(spare) + " bytes longer than the disk; what lies between the disk's end and the footer is not part of it."})
	}
	if !c.Data {
		return nil
	}
	data := extent{0, min(im.disk, im.dataEnd)}
	return c.read(ctx, data, "data", -1, func(p []byte, off int64) { c.advance(c.from + off + int64(len(p))) })
}
