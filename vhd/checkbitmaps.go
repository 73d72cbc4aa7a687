package vhd

import "context"

// bitmapBatch is how many bytes of bitmaps a check reads at a time.
const bitmapBatch = 128 << 10

// checkBitmaps reads the bitmaps, and with CheckOptions.Data the data, of all
// blocks that can be located, in the order of the file.
func (c *fileCheck) checkBitmaps(ctx context.Context) error {
	im := c.im
	perBlock := c.cost / max(im.table.allocated, 1)
	most := int(max(1, bitmapBatch/im.bitmapSize))
	batch := newBitmapBatch(im, min(most, len(c.blocks)))
	for done := 0; done < len(c.blocks) && !c.gaveUp(); done += most {
		if err := ctx.Err(); err != nil {
			return err
		}
		blocks := c.blocks[done:min(done+most, len(c.blocks))]
		batch.read(blocks)
		for i, placed := range blocks {
			b := blockOf(placed)
			bm, err := batch.bitmap(i)
			if err != nil {
				at := im.blockExtent(b).from
				c.cannotRead(extent{at, at + im.bitmapSize}, "bitmap", b, err)
			} else {
				c.checkBitmap(b, bm)
			}
			if c.Data {
				if err := c.checkData(ctx, b, bm); err != nil {
					return err
				}
				c.advance(c.from + int64(done+i+1)*perBlock)
			}
		}
		c.advance(c.from + int64(done+len(blocks))*perBlock)
	}
	return nil
}

// checkBitmap looks at the bitmap of one block.
func (c *fileCheck) checkBitmap(b int64, bm bitmap) {
	im := c.im
	onDisk, perBlock := im.sectors(b), im.blockSize/SectorSize
	at := im.blockExtent(b).from
	if n := perBlock; n < int64(len(bm))*8 && bm.hasAny(n, int64(len(bm))*8) {
		c.each(RuleBitmapPadding, Note, func() Finding {
			return Finding{Offset: at + n/8, Length: int64(len(bm)) - n/8,
				Message: "The bitmap of block " + dec(b) + " has bits set past the block's " + dec(n) + " sectors."}
		})
	}
	// Writers that know no sectors set all bits of the last block too.
	if onDisk < perBlock && bm.hasAny(onDisk, perBlock) && !bm.full(perBlock) {
		c.each(RuleBitmapPastEnd, Note, func() Finding {
			return Finding{Offset: at + onDisk/8, Length: ceilDiv(perBlock, 8) - onDisk/8,
				Message: "The bitmap of block " + dec(b) + " says that sectors past the disk's end are held; the disk may have been larger."}
		})
	}
	if m := im.batmap; m.full(b) && onDisk > 0 && !bm.full(onDisk) {
		c.each(RuleBatmapMismatch, Warning, func() Finding {
			return Finding{Offset: m.at + b>>3, Length: 1,
				Message: "The batmap calls block " + dec(b) + " full, but the block's bitmap leaves out " + quantity(onDisk-bm.count(onDisk), "sector") +
					": XenServer would show them. The batmap is not used here."}
		})
	}
	c.checkTruncated(b, bm)
}

// checkTruncated tells what is lost of a block that the end of the file's
// data cuts off. Only sectors whose bits are set are.
func (c *fileCheck) checkTruncated(b int64, bm bitmap) {
	im := c.im
	e := im.blockExtent(b)
	if e.to <= im.dataEnd {
		return
	}
	stored := (im.dataEnd - e.from - im.bitmapSize) / SectorSize
	gone := int64(0)
	if n := im.sectors(b); stored < n {
		gone = bm.count(n) - bm.count(stored)
	}
	if gone == 0 {
		c.eachBlock(RuleBlockTruncated, Warning, b, func() string {
			return "is cut off by the end of the file's data, but only where it holds no sectors"
		})
		return
	}
	c.eachBlock(RuleBlockTruncated, Error, b, func() string {
		return "is cut off by the end of the file's data; " + quantity(gone, "sector") + " of it cannot be read"
	})
}

// checkData reads the data of block b, but for what was read with the blocks
// before it. In a dynamic disk it must be zeros where the bitmap, nil if it
// could not be read, has clear bits.
func (c *fileCheck) checkData(ctx context.Context, b int64, bm bitmap) error {
	im := c.im
	e := im.blockExtent(b)
	data := extent{e.from + im.bitmapSize, min(e.to, im.dataEnd)}
	unread := extent{max(data.from, c.readTo), data.to}
	c.readTo = max(c.readTo, data.to)
	first, count := int64(0), int64(0)
	err := c.read(ctx, unread, "data", b, func(p []byte, off int64) {
		if im.kind != Dynamic || bm == nil {
			return
		}
		end := (off - data.from + int64(len(p))) / SectorSize
		for s := (off - data.from) / SectorSize; s < end; {
			n := bm.run(s, end)
			if !bm.has(s) {
				for i := s; i < s+n; i++ {
					if at := data.from + i*SectorSize; !isZero(p[at-off:][:SectorSize]) {
						if count++; count == 1 {
							first = at
						}
					}
				}
			}
			s += n
		}
	})
	if count > 0 {
		c.each(RuleBitmapData, Warning, func() Finding {
			return Finding{Offset: first, Length: SectorSize,
				Got: quantity(count, "sector"), Want: "zeros",
				Message: "Block " + dec(b) + " has data in the file where its bitmap has clear bits: here, and by the specification, they read as zeros, but tools that do not look at bitmaps show the data."}
		})
	}
	return err
}

// hasAny reports whether a bit is set from sector s up to end.
func (bm bitmap) hasAny(s, end int64) bool {
	return s < end && (bm.has(s) || s+bm.run(s, end) < end)
}

// count counts the set bits among the first n.
func (bm bitmap) count(n int64) int64 {
	total := int64(0)
	for s := int64(0); s < n; {
		r := bm.run(s, n)
		if bm.has(s) {
			total += r
		}
		s += r
	}
	return total
}
