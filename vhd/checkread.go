package vhd

import "context"

const (
	// checkWindow is how much of a file a check reads at a time.
	checkWindow = 1 << 20

	// badUnit is how exactly the check tells which bytes cannot be read.
	badUnit = 4 << 10

	// maxFailures is how many places may be unreadable before the check reads
	// no more: of a file that is gone, all are.
	maxFailures = 1024
)

// unreadable remembers what a file would not give.
type unreadable struct {
	places int
	last   int // index in the report of the last finding about it
	what   string
	block  int64
}

// gaveUp reports whether so much was unreadable that reading on is in vain.
func (c *fileCheck) gaveUp() bool { return c.bad.places >= maxFailures }

// cannotRead notes that a range of the file cannot be read: the data or
// bitmap of block b, or of the file where b is -1. A range that continues the
// last becomes one with it.
func (c *fileCheck) cannotRead(e extent, what string, b int64, err error) {
	c.bad.places++
	if last := c.lastBad(what, b); last != nil && last.Offset+last.Length == e.from {
		last.Length += e.to - e.from
	} else {
		c.each(RuleRead, Error, func() Finding {
			c.bad.what, c.bad.block, c.bad.last = what, b, len(c.list)
			name := what
			if b >= 0 {
				name += " of block " + dec(b)
			}
			return Finding{Offset: e.from, Length: e.to - e.from, Message: "The " + name + " cannot be read: " + err.Error()}
		})
	}
	if c.bad.places == maxFailures {
		c.list = append(c.list, Finding{Rule: RuleRead, Severity: Error, Offset: -1,
			Message: "So much of the file cannot be read that the rest of its blocks was not tried."})
	}
}

// lastBad is the last finding of cannotRead, if it is about the same.
func (c *fileCheck) lastBad(what string, b int64) *Finding {
	if c.bad.what != what || c.bad.block != b {
		return nil
	}
	return &c.list[c.bad.last]
}

// read reads a range of the file in pieces and gives use all that can be
// read; what names it, and b its block, as in cannotRead.
func (c *fileCheck) read(ctx context.Context, e extent, what string, b int64, use func(p []byte, off int64)) error {
	for off := e.from; off < e.to && !c.gaveUp(); off += checkWindow {
		if err := ctx.Err(); err != nil {
			return err
		}
		whole := extent{off, min(off+checkWindow, e.to)}
		if c.readPiece(whole, use) == nil {
			continue
		}
		for at := off; at < whole.to && !c.gaveUp(); at += badUnit {
			part := extent{at, min(at+badUnit, whole.to)}
			if err := c.readPiece(part, use); err != nil {
				c.cannotRead(part, what, b, err)
			}
		}
	}
	return nil
}

func (c *fileCheck) readPiece(e extent, use func(p []byte, off int64)) error {
	n := int(e.to - e.from)
	if len(c.buf) < n {
		c.buf = make([]byte, n)
	}
	if _, err := readFull(c.im.r, c.buf[:n], e.from); err != nil {
		return err
	}
	use(c.buf[:n], e.from)
	return nil
}
