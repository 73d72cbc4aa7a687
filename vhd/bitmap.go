package vhd

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// bitmap has a bit for each sector of a block, the first sector in the
// highest bit of the first byte. In a differencing image a clear bit means
// "ask the parent", in a dynamic one "zeros".
type bitmap []byte

func (bm bitmap) has(sector int64) bool { return bm[sector>>3]&(0x80>>(sector&7)) != 0 }

// run counts the sectors from s, up to end, whose bits equal that of s.
func (bm bitmap) run(s, end int64) int64 {
	var flip byte
	if bm.has(s) {
		flip = 0xFF
	}
	n := s
	for n < end {
		// Bits that differ are ones; the byte's bits before n are cut off.
		differ := (bm[n>>3] ^ flip) << (n & 7)
		if differ != 0 {
			n += int64(bits.LeadingZeros8(differ))
			break
		}
		n = (n | 7) + 1
	}
	return min(n, end) - s
}

// full reports whether the first n sectors are all set.
func (bm bitmap) full(n int64) bool { return bm.has(0) && bm.run(0, n) == n }

// sectors counts the sectors of block b that lie on the disk.
func (im *Image) sectors(b int64) int64 {
	return ceilDiv(min(im.blockSize, im.disk-b*im.blockSize), SectorSize)
}

// bitmapBudget bounds the bytes of bitmaps that an image keeps: those of
// 1 GiB of disk in 2 MiB blocks.
const bitmapBudget = 256 << 10

// bitmapCache keeps the bitmaps used last, in two generations: when the young
// fill half of the budget they become the old, and the old that nobody used
// meanwhile are dropped.
type bitmapCache struct {
	mu         sync.Mutex
	young, old map[int64]bitmap
	bytes      int // of the young

	// changes counts what a [Writer] did to bitmaps. What was read before the
	// last change may be outdated, and is not kept.
	changes atomic.Uint64
}

func (c *bitmapCache) get(b int64) bitmap {
	c.mu.Lock()
	defer c.mu.Unlock()
	bm := c.young[b]
	if bm == nil {
		if bm = c.old[b]; bm != nil {
			c.add(b, bm)
		}
	}
	return bm
}

// put keeps a bitmap that was read when there had been so many changes.
func (c *bitmapCache) put(b int64, bm bitmap, changes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.young[b] == nil && c.changes.Load() == changes {
		c.add(b, bm)
	}
}

// change forgets what was known of block b and keeps its new bitmap; nil where
// only the file can tell.
func (c *bitmapCache) change(b int64, bm bitmap) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes.Add(1)
	c.bytes -= len(c.young[b])
	delete(c.young, b)
	delete(c.old, b)
	if bm != nil {
		c.add(b, bm)
	}
}

// add puts a bitmap among the young; c.mu is held.
func (c *bitmapCache) add(b int64, bm bitmap) {
	if c.bytes+len(bm) > bitmapBudget/2 {
		c.old, c.young, c.bytes = c.young, nil, 0
	}
	if c.young == nil {
		c.young = map[int64]bitmap{}
	}
	c.young[b] = bm
	c.bytes += len(bm)
}

// bitmap reads the bitmap of block b, which must be allocated and without
// problem. The result is shared: it must not be changed.
func (im *Image) bitmap(b int64) (bitmap, error) {
	if bm := im.bitmaps.get(b); bm != nil {
		return bm, nil
	}
	changes := im.bitmaps.changes.Load()
	at := im.blockExtent(b).from
	bm := make(bitmap, im.bitmapSize)
	if _, err := readFull(im.r, bm, at); err != nil {
		return nil, readFailed("bitmap of a block", at, err)
	}
	return im.keepBitmap(b, bm, changes), nil
}

// keepBitmap remembers a bitmap that was read when there had been so many
// changes to bitmaps.
func (im *Image) keepBitmap(b int64, bm bitmap, changes uint64) bitmap {
	im.compareBatmap(b, bm)
	im.bitmaps.put(b, bm, changes)
	return bm
}
